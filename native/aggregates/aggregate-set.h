// The aggregates of one operator over one table of groups: what group-aggregate has once and
// window-aggregate once a slice.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "aggregates/aggregate.h"
#include "aggregates/distinct-gate.h"

namespace millrace {

// One further table of state: (group, value, count) rows.
struct CountedTable {
  std::string name;
  Field value;
};

class AggregateSet {
 public:
  // A factory of equal sets: `input` is the schema that the calls' columns point into.
  static Result<std::unique_ptr<AggregateSet>> create(SharedCalls calls, const Schema& input);

  [[nodiscard]] size_t size() const { return calls_->size(); }
  void resize(uint32_t group_count);
  void update(const Batch& batch, const AggregateRows& rows);
  // One output column a call, at `out`; see Emission.
  void update(const Batch& batch, const AggregateRows& rows, bool pairs, const uint8_t* deletes,
              uint8_t* changed, std::vector<ColumnPtr>& out);
  // What went wrong with the rows taken in so far: ask after each update.
  [[nodiscard]] Status failure() const;
  void values(std::span<const uint32_t> groups, std::vector<ColumnPtr>& out);
  // Group g of `from` (a set of the same calls) goes into group into[g] of this one.
  void merge(AggregateSet& from, std::span<const uint32_t> into);
  // The same without DISTINCT calls.
  void merge_plain(AggregateSet& from, std::span<const uint32_t> into);
  // Entries that another set counted: values of DISTINCT calls, from which the calls follow.
  void merge_distinct(size_t gate, std::span<const uint32_t> groups, const Column& values,
                      const Column& counts);
  // A group goes into another of this set.
  void merge_group(uint32_t into, uint32_t other);
  // `new_ids` maps old ids to new ones, UINT32_MAX for those dropped; `groups` lists the kept.
  void keep(std::span<const uint32_t> groups, std::span<const uint32_t> new_ids);
  void clear();
  [[nodiscard]] size_t bytes() const;
  [[nodiscard]] uint32_t counted_rows() const;

  [[nodiscard]] Schema state_fields() const;
  void save(std::span<const uint32_t> groups, std::vector<ColumnPtr>& out);
  Status restore(std::span<const ColumnPtr> columns, std::span<const uint32_t> groups);

  // State of the calls that are not DISTINCT: the others follow from their values.
  void save_plain(std::span<const uint32_t> groups, std::vector<ColumnPtr>& out);
  [[nodiscard]] size_t plain_width() const;
  Status restore_plain(std::span<const ColumnPtr> columns, std::span<const uint32_t> groups);

  [[nodiscard]] std::vector<CountedTable> counted_tables() const;
  // Numbers of the counted tables that stand beside the plain state: values of DISTINCT calls
  // first, then those of calls that are not.
  [[nodiscard]] std::vector<size_t> plain_tables() const;
  [[nodiscard]] size_t gate_count() const { return gates_.size(); }
  // Entries of a counted table: the group of each, their values and counts.
  void save_counted(size_t table, std::vector<uint32_t>& groups, ColumnPtr& values,
                    ColumnPtr& counts);
  Status restore_counted(size_t table, std::span<const uint32_t> groups, const Column& values,
                         const Column& counts);

 private:
  // into[g] is UINT32_MAX where group g of `from` is left out.
  void merge_gate(size_t gate, AggregateSet& from, std::span<const uint32_t> into);
  void take_distinct(size_t gate, const AggregateRows& rows, const Column& values,
                     const Column& counts);
  Status restore(std::span<const ColumnPtr> columns, std::span<const uint32_t> groups,
                 bool is_plain);
  [[nodiscard]] const Column* argument_of(const Batch& batch, size_t call);
  AggregateInput input_of(const Batch& batch, const AggregateRows& rows, size_t call);

  SharedCalls calls_;
  std::vector<std::unique_ptr<Aggregate>> aggregates_;
  // One for each (argument, filter) of DISTINCT calls; gate_of_[call] or -1.
  std::vector<std::unique_ptr<DistinctGate>> gates_;
  std::vector<int32_t> gate_of_;
  std::vector<uint8_t> mask_;
  std::vector<uint8_t> taken_back_;
  std::vector<ColumnPtr> row_arguments_;  // by call: of those that take a row
};

}  // namespace millrace
