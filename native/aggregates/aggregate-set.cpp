#include "aggregates/aggregate-set.h"

#include <algorithm>

#include "aggregates/hash-map-order.h"

namespace millrace {

namespace {

// Rows that count: not NULL in the argument, TRUE in the filter. Null = all of them.
const uint8_t* make_mask(const Column* argument, const Column* filter, const AggregateRows& rows,
                         std::vector<uint8_t>& mask) {
  const bool checks_argument =
      argument != nullptr &&
      (argument->validity != nullptr || argument->physical == Physical::kNull);
  if (!checks_argument && filter == nullptr) return nullptr;
  mask.resize(rows.count);
  uint8_t* out = mask.data();
  if (filter == nullptr) {
    for (uint32_t i = 0; i < rows.count; ++i) out[i] = argument->is_null(rows.rows[i]) ? 0 : 1;
    return out;
  }
  const uint8_t* values = filter->data<uint8_t>();
  const uint32_t keep = filter->constant ? 0 : UINT32_MAX;
  for (uint32_t i = 0; i < rows.count; ++i) out[i] = values[rows.rows[i] & keep];
  if (filter->validity != nullptr) {
    for (uint32_t i = 0; i < rows.count; ++i) out[i] &= filter->is_null(rows.rows[i]) ? 0 : 1;
  }
  if (checks_argument) {
    for (uint32_t i = 0; i < rows.count; ++i) out[i] &= argument->is_null(rows.rows[i]) ? 0 : 1;
  }
  return out;
}

DataType argument_type(const AggregateCall& call, const Schema& input) {
  if (call.arguments.empty()) return {};
  if (!call.takes_row()) return input[call.arguments[0]].type;
  DataType type{TypeRoot::kRow, false, 0, 0, 0, {}};
  for (const uint32_t column : call.arguments) type.fields.push_back(input[column]);
  return type;
}

}  // namespace

Result<std::unique_ptr<AggregateSet>> AggregateSet::create(SharedCalls calls,
                                                           const Schema& input) {
  auto set = std::make_unique<AggregateSet>();
  set->calls_ = std::move(calls);
  const std::vector<AggregateCall>& list = *set->calls_;
  for (size_t i = 0; i < list.size(); ++i) {
    const AggregateCall& call = list[i];
    for (const uint32_t column : call.arguments) {
      if (column >= input.size()) return Status::error("MR9001", "aggregate: no such column");
    }
    if (call.filter >= static_cast<int64_t>(input.size())) {
      return Status::error("MR9001", "aggregate: no such filter column");
    }
    const DataType argument = argument_type(call, input);
    MR_TRY_ASSIGN(auto aggregate, make_aggregate(call, argument));
    set->aggregates_.push_back(std::move(aggregate));
    set->gate_of_.push_back(-1);
    set->row_arguments_.push_back(call.takes_row() ? make_column(argument, 0) : nullptr);
    if (!call.distinct || call.arguments.empty()) continue;
    for (size_t k = 0; k < i; ++k) {
      const AggregateCall& other = list[k];
      if (set->gate_of_[k] < 0) continue;
      const bool same = other.arguments[0] == call.arguments[0] && other.filter == call.filter &&
                        other.counts_nulls() == call.counts_nulls();
      if (same) set->gate_of_[i] = set->gate_of_[k];
    }
    if (set->gate_of_[i] >= 0) continue;
    MR_TRY_ASSIGN(auto gate, DistinctGate::create(argument));
    set->gate_of_[i] = static_cast<int32_t>(set->gates_.size());
    set->gates_.push_back(std::move(gate));
  }
  return set;
}

void AggregateSet::resize(uint32_t group_count) {
  for (auto& aggregate : aggregates_) aggregate->resize(group_count);
}

const Column* AggregateSet::argument_of(const Batch& batch, size_t index) {
  const AggregateCall& call = (*calls_)[index];
  if (call.arguments.empty()) return nullptr;
  if (!call.takes_row()) return batch.columns[call.arguments[0]].get();
  Column& row = *row_arguments_[index];
  row.length = batch.row_count;
  row.children.clear();
  for (const uint32_t column : call.arguments) row.children.push_back(batch.columns[column]);
  return &row;
}

Status AggregateSet::failure() const {
  for (const auto& aggregate : aggregates_) MR_TRY(aggregate->failure());
  return Status::ok();
}

AggregateInput AggregateSet::input_of(const Batch& batch, const AggregateRows& rows,
                                      size_t index) {
  const AggregateCall& call = (*calls_)[index];
  AggregateInput input;
  input.argument = argument_of(batch, index);
  const Column* checked = call.counts_nulls() ? nullptr : input.argument;
  const Column* filter = call.filter < 0 ? nullptr : batch.columns[call.filter].get();
  DistinctGate* gate = gate_of_[index] < 0 ? nullptr : gates_[gate_of_[index]].get();
  if (gate == nullptr) {
    input.mask = make_mask(checked, filter, rows, mask_);
  } else if (gate->answered()) {
    input.mask = gate->answer();
  } else {
    input.mask = gate->open(rows, *input.argument, make_mask(checked, filter, rows, mask_));
  }
  return input;
}

void AggregateSet::update(const Batch& batch, const AggregateRows& rows) {
  for (auto& gate : gates_) gate->forget_answer();
  for (size_t i = 0; i < aggregates_.size(); ++i) {
    aggregates_[i]->update(rows, input_of(batch, rows, i));
  }
}

void AggregateSet::update(const Batch& batch, const AggregateRows& rows, bool pairs,
                          const uint8_t* deletes, uint8_t* changed,
                          std::vector<ColumnPtr>& out) {
  for (auto& gate : gates_) gate->forget_answer();
  const uint32_t slots = pairs ? 2 * rows.count : rows.count;
  for (size_t i = 0; i < aggregates_.size(); ++i) {
    ColumnPtr column = make_column((*calls_)[i].type, slots);
    const Emission emission{column.get(), pairs, deletes, changed};
    aggregates_[i]->update(rows, input_of(batch, rows, i), emission);
    out.push_back(std::move(column));
  }
}

void AggregateSet::values(std::span<const uint32_t> groups, std::vector<ColumnPtr>& out) {
  for (size_t i = 0; i < aggregates_.size(); ++i) {
    ColumnPtr column = make_column((*calls_)[i].type, static_cast<uint32_t>(groups.size()));
    aggregates_[i]->values(groups, *column, 0);
    out.push_back(std::move(column));
  }
}

void AggregateSet::merge_plain(AggregateSet& from, std::span<const uint32_t> into) {
  std::vector<uint32_t> groups(into.size());
  for (uint32_t group = 0; group < groups.size(); ++group) groups[group] = group;
  for (size_t i = 0; i < aggregates_.size(); ++i) {
    if (gate_of_[i] < 0) aggregates_[i]->merge(into.data(), *from.aggregates_[i], groups);
  }
}

void AggregateSet::merge(AggregateSet& from, std::span<const uint32_t> into) {
  merge_plain(from, into);
  for (size_t gate = 0; gate < gates_.size(); ++gate) merge_gate(gate, from, into);
}

void AggregateSet::merge_group(uint32_t into, uint32_t other) {
  const std::span<const uint32_t> groups(&other, 1);
  for (size_t i = 0; i < aggregates_.size(); ++i) {
    if (gate_of_[i] < 0) aggregates_[i]->merge(&into, *aggregates_[i], groups);
  }
  for (size_t gate = 0; gate < gates_.size(); ++gate) {
    ColumnPtr values;
    ColumnPtr counts;
    gates_[gate]->save_of(other, values, counts);
    const std::vector<uint32_t> rows = hash_map_order(*values);
    const std::vector<uint32_t> targets(rows.size(), into);
    take_distinct(gate,
                  {rows.data(), targets.data(), nullptr, static_cast<uint32_t>(rows.size())},
                  *values, *counts);
  }
}

void AggregateSet::merge_gate(size_t gate, AggregateSet& from, std::span<const uint32_t> into) {
  std::vector<uint32_t> groups;
  ColumnPtr values;
  ColumnPtr counts;
  from.gates_[gate]->save(groups, values, counts);
  std::vector<uint32_t> rows;
  for (uint32_t i = 0; i < groups.size(); ++i) {
    if (groups[i] >= into.size() || into[groups[i]] == UINT32_MAX) continue;
    groups[rows.size()] = into[groups[i]];
    rows.push_back(i);
  }
  take_distinct(gate, {rows.data(), groups.data(), nullptr, static_cast<uint32_t>(rows.size())},
                *values, *counts);
}

void AggregateSet::merge_distinct(size_t gate, std::span<const uint32_t> groups,
                                  const Column& values, const Column& counts) {
  std::vector<uint32_t> rows(groups.size());
  for (uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
  take_distinct(gate, {rows.data(), groups.data(), nullptr, static_cast<uint32_t>(rows.size())},
                values, counts);
}

// The values of the other side that are new here are rows to the aggregates behind the gate; those
// that it takes back for good are rows taken back.
void AggregateSet::take_distinct(size_t gate, const AggregateRows& rows, const Column& values,
                                 const Column& counts) {
  const AggregateInput input{&values, gates_[gate]->merge(rows, values, counts, taken_back_)};
  const AggregateRows changes{rows.rows, rows.groups, taken_back_.data(), rows.count};
  for (size_t i = 0; i < aggregates_.size(); ++i) {
    if (gate_of_[i] == static_cast<int32_t>(gate)) aggregates_[i]->update(changes, input);
  }
}

void AggregateSet::keep(std::span<const uint32_t> groups, std::span<const uint32_t> new_ids) {
  for (auto& aggregate : aggregates_) aggregate->keep(groups);
  for (auto& gate : gates_) gate->keep(new_ids);
}

void AggregateSet::clear() {
  for (auto& aggregate : aggregates_) aggregate->clear();
  for (auto& gate : gates_) gate->clear();
}

size_t AggregateSet::bytes() const {
  size_t total = 0;
  for (const auto& aggregate : aggregates_) total += aggregate->bytes();
  for (const auto& gate : gates_) total += gate->bytes();
  return total;
}

uint32_t AggregateSet::counted_rows() const {
  uint32_t total = 0;
  for (const auto& gate : gates_) total += gate->size();
  for (const auto& aggregate : aggregates_) total += aggregate->counted_size();
  return total;
}

Schema AggregateSet::state_fields() const {
  Schema fields;
  for (size_t i = 0; i < aggregates_.size(); ++i) {
    std::string prefix(1, 'a');
    prefix.append(std::to_string(i)).push_back('_');
    const Schema own = aggregates_[i]->state_fields(prefix);
    fields.insert(fields.end(), own.begin(), own.end());
  }
  return fields;
}

void AggregateSet::save(std::span<const uint32_t> groups, std::vector<ColumnPtr>& out) {
  for (auto& aggregate : aggregates_) aggregate->save(groups, out);
}

void AggregateSet::save_plain(std::span<const uint32_t> groups, std::vector<ColumnPtr>& out) {
  for (size_t i = 0; i < aggregates_.size(); ++i) {
    if (gate_of_[i] < 0) aggregates_[i]->save(groups, out);
  }
}

size_t AggregateSet::plain_width() const {
  size_t width = 0;
  for (size_t i = 0; i < aggregates_.size(); ++i) {
    if (gate_of_[i] < 0) width += aggregates_[i]->state_fields("").size();
  }
  return width;
}

Status AggregateSet::restore(std::span<const ColumnPtr> columns,
                             std::span<const uint32_t> groups) {
  return restore(columns, groups, false);
}

Status AggregateSet::restore_plain(std::span<const ColumnPtr> columns,
                                   std::span<const uint32_t> groups) {
  return restore(columns, groups, true);
}

Status AggregateSet::restore(std::span<const ColumnPtr> columns,
                             std::span<const uint32_t> groups, bool is_plain) {
  size_t next = 0;
  for (size_t i = 0; i < aggregates_.size(); ++i) {
    if (is_plain && gate_of_[i] >= 0) continue;
    const size_t width = aggregates_[i]->state_fields("").size();
    if (next + width > columns.size()) {
      return Status::error("MR5002", "aggregate state has too few columns");
    }
    MR_TRY(aggregates_[i]->restore(columns.subspan(next, width), groups));
    next += width;
  }
  return Status::ok();
}

std::vector<size_t> AggregateSet::plain_tables() const {
  std::vector<size_t> tables;
  for (size_t gate = 0; gate < gates_.size(); ++gate) tables.push_back(gate);
  size_t table = gates_.size();
  for (size_t i = 0; i < aggregates_.size(); ++i) {
    if (!aggregates_[i]->counted_value().has_value()) continue;
    if (gate_of_[i] < 0) tables.push_back(table);
    ++table;
  }
  return tables;
}

// Gates first, then the aggregates that count values themselves.
std::vector<CountedTable> AggregateSet::counted_tables() const {
  std::vector<CountedTable> tables;
  for (size_t gate = 0; gate < gates_.size(); ++gate) {
    const auto call = std::find(gate_of_.begin(), gate_of_.end(), static_cast<int32_t>(gate));
    const auto index = static_cast<size_t>(call - gate_of_.begin());
    tables.push_back({std::string("distinct_").append(std::to_string(index)),
                      {"value", gates_[gate]->value_type()}});
  }
  for (size_t i = 0; i < aggregates_.size(); ++i) {
    const std::optional<Field> value = aggregates_[i]->counted_value();
    if (!value.has_value()) continue;
    tables.push_back({std::string("values_").append(std::to_string(i)), *value});
  }
  return tables;
}

namespace {
Aggregate* counting_aggregate(std::span<const std::unique_ptr<Aggregate>> all, size_t position) {
  for (const auto& aggregate : all) {
    if (aggregate->counted_value().has_value() && position-- == 0) return aggregate.get();
  }
  return nullptr;
}
}  // namespace

void AggregateSet::save_counted(size_t table, std::vector<uint32_t>& groups, ColumnPtr& values,
                                ColumnPtr& counts) {
  if (table < gates_.size()) return gates_[table]->save(groups, values, counts);
  Aggregate* aggregate = counting_aggregate(aggregates_, table - gates_.size());
  const uint32_t size = aggregate->counted_size();
  values = make_column(aggregate->counted_value()->type, size);
  counts = make_column(DataType{TypeRoot::kBigint, false, 0, 0, 0, {}}, size);
  aggregate->save_counted(groups, *values, *counts);
}

Status AggregateSet::restore_counted(size_t table, std::span<const uint32_t> groups,
                                     const Column& values, const Column& counts) {
  if (table < gates_.size()) {
    gates_[table]->restore(groups, values, counts);
    return Status::ok();
  }
  Aggregate* aggregate = counting_aggregate(aggregates_, table - gates_.size());
  if (aggregate == nullptr) return Status::error("MR5002", "no such table of counts");
  return aggregate->restore_counted(groups, values, counts);
}

}  // namespace millrace
