#include "state/key-group.h"

#include <bit>
#include <cmath>

namespace millrace {
namespace {

// Murmur3-32 of one row, fed word by word.
struct Murmur {
  uint32_t hash = 0;
  uint32_t words = 0;

  void add(uint32_t word) {
    uint32_t k = word * 0xcc9e2d51u;
    k = std::rotl(k, 15) * 0x1b873593u;
    hash = std::rotl(hash ^ k, 13) * 5 + 0xe6546b64u;
    ++words;
  }
  void add64(uint64_t value) {
    add(static_cast<uint32_t>(value));
    add(static_cast<uint32_t>(value >> 32));
  }
  void add_bytes(const char* bytes, uint32_t length) {
    add(length);
    while (length >= 4) {
      uint32_t word;
      std::memcpy(&word, bytes, 4);
      add(word);
      bytes += 4;
      length -= 4;
    }
    if (length > 0) {
      uint32_t word = 0;
      std::memcpy(&word, bytes, length);
      add(word);
    }
  }
  [[nodiscard]] uint32_t finish() const {
    uint32_t h = hash ^ (words * 4);
    h = (h ^ (h >> 16)) * 0x85ebca6bu;
    h = (h ^ (h >> 13)) * 0xc2b2ae35u;
    return h ^ (h >> 16);
  }
};

uint32_t float_bits(float value) {
  return std::isnan(value) ? 0x7fc00000u : std::bit_cast<uint32_t>(value);
}
uint64_t double_bits(double value) {
  return std::isnan(value) ? 0x7ff8000000000000ull : std::bit_cast<uint64_t>(value);
}

void add_value(const Column& column, uint32_t row, Murmur& murmur);

void add_items(const Column& column, uint32_t index, Murmur& murmur) {
  const Range range = column.data<Range>()[index];
  murmur.add(range.length);
  for (uint32_t i = 0; i < range.length; ++i) {
    for (const ColumnPtr& child : column.children) add_value(*child, range.start + i, murmur);
  }
}

void add_value(const Column& column, uint32_t row, Murmur& murmur) {
  if (column.is_null(row)) return murmur.add(0);
  murmur.add(1);
  const uint32_t index = column.at(row);
  switch (column.physical) {
    case Physical::kBool: return murmur.add(column.data<uint8_t>()[index]);
    case Physical::kI8: return murmur.add(static_cast<uint32_t>(column.data<int8_t>()[index]));
    case Physical::kI16: return murmur.add(static_cast<uint32_t>(column.data<int16_t>()[index]));
    case Physical::kI32: return murmur.add(column.data<uint32_t>()[index]);
    case Physical::kI64: return murmur.add64(column.data<uint64_t>()[index]);
    case Physical::kF32: return murmur.add(float_bits(column.data<float>()[index]));
    case Physical::kF64: return murmur.add64(double_bits(column.data<double>()[index]));
    case Physical::kI128: {
      const auto value = column.data<uint128>()[index];
      murmur.add64(static_cast<uint64_t>(value));
      return murmur.add64(static_cast<uint64_t>(value >> 64));
    }
    case Physical::kString:
    case Physical::kBytes: {
      const StringView& text = column.data<StringView>()[index];
      return murmur.add_bytes(text.data(), text.length);
    }
    case Physical::kRow:
      for (const ColumnPtr& child : column.children) add_value(*child, index, murmur);
      return;
    case Physical::kArray:
    case Physical::kMap: return add_items(column, index, murmur);
    case Physical::kNull: return;
  }
}

}  // namespace

Status hash_keys(std::span<const Column* const> keys, const Selection& rows,
                 std::vector<uint32_t>& hashes) {
  hashes.resize(rows.count);
  for (uint32_t i = 0; i < rows.count; ++i) {
    Murmur murmur;
    for (const Column* key : keys) add_value(*key, rows[i], murmur);
    hashes[i] = murmur.finish();
  }
  return Status::ok();
}

Status key_groups(std::span<const Column* const> keys, const Selection& rows,
                  uint32_t max_parallelism, std::vector<uint32_t>& groups) {
  if (keys.empty()) {
    groups.assign(rows.count, 0);
    return Status::ok();
  }
  MR_TRY(hash_keys(keys, rows, groups));
  for (uint32_t& group : groups) group %= max_parallelism;
  return Status::ok();
}

}  // namespace millrace
