#include "operators/group-state.h"

#include "columnar/take.h"

namespace millrace {
namespace {

Field bigint_field(const char* name) {
  return {name, DataType{TypeRoot::kBigint, false, 0, 0, 0, {}}};
}

size_t counted_index(const AggregateSet& aggregates, const std::string& name) {
  const std::vector<CountedTable> tables = aggregates.counted_tables();
  size_t index = 0;
  while (index < tables.size() && tables[index].name != name) ++index;
  return index;
}

void save_keys(std::span<const Field> keys, const KeyedGroups& groups,
               std::span<const uint32_t> of, std::vector<ColumnPtr>& out) {
  for (uint32_t i = 0; i < keys.size(); ++i) {
    ColumnPtr column = make_column(keys[i].type, static_cast<uint32_t>(of.size()));
    groups.decode(i, of, *column);
    out.push_back(std::move(column));
  }
}

Batch save_counted_table(size_t index, std::span<const Field> keys, const KeyedGroups& groups,
                         AggregateSet& aggregates) {
  std::vector<uint32_t> of;
  ColumnPtr values;
  ColumnPtr counts;
  aggregates.save_counted(index, of, values, counts);
  Batch all;
  all.row_count = static_cast<uint32_t>(of.size());
  save_keys(keys, groups, of, all.columns);
  all.columns.push_back(std::move(values));
  all.columns.push_back(std::move(counts));
  // Entries of groups that died since the last compaction are no state.
  auto alive = std::make_shared<std::vector<uint32_t>>();
  for (uint32_t i = 0; i < of.size(); ++i) {
    if (groups.is_alive(of[i])) alive->push_back(i);
  }
  all.selected = std::move(alive);
  return compacted(std::move(all));
}

std::vector<const Column*> key_columns(std::span<const Field> keys, const Batch& content) {
  std::vector<const Column*> columns;
  for (size_t i = 0; i < keys.size(); ++i) columns.push_back(content.columns[i].get());
  return columns;
}

}  // namespace

std::vector<StateTable> group_state_tables(std::span<const Field> keys,
                                           const AggregateSet& aggregates, bool has_ttl) {
  const auto key_count = static_cast<uint32_t>(keys.size());
  StateTable table{"groups", Schema(keys.begin(), keys.end()), key_count};
  table.fields.push_back(bigint_field("row_count"));
  if (has_ttl) table.fields.push_back(bigint_field("updated_ms"));
  for (Field& field : aggregates.state_fields()) table.fields.push_back(std::move(field));
  std::vector<StateTable> tables{std::move(table)};
  for (CountedTable& counted : aggregates.counted_tables()) {
    StateTable further{counted.name, Schema(keys.begin(), keys.end()), key_count};
    further.fields.push_back(std::move(counted.value));
    further.fields.push_back(bigint_field("count"));
    tables.push_back(std::move(further));
  }
  return tables;
}

Result<Batch> save_group_state(const StateTable& table, std::span<const Field> keys,
                               const KeyedGroups& groups, AggregateSet& aggregates,
                               const std::vector<int64_t>& updated_ms) {
  if (table.name != "groups") {
    return save_counted_table(counted_index(aggregates, table.name), keys, groups, aggregates);
  }
  const std::vector<uint32_t> alive = groups.alive_groups();
  Batch out;
  out.row_count = static_cast<uint32_t>(alive.size());
  save_keys(keys, groups, alive, out.columns);
  ColumnPtr counts = make_column(bigint_field("").type, out.row_count);
  for (uint32_t i = 0; i < alive.size(); ++i) {
    counts->data<int64_t>()[i] = groups.row_count(alive[i]);
  }
  out.columns.push_back(std::move(counts));
  if (table.fields.size() > keys.size() + 1 && table.fields[keys.size() + 1].name == "updated_ms") {
    ColumnPtr updated = make_column(bigint_field("").type, out.row_count);
    for (uint32_t i = 0; i < alive.size(); ++i) updated->data<int64_t>()[i] = updated_ms[alive[i]];
    out.columns.push_back(std::move(updated));
  }
  aggregates.save(alive, out.columns);
  return out;
}

Status restore_group_state(const StateTable& table, std::span<const Field> keys,
                           const Batch& content, KeyedGroups& groups, AggregateSet& aggregates,
                           std::vector<int64_t>& updated_ms) {
  if (content.columns.size() != table.fields.size()) {
    return Status::error("MR5002", "table " + table.name + " has other columns");
  }
  std::vector<uint32_t> of;
  groups.restore(key_columns(keys, content), content.row_count, of);
  aggregates.resize(groups.size());
  if (table.name != "groups") {
    const size_t last = content.columns.size() - 1;
    return aggregates.restore_counted(counted_index(aggregates, table.name), of,
                                      *content.columns[last - 1], *content.columns[last]);
  }
  const Column& counts = *content.columns[keys.size()];
  size_t next = keys.size() + 1;
  for (uint32_t i = 0; i < of.size(); ++i) {
    groups.set_row_count(of[i], counts.data<int64_t>()[counts.at(i)]);
  }
  if (next < table.fields.size() && table.fields[next].name == "updated_ms") {
    const Column& updated = *content.columns[next++];
    updated_ms.resize(groups.size());
    for (uint32_t i = 0; i < of.size(); ++i) {
      updated_ms[of[i]] = updated.data<int64_t>()[updated.at(i)];
    }
  }
  return aggregates.restore(std::span(content.columns).subspan(next), of);
}

}  // namespace millrace
