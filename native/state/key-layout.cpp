#include "state/key-layout.h"

#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include "columnar/cell.h"

namespace millrace {

namespace {

// No word hashes to it: the tag of word 0 has all bits turned over.
const uint64_t kNullHash = ~hash_word(0);

uint32_t field_bits(Physical physical) {
  switch (physical) {
    case Physical::kBool: return 1;
    case Physical::kI8: return 8;
    case Physical::kI16: return 16;
    case Physical::kI32:
    case Physical::kF32:
    case Physical::kString:
    case Physical::kBytes:
    case Physical::kRow:
    case Physical::kArray:
    case Physical::kMap: return 32;
    case Physical::kI64:
    case Physical::kF64: return 64;
    case Physical::kI128: return 128;
    default: return 0;
  }
}

// One NaN; -0.0 and 0.0 stay apart.
uint64_t key_bits(double value) {
  return std::bit_cast<uint64_t>(std::isnan(value) ? std::numeric_limits<double>::quiet_NaN()
                                                   : value);
}
uint64_t key_bits(float value) {
  return std::bit_cast<uint32_t>(std::isnan(value) ? std::numeric_limits<float>::quiet_NaN()
                                                   : value);
}
uint64_t key_bits(bool value) { return value ? 1 : 0; }
uint64_t key_bits(int8_t value) { return static_cast<uint8_t>(value); }
uint64_t key_bits(int16_t value) { return static_cast<uint16_t>(value); }
uint64_t key_bits(int32_t value) { return static_cast<uint32_t>(value); }
uint64_t key_bits(int64_t value) { return static_cast<uint64_t>(value); }

// Bit runs of the narrow fields and null bits, packed behind the wide words.
class BitPacker {
 public:
  explicit BitPacker(uint32_t first_word) : word_(first_word) {}
  // Place of `bits` bits that do not straddle a word.
  std::pair<uint32_t, uint32_t> take(uint32_t bits) {
    if (shift_ + bits > 64) {
      ++word_;
      shift_ = 0;
    }
    const std::pair<uint32_t, uint32_t> place{word_, shift_};
    shift_ += bits;
    return place;
  }
  [[nodiscard]] uint32_t words() const { return shift_ == 0 ? word_ : word_ + 1; }

