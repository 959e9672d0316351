// Single values of columns of any type: equality, order, hash; and lists made by picking values.
// src/expr/items.ts is the same in TypeScript.
#pragma once

#include <cstdint>
#include <vector>

#include "columnar/batch.h"

namespace millrace {

// Whether two values, neither NULL, are equal. Floating point compares as in Java; inside arrays,
// maps and rows, NULL equals NULL and NaN equals NaN. Maps are equal whatever their order.
[[nodiscard]] bool items_equal(const Column& a, uint32_t i, const Column& b, uint32_t j);

// Negative, 0 or positive for two values, neither NULL, that are no maps. Floating point has the
// order of Java's Double.compare, rows and arrays that of their first difference.
[[nodiscard]] int compare_items(const Column& a, uint32_t i, const Column& b, uint32_t j);

// Equal for equal values.
[[nodiscard]] uint64_t hash_item(const Column& column, uint32_t row);

// The range of a row of an array or a map.
[[nodiscard]] inline Range range_at(const Column& lists, uint32_t row) {
  return lists.data<Range>()[lists.at(row)];
}

// Values of several columns laid one behind the other, from which lists pick theirs.
class ItemPool {
 public:
  // Adds a column of the items' type; the index of its first value. A constant has one value.
  uint32_t add(const Column& items);
  void pick(uint32_t index) { picks_.push_back(index); }
  void pick_range(uint32_t base, const Range& range) {
    for (uint32_t i = 0; i < range.length; ++i) picks_.push_back(base + range.start + i);
  }
  [[nodiscard]] uint32_t picked() const { return static_cast<uint32_t>(picks_.size()); }
  // Drops all picks from this position on.
  void truncate(uint32_t picked) { picks_.resize(picked); }
  // The values picked, in order, as a column of `type`.
  [[nodiscard]] ColumnPtr finish(const DataType& type) const;

 private:
  std::vector<const Column*> sources_;
  uint32_t size_ = 0;
  std::vector<uint32_t> picks_;
};

// A set of values of a few columns, by position; emptied without giving memory back.
class ItemSet {
 public:
  void clear();
  // Whether the value (not NULL) was not there before; then it is.
  bool add(const Column& column, uint32_t row);
  [[nodiscard]] bool has(const Column& column, uint32_t row) const;

 private:
  struct Entry {
    const Column* column;
    uint32_t row;
    uint64_t hash;
  };
  void grow();
  [[nodiscard]] size_t slot_of(const Column& column, uint32_t row, uint64_t hash) const;

  std::vector<uint32_t> slots_;  // index of an entry + 1; 0 = free
  std::vector<Entry> entries_;
};

constexpr uint32_t kNoItem = UINT32_MAX;

// Puts `source[index[row]]` into each selected row of `out`, a column made for the call; kNoItem
// is NULL. `index` has an entry for each row of `out`.
void put_items(const Column& source, const std::vector<uint32_t>& index,
               const Selection& selection, Column& out);

// Makes `out`, made for the call, what `value` is: a column of the same length or a constant that
// stands for all rows. Rows that are NULL in `out` stay so.
void adopt(const Column& value, Column& out);

}  // namespace millrace
