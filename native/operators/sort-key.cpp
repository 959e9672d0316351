#include "operators/sort-key.h"

#include <bit>
#include <cmath>
#include <cstring>

namespace millrace {

namespace {

constexpr uint64_t kSignBit = uint64_t{1} << 63;

// Words of a value, the marker aside; 0 = no order.
uint32_t value_words(Physical physical) {
  switch (physical) {
    case Physical::kI128: return 2;
    case Physical::kRow:
    case Physical::kArray:
    case Physical::kMap: return 0;
    default: return 1;
  }
}

uint64_t ordered(int64_t value) { return static_cast<uint64_t>(value) ^ kSignBit; }

uint64_t ordered(double value) {
  if (std::isnan(value)) return ~uint64_t{0};
  const uint64_t bits = std::bit_cast<uint64_t>(value == 0 ? 0.0 : value);
  return (bits & kSignBit) != 0 ? ~bits : bits | kSignBit;
}

uint64_t text_prefix(const StringView& text) {
  uint64_t prefix = 0;
  std::memcpy(&prefix, text.data(), text.length < 8 ? text.length : 8);
  return __builtin_bswap64(prefix);
}

void encode_value(Physical physical, const Column& column, uint32_t at, uint64_t* words) {
  switch (physical) {
    case Physical::kBool: words[0] = column.data<uint8_t>()[at]; break;
    case Physical::kI8: words[0] = ordered(int64_t{column.data<int8_t>()[at]}); break;
    case Physical::kI16: words[0] = ordered(int64_t{column.data<int16_t>()[at]}); break;
    case Physical::kI32: words[0] = ordered(int64_t{column.data<int32_t>()[at]}); break;
    case Physical::kI64: words[0] = ordered(column.data<int64_t>()[at]); break;
    case Physical::kF32: words[0] = ordered(double{column.data<float>()[at]}); break;
    case Physical::kF64: words[0] = ordered(column.data<double>()[at]); break;
    case Physical::kI128: {
      const int128 value = column.data<int128>()[at];
      words[0] = ordered(static_cast<int64_t>(value >> 64));
      words[1] = static_cast<uint64_t>(value);
      break;
    }
    case Physical::kString:
    case Physical::kBytes: words[0] = text_prefix(column.data<StringView>()[at]); break;
    default: words[0] = 0;
  }
}

}  // namespace

Result<SortKeys> SortKeys::create(std::span<const plan::Value> order, const Schema& schema) {
  std::vector<SortOrder> decoded;
  for (const plan::Value& item : order) {
    SortOrder own;
    MR_TRY_ASSIGN(const int64_t column, item.int_at("column"));
    MR_TRY_ASSIGN(own.descending, item.bool_at("descending"));
    MR_TRY_ASSIGN(own.nulls_first, item.bool_at("nullsFirst"));
    if (column < 0 || static_cast<size_t>(column) >= schema.size()) {
      return Status::error("MR9001", "ORDER BY column is not in the schema");
    }
    own.column = static_cast<uint32_t>(column);
    decoded.push_back(own);
  }
  return create(std::span<const SortOrder>(decoded), schema);
}

Result<SortKeys> SortKeys::create(std::span<const SortOrder> order, const Schema& schema) {
  SortKeys keys;
  for (const SortOrder& item : order) {
    SortColumn own;
    own.column = item.column;
    own.descending = item.descending;
    own.nulls_first = item.nulls_first;
    own.physical = schema[own.column].type.physical();
    own.is_text = own.physical == Physical::kString || own.physical == Physical::kBytes;
    if (value_words(own.physical) == 0) {
      return Status::error("MR2104", "native: ORDER BY column " + schema[own.column].name);
    }
    own.word = keys.width_;
    own.words = 1 + value_words(own.physical);
    keys.width_ += own.words;
    keys.has_text_ = keys.has_text_ || own.is_text;
    keys.columns_.push_back(own);
  }
  return keys;
}

void SortKeys::encode(const std::vector<ColumnPtr>& columns, const uint32_t* rows,
                      uint32_t count) {
  batch_ = &columns;
  rows_ = rows;
  encoded_.resize(size_t{count} * width_);
  for (const SortColumn& own : columns_) encode_column(own, *columns[own.column], rows, count);
}

void SortKeys::encode_column(const SortColumn& own, const Column& column, const uint32_t* rows,
                             uint32_t count) {
  uint64_t* words = encoded_.data() + own.word;
  const uint64_t flip = own.descending ? ~uint64_t{0} : 0;
  for (uint32_t i = 0; i < count; ++i, words += width_) {
    if (column.is_null(rows[i])) {
      words[0] = own.nulls_first ? 0 : 2;
      for (uint32_t k = 1; k < own.words; ++k) words[k] = 0;
      continue;
    }
    words[0] = 1;
    encode_value(own.physical, column, column.at(rows[i]), words + 1);
    for (uint32_t k = 1; k < own.words; ++k) words[k] ^= flip;
  }
}

void SortKeys::keep(uint32_t encoded, uint32_t id) {
  const size_t end = (size_t{id} + 1) * width_;
  if (kept_.size() < end) kept_.resize(end);
  std::memcpy(kept_.data() + size_t{id} * width_, encoded_.data() + size_t{encoded} * width_,
              size_t{width_} * 8);
}

int SortKeys::compare_text(uint32_t encoded, const uint64_t* a, uint32_t id, const uint64_t* b,
                           const RowStore& store) const {
  for (const SortColumn& own : columns_) {
    for (uint32_t k = own.word; k < own.word + own.words; ++k) {
      if (a[k] != b[k]) return a[k] < b[k] ? -1 : 1;
    }
    if (!own.is_text || a[own.word] != 1) continue;
    const Column& column = *(*batch_)[own.column];
    const StringView& text = column.data<StringView>()[column.at(rows_[encoded])];
    const int order = text.compare(store.text(own.column, id));
    if (order != 0) return own.descending ? -order : order;
  }
  return 0;
}

}  // namespace millrace