 private:
  uint32_t word_;
  uint32_t shift_ = 0;
};

}  // namespace

Result<KeyLayout> KeyLayout::create(std::span<const DataType> types) {
  KeyLayout layout;
  uint32_t wide_words = 0;
  for (const DataType& type : types) {
    KeyField field;
    field.type = type;
    field.physical = type.physical();
    field.is_nested = is_nested(field.physical);
    field.is_text = is_text(field.physical) || field.is_nested;
    layout.uses_pool_ = layout.uses_pool_ || field.is_text;
    const uint32_t bits = field_bits(field.physical);
    if (bits == 0) return Status::error("MR2104", "native: key of this type");
    if (bits >= 64) {
      field.word = wide_words;
      wide_words += bits / 64;
    }
    layout.fields_.push_back(std::move(field));
  }
  layout.single_wide_ = types.size() == 1 && wide_words == 1;
  BitPacker packer(wide_words);
  for (KeyField& field : layout.fields_) {
    const uint32_t bits = field_bits(field.physical);
    if (bits < 64) std::tie(field.word, field.shift) = packer.take(bits);
  }
  if (!layout.single_wide_) {
    for (KeyField& field : layout.fields_) {
      std::tie(field.null_word, field.null_shift) = packer.take(1);
    }
  }
  layout.width_ = std::max(1u, packer.words());
  return layout;
}

void KeyLayout::encode(std::span<const Column* const> columns, const uint32_t* rows,
                       uint32_t count, StringPool& pool, EncodedKeys& out) const {
  out.width = width_;
  out.words.assign(size_t{count} * width_, 0);
  out.hashes.resize(count);
  for (size_t i = 0; i < fields_.size(); ++i) {
    encode_field(fields_[i], *columns[i], rows, count, pool, out.words.data());
  }
  hash_keys(single_wide_ ? columns[0] : nullptr, rows, count, out);
}

namespace {

template <typename T, typename F>
void encode_values(const Column& column, const uint32_t* rows, uint32_t count, F&& put) {
  const T* values = column.data<T>();
  const uint32_t keep = column.constant ? 0 : UINT32_MAX;
  if (column.validity == nullptr) {
    for (uint32_t i = 0; i < count; ++i) put(i, values[rows[i] & keep]);
    return;
  }
  const uint8_t* valid = column.validity->data();
  for (uint32_t i = 0; i < count; ++i) {
    if (bit_is_set(valid, rows[i] & keep)) put(i, values[rows[i] & keep]);
  }
}

}  // namespace

void KeyLayout::encode_field(const KeyField& field, const Column& column, const uint32_t* rows,
                             uint32_t count, StringPool& pool, uint64_t* words) const {
  const uint32_t width = width_;
  const uint32_t shift = field.shift;
  uint64_t* at = words + field.word;
  const auto put_bits = [&](uint32_t i, auto value) {
    at[size_t{i} * width] |= key_bits(value) << shift;
  };
  if (!single_wide_ && (column.validity != nullptr || column.physical == Physical::kNull)) {
    for (uint32_t i = 0; i < count; ++i) {
      const uint64_t null = column.is_null(rows[i]) ? 1 : 0;
      words[size_t{i} * width + field.null_word] |= null << field.null_shift;
    }
  }
  switch (column.physical) {
    case Physical::kBool: return encode_values<bool>(column, rows, count, put_bits);
    case Physical::kI8: return encode_values<int8_t>(column, rows, count, put_bits);
    case Physical::kI16: return encode_values<int16_t>(column, rows, count, put_bits);
    case Physical::kI32: return encode_values<int32_t>(column, rows, count, put_bits);
    case Physical::kI64: return encode_values<int64_t>(column, rows, count, put_bits);
    case Physical::kF32: return encode_values<float>(column, rows, count, put_bits);
    case Physical::kF64: return encode_values<double>(column, rows, count, put_bits);
    case Physical::kI128:
      return encode_values<int128>(column, rows, count, [&](uint32_t i, int128 value) {
        std::memcpy(at + size_t{i} * width, &value, 16);
      });
    case Physical::kString:
    case Physical::kBytes: {
      StringView last;
      uint32_t last_id = UINT32_MAX;
      return encode_values<StringView>(column, rows, count, [&](uint32_t i, const auto& text) {
        if (last_id == UINT32_MAX || std::memcmp(&text, &last, sizeof text) != 0) {
          last_id = pool.intern(text);
          last = text;
        }
        at[size_t{i} * width] |= uint64_t{last_id} << shift;
      });
    }
    case Physical::kRow:
    case Physical::kArray:
    case Physical::kMap: {
      std::string cell;
      for (uint32_t i = 0; i < count; ++i) {
        if (column.is_null(rows[i])) continue;
        cell.clear();
        append_cell(column, rows[i], cell);
        const uint32_t id = pool.intern(StringView(cell.data(), cell.size()));
        at[size_t{i} * width] |= uint64_t{id} << shift;
      }
      return;
    }
    default: return;
  }
}

void KeyLayout::decode_nested(const KeyField& field, const uint64_t* words,
                              std::span<const uint32_t> keys, const StringPool& pool,
                              Column& out) const {
  std::vector<StringView> cells(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    const uint64_t* key = words + size_t{keys[i]} * width_;
    if (field.null_bit(key)) continue;
    cells[i] = pool[static_cast<uint32_t>(key[field.word] >> field.shift)];
  }
  out = *decode_cells(out.type, cells, pool.arena());
}

void KeyLayout::hash_keys(const Column* single, const uint32_t* rows, uint32_t count,
                          EncodedKeys& out) const {
  const uint64_t* words = out.words.data();
  uint64_t* hashes = out.hashes.data();
  if (width_ == 1) {
    for (uint32_t i = 0; i < count; ++i) hashes[i] = hash_word(words[i]);
  } else if (width_ == 2) {
    for (uint32_t i = 0; i < count; ++i) hashes[i] = hash_words(words + 2 * size_t{i}, 2);
  } else {
    for (uint32_t i = 0; i < count; ++i) {
      hashes[i] = hash_words(words + size_t{width_} * i, width_);
    }
  }
  if (single == nullptr) return;
  if (single->physical == Physical::kNull || single->validity != nullptr) {
    for (uint32_t i = 0; i < count; ++i) {
      if (single->is_null(rows[i])) hashes[i] = kNullHash;
    }
  }
}

void KeyLayout::decode(uint32_t column, const uint64_t* words, const uint64_t* hashes,
                       std::span<const uint32_t> keys, const StringPool& pool,
                       Column& out) const {
  const KeyField& field = fields_[column];
  if (field.is_nested) return decode_nested(field, words, keys, pool, out);
  const uint32_t width = width_;
  const uint32_t bytes = physical_width(field.physical);
  uint8_t* values = out.values->data();
  if (field.is_text) out.owners.push_back(pool.arena());
  for (size_t i = 0; i < keys.size(); ++i) {
    const uint64_t* key = words + size_t{keys[i]} * width;
    const bool null = single_wide_ ? (key[0] == 0 && hashes[keys[i]] == kNullHash)
                                   : field.null_bit(key);
    if (null) {
      std::memset(values + i * bytes, 0, bytes);
      out.set_null(static_cast<uint32_t>(i));
      continue;
    }
    if (field.is_text) {
      const uint32_t id = static_cast<uint32_t>(key[field.word] >> field.shift);
      reinterpret_cast<StringView*>(values)[i] = pool[id];
      continue;
    }
    const uint64_t word = key[field.word] >> field.shift;
    if (field.physical == Physical::kI128) {
      std::memcpy(values + i * 16, key + field.word, 16);
    } else if (field.physical == Physical::kBool) {
      values[i] = word & 1;
    } else {
      std::memcpy(values + i * bytes, &word, bytes);
    }
  }
}

}  // namespace millrace
