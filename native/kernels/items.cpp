#include "kernels/items.h"

#include <cmath>
#include <cstring>

#include "columnar/decimal.h"
#include "columnar/take.h"

namespace millrace {

namespace {

template <typename T>
int order_of(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

template <typename T>
int order_of_reals(T a, T b) {
  if (a < b) return -1;
  if (a > b) return 1;
  if (std::isnan(a) || std::isnan(b)) return int{std::isnan(a)} - int{std::isnan(b)};
  return int{std::signbit(b)} - int{std::signbit(a)};
}

template <typename T>
bool equal_values(const Column& a, uint32_t i, const Column& b, uint32_t j) {
  return a.data<T>()[a.at(i)] == b.data<T>()[b.at(j)];
}

template <typename T>
int compare_values(const Column& a, uint32_t i, const Column& b, uint32_t j) {
  return order_of(a.data<T>()[a.at(i)], b.data<T>()[b.at(j)]);
}

int compare_decimals(const Column& a, uint32_t i, const Column& b, uint32_t j) {
  return decimal::compare(a.data<int128>()[a.at(i)], a.type.scale, b.data<int128>()[b.at(j)],
                          b.type.scale);
}

bool is_nan(const Column& column, uint32_t row) {
  if (column.physical == Physical::kF64) return std::isnan(column.data<double>()[column.at(row)]);
  return column.physical == Physical::kF32 && std::isnan(column.data<float>()[column.at(row)]);
}

// Two values inside of a collection.
bool parts_equal(const Column& a, uint32_t i, const Column& b, uint32_t j) {
  const bool a_null = a.is_null(i);
  if (a_null || b.is_null(j)) return a_null == b.is_null(j);
  return items_equal(a, i, b, j) || (is_nan(a, i) && is_nan(b, j));
}

bool rows_equal(const Column& a, uint32_t i, const Column& b, uint32_t j) {
  for (size_t field = 0; field < a.children.size(); ++field) {
    if (!parts_equal(*a.children[field], a.at(i), *b.children[field], b.at(j))) return false;
  }
  return true;
}

bool arrays_equal(const Column& a, uint32_t i, const Column& b, uint32_t j) {
  const Range x = range_at(a, i), y = range_at(b, j);
  if (x.length != y.length) return false;
  for (uint32_t k = 0; k < x.length; ++k) {
    if (!parts_equal(*a.children[0], x.start + k, *b.children[0], y.start + k)) return false;
  }
  return true;
}

// Where the key of entry `at` of `a` stands in the range of `b`; kNoItem where it does not.
uint32_t find_key(const Column& a, uint32_t at, const Column& b, const Range& range) {
  for (uint32_t k = range.start; k < range.start + range.length; ++k) {
    if (parts_equal(*a.children[0], at, *b.children[0], k)) return k;
  }
  return kNoItem;
}

bool maps_equal(const Column& a, uint32_t i, const Column& b, uint32_t j) {
  const Range x = range_at(a, i), y = range_at(b, j);
  if (x.length != y.length) return false;
  for (uint32_t k = x.start; k < x.start + x.length; ++k) {
    const uint32_t other = find_key(a, k, b, y);
    if (other == kNoItem || !parts_equal(*a.children[1], k, *b.children[1], other)) return false;
  }
  return true;
}

int compare_parts(const Column& a, uint32_t i, const Column& b, uint32_t j) {
  const bool a_null = a.is_null(i), b_null = b.is_null(j);
  if (a_null || b_null) return int{b_null} - int{a_null};
  return compare_items(a, i, b, j);
}

int compare_rows(const Column& a, uint32_t i, const Column& b, uint32_t j) {
  for (size_t field = 0; field < a.children.size(); ++field) {
    const int order = compare_parts(*a.children[field], a.at(i), *b.children[field], b.at(j));
    if (order != 0) return order;
  }
  return 0;
}

int compare_arrays(const Column& a, uint32_t i, const Column& b, uint32_t j) {
  const Range x = range_at(a, i), y = range_at(b, j);
  for (uint32_t k = 0; k < x.length && k < y.length; ++k) {
    const int order = compare_parts(*a.children[0], x.start + k, *b.children[0], y.start + k);
    if (order != 0) return order;
  }
  return order_of(x.length, y.length);
}

uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15ull;
  return hash ^ (hash >> 29);
}

uint64_t hash_bytes(const char* bytes, size_t length) {
  uint64_t hash = mix(length, 0x51ed27);
  for (; length >= 8; bytes += 8, length -= 8) {
    uint64_t word;
    std::memcpy(&word, bytes, 8);
    hash = mix(hash, word);
  }
  uint64_t rest = 0;
  std::memcpy(&rest, bytes, length);
  return mix(hash, rest);
}

uint64_t hash_real(double value) {
  if (value == 0 || std::isnan(value)) return 1;
  uint64_t bits;
  std::memcpy(&bits, &value, 8);
  return mix(2, bits);
}

uint64_t hash_parts(const Column& column, uint32_t start, uint32_t length) {
  uint64_t hash = length;
  for (uint32_t i = start; i < start + length; ++i) {
    hash = mix(hash, column.is_null(i) ? 3 : hash_item(column, i));
  }
  return hash;
}

uint64_t hash_nested(const Column& column, uint32_t row) {
  if (column.physical == Physical::kRow) {
    uint64_t hash = 5;
    for (const ColumnPtr& child : column.children) {
      const uint32_t at = column.at(row);
      hash = mix(hash, child->is_null(at) ? 3 : hash_item(*child, at));
    }
    return hash;
  }
  const Range range = range_at(column, row);
  if (column.physical == Physical::kArray) {
    return hash_parts(*column.children[0], range.start, range.length);
  }
  uint64_t sum = range.length;  // in any order
  for (uint32_t i = range.start; i < range.start + range.length; ++i) {
    sum += column.children[0]->is_null(i) ? 3 : hash_item(*column.children[0], i);
  }
  return sum;
}

}  // namespace

bool items_equal(const Column& a, uint32_t i, const Column& b, uint32_t j) {
  switch (a.physical) {
    case Physical::kBool:
    case Physical::kI8: return equal_values<uint8_t>(a, i, b, j);
    case Physical::kI16: return equal_values<int16_t>(a, i, b, j);
    case Physical::kI32: return equal_values<int32_t>(a, i, b, j);
    case Physical::kI64: return equal_values<int64_t>(a, i, b, j);
    case Physical::kF32: return equal_values<float>(a, i, b, j);
    case Physical::kF64: return equal_values<double>(a, i, b, j);
    case Physical::kI128: return compare_decimals(a, i, b, j) == 0;
    case Physical::kString:
    case Physical::kBytes: return equal_values<StringView>(a, i, b, j);
    case Physical::kRow: return rows_equal(a, i, b, j);
    case Physical::kArray: return arrays_equal(a, i, b, j);
    case Physical::kMap: return maps_equal(a, i, b, j);
    case Physical::kNull: return true;
  }
  return false;
}

int compare_items(const Column& a, uint32_t i, const Column& b, uint32_t j) {
  switch (a.physical) {
    case Physical::kBool: return compare_values<uint8_t>(a, i, b, j);
    case Physical::kI8: return compare_values<int8_t>(a, i, b, j);
    case Physical::kI16: return compare_values<int16_t>(a, i, b, j);
    case Physical::kI32: return compare_values<int32_t>(a, i, b, j);
    case Physical::kI64: return compare_values<int64_t>(a, i, b, j);
    case Physical::kF32:
      return order_of_reals(a.data<float>()[a.at(i)], b.data<float>()[b.at(j)]);
    case Physical::kF64:
      return order_of_reals(a.data<double>()[a.at(i)], b.data<double>()[b.at(j)]);
    case Physical::kI128: return compare_decimals(a, i, b, j);
    case Physical::kString:
    case Physical::kBytes:
      return a.data<StringView>()[a.at(i)].compare(b.data<StringView>()[b.at(j)]);
    case Physical::kRow: return compare_rows(a, i, b, j);
    case Physical::kArray: return compare_arrays(a, i, b, j);
    case Physical::kMap:
    case Physical::kNull: return 0;
  }
  return 0;
}

uint64_t hash_item(const Column& column, uint32_t row) {
  const uint32_t at = column.at(row);
  switch (column.physical) {
    case Physical::kBool:
    case Physical::kI8: return mix(11, column.data<uint8_t>()[at]);
    case Physical::kI16: return mix(12, static_cast<uint64_t>(column.data<int16_t>()[at]));
    case Physical::kI32: return mix(13, static_cast<uint64_t>(column.data<int32_t>()[at]));
    case Physical::kI64: return mix(14, static_cast<uint64_t>(column.data<int64_t>()[at]));
    case Physical::kF32: return hash_real(column.data<float>()[at]);
    case Physical::kF64: return hash_real(column.data<double>()[at]);
    case Physical::kI128: return mix(15, static_cast<uint64_t>(column.data<int128>()[at]));
    case Physical::kString:
    case Physical::kBytes: {
      const StringView& text = column.data<StringView>()[at];
      return hash_bytes(text.data(), text.length);
    }
    case Physical::kNull: return 3;
    default: return hash_nested(column, row);
  }
}

uint32_t ItemPool::add(const Column& items) {
  sources_.push_back(&items);
  const uint32_t base = size_;
  size_ += items.length;
  return base;
}

ColumnPtr ItemPool::finish(const DataType& type) const {
  if (picks_.empty()) return make_column(type, 0);
  const Selection picked{picks_.data(), static_cast<uint32_t>(picks_.size())};
  ColumnPtr column;
  if (sources_.size() == 1 && !sources_[0]->constant) {
    column = take(*sources_[0], picked);
  } else {
    std::vector<ColumnPiece> pieces;
    pieces.reserve(sources_.size());
    for (const Column* source : sources_) pieces.push_back({source, {nullptr, source->length}});
    column = take(*gather(std::span<const ColumnPiece>(pieces)), picked);
  }
  column->type = type;
  return column;
}

void ItemSet::clear() {
  std::fill(slots_.begin(), slots_.end(), 0u);
  entries_.clear();
}

size_t ItemSet::slot_of(const Column& column, uint32_t row, uint64_t hash) const {
  const size_t mask = slots_.size() - 1;
  size_t slot = hash & mask;
  while (slots_[slot] != 0) {
    const Entry& entry = entries_[slots_[slot] - 1];
    if (entry.hash == hash && items_equal(*entry.column, entry.row, column, row)) return slot;
    slot = (slot + 1) & mask;
  }
  return slot;
}

void ItemSet::grow() {
  slots_.assign(slots_.empty() ? 16 : slots_.size() * 2, 0u);
  const size_t mask = slots_.size() - 1;
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    size_t slot = entries_[i].hash & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = i + 1;
  }
}

