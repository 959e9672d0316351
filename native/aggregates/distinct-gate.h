// Lets a row through to a DISTINCT aggregate where it is the first of its value in its group, or
// takes back the last: one count for each (group, value).
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "aggregates/aggregate.h"
#include "state/group-table.h"

namespace millrace {

class DistinctGate {
 public:
  static Result<std::unique_ptr<DistinctGate>> create(const DataType& value);

  // Fills pass[i] for each row; `mask` (null = all) leaves out rows that do not count.
  // Called once a batch: the calls that share the gate share its answer.
  const uint8_t* open(const AggregateRows& rows, const Column& values, const uint8_t* mask);
  // The answer of the last open().
  [[nodiscard]] const uint8_t* answer() const { return pass_.data(); }
  void forget_answer() { answered_ = false; }
  [[nodiscard]] bool answered() const { return answered_; }

  // new_ids[group] = UINT32_MAX where the group is gone.
  void keep(std::span<const uint32_t> new_ids);
  void clear();
  // Takes in entries of another gate. Answers 1 for each value that is new to its group or leaves
  // it: `retract` says which.
  const uint8_t* merge(const AggregateRows& rows, const Column& values, const Column& counts,
                       std::vector<uint8_t>& retract);
  [[nodiscard]] uint32_t size() const { return entries_.size(); }
  [[nodiscard]] size_t bytes() const { return entries_.bytes() + counts_.capacity() * 8; }
  [[nodiscard]] const DataType& value_type() const { return value_; }
  void save(std::vector<uint32_t>& groups, ColumnPtr& values, ColumnPtr& counts);
  // What a group holds, oldest first.
  void save_of(uint32_t group, ColumnPtr& values, ColumnPtr& counts);
  void restore(std::span<const uint32_t> groups, const Column& values, const Column& counts);

 private:
  explicit DistinctGate(KeyLayout layout, DataType value)
      : value_(std::move(value)), layout_(std::move(layout)), entries_(layout_.width() + 1) {}
  void change_count(uint32_t entry, int64_t change);
  void drop_unused();
  void save_entries(std::span<const uint32_t> entries, ColumnPtr& values, ColumnPtr& counts);
  // Entry of each row: keys of (group, value).
  void find_entries(const uint32_t* rows, const uint32_t* groups, uint32_t count,
                    const Column& values);

  DataType value_;
  KeyLayout layout_;
  StringPool pool_;
  GroupTable entries_;
  std::vector<int64_t> counts_;
  std::vector<uint8_t> pass_;
  std::vector<uint32_t> kept_rows_, kept_groups_, kept_at_, found_;
  EncodedKeys encoded_, keys_;
  bool answered_ = false;
  // Entries by group, oldest first, so far as save_of was asked; empty where they move.
  std::vector<std::vector<uint32_t>> of_groups_;
  uint32_t listed_ = 0;
  // Groups seen so far are below this; entries with a count of 0.
  uint32_t group_limit_ = 0;
  size_t unused_ = 0;
};

}  // namespace millrace