bool ItemSet::add(const Column& column, uint32_t row) {
  if ((entries_.size() + 1) * 2 > slots_.size()) grow();
  const uint64_t hash = hash_item(column, row);
  const size_t slot = slot_of(column, row, hash);
  if (slots_[slot] != 0) return false;
  entries_.push_back({&column, row, hash});
  slots_[slot] = static_cast<uint32_t>(entries_.size());
  return true;
}

bool ItemSet::has(const Column& column, uint32_t row) const {
  if (slots_.empty()) return false;
  return slots_[slot_of(column, row, hash_item(column, row))] != 0;
}

void put_items(const Column& source, const std::vector<uint32_t>& index,
               const Selection& selection, Column& out) {
  if (source.length == 0) {
    for_each_row(selection, [&](uint32_t row) { out.set_null(row); });
    return;
  }
  std::vector<uint32_t> at(out.length, 0u);
  for_each_row(selection, [&](uint32_t row) { at[row] = index[row] == kNoItem ? 0 : index[row]; });
  adopt(*take(source, {at.data(), out.length}), out);
  for_each_row(selection, [&](uint32_t row) {
    if (index[row] == kNoItem) out.set_null(row);
  });
}

void adopt(const Column& value, Column& out) {
  const BufferPtr nulls = out.validity;
  const bool constant = out.constant;
  const uint32_t length = out.length;
  const DataType type = out.type;
  const bool stretches = value.constant && !constant;
  out = stretches ? *take(value, {nullptr, length}) : value;
  out.type = type;
  out.constant = constant;
  out.length = length;
  if (out.validity != nullptr) {
    auto own = std::make_shared<Buffer>((size_t{length} + 7) / 8);
    std::memcpy(own->data(), out.validity->data(), own->size());
    out.validity = std::move(own);
  }
  if (nulls == nullptr) return;
  for (uint32_t row = 0; row < length; ++row) {
    if (!bit_is_set(nulls->data(), row)) out.set_null(row);
  }
}

}  // namespace millrace
