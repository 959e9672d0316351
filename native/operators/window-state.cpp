#include "operators/window-state.h"

#include <algorithm>

#include "columnar/take.h"

namespace millrace {
namespace {

Field bigint_field(const char* name) {
  return {name, DataType{TypeRoot::kBigint, false, 0, 0, 0, {}}};
}

ColumnPtr bigint_column(uint32_t count, int64_t value) {
  ColumnPtr column = make_column(bigint_field("").type, count);
  std::fill_n(column->data<int64_t>(), count, value);
  return column;
}

size_t counted_index(const AggregateSet& aggregates, const std::string& name) {
  const std::vector<CountedTable> tables = aggregates.counted_tables();
  size_t index = 0;
  while (index < tables.size() && tables[index].name != name) ++index;
  return index;
}

Batch save_slice(const StateTable& table, size_t key_count, const WindowSlices& slices,
                 int64_t end, WindowSlice& slice) {
  std::vector<uint32_t> groups;
  std::vector<ColumnPtr> rest;
  if (table.name == "slices") {
    for (uint32_t group = 0; group < slice.table.size(); ++group) groups.push_back(group);
    const auto count = static_cast<uint32_t>(groups.size());
    rest.push_back(bigint_column(count, 0));
    std::copy(slice.row_counts.begin(), slice.row_counts.end(), rest[0]->data<int64_t>());
    slice.aggregates->save(groups, rest);
  } else {
    ColumnPtr values;
    ColumnPtr counts;
    const size_t index = counted_index(*slice.aggregates, table.name);
    slice.aggregates->save_counted(index, groups, values, counts);
    rest = {std::move(values), std::move(counts)};
  }
  Batch out;
  out.row_count = static_cast<uint32_t>(groups.size());
  for (uint32_t i = 0; i < key_count; ++i) {
    ColumnPtr column = make_column(table.fields[i].type, out.row_count);
    slices.decode(i, slice, groups, *column);
    out.columns.push_back(std::move(column));
  }
  out.columns.push_back(bigint_column(out.row_count, end));
  out.columns.insert(out.columns.end(), rest.begin(), rest.end());
  return out;
}

// Rows of a chunk that belong to one slice, and their groups there.
struct SliceRows {
  WindowSlice* slice = nullptr;
  std::vector<uint32_t> rows;
  std::vector<uint32_t> groups;
};

Status restore_slice(const StateTable& table, size_t key_count, const Batch& content,
                     const SliceRows& part) {
  std::vector<ColumnPtr> rest;
  const Selection rows{part.rows.data(), static_cast<uint32_t>(part.rows.size())};
  for (size_t i = key_count + 1; i < content.columns.size(); ++i) {
    rest.push_back(take(*content.columns[i], rows));
  }
  AggregateSet& aggregates = *part.slice->aggregates;
  if (table.name != "slices") {
    return aggregates.restore_counted(counted_index(aggregates, table.name), part.groups,
                                      *rest[0], *rest[1]);
  }
  for (size_t i = 0; i < part.groups.size(); ++i) {
    part.slice->row_counts[part.groups[i]] = rest[0]->data<int64_t>()[i];
  }
  return aggregates.restore(std::span(rest).subspan(1), part.groups);
}

}  // namespace

std::vector<StateTable> window_state_tables(std::span<const Field> keys,
                                            const AggregateSet& aggregates) {
  const auto key_count = static_cast<uint32_t>(keys.size());
  StateTable slices{"slices", Schema(keys.begin(), keys.end()), key_count};
  slices.fields.push_back(bigint_field("slice_end"));
  slices.fields.push_back(bigint_field("row_count"));
  for (Field& field : aggregates.state_fields()) slices.fields.push_back(std::move(field));
  std::vector<StateTable> tables;
  tables.push_back({"watermark", {bigint_field("watermark")}, 0});
  tables.push_back(std::move(slices));
  for (CountedTable& counted : aggregates.counted_tables()) {
    StateTable further{counted.name, Schema(keys.begin(), keys.end()), key_count};
    further.fields.push_back(bigint_field("slice_end"));
    further.fields.push_back(std::move(counted.value));
    further.fields.push_back(bigint_field("count"));
    tables.push_back(std::move(further));
  }
  return tables;
}

Result<Batch> save_window_state(const StateTable& table, std::span<const Field> keys,
                                const WindowSlices& slices, int64_t watermark) {
  if (table.name == "watermark") {
    Batch out;
    out.row_count = 1;
    out.columns.push_back(bigint_column(1, watermark));
    return out;
  }
  std::vector<Batch> saved;
  for (const auto& [end, slice] : slices.all()) {
    saved.push_back(save_slice(table, keys.size(), slices, end, *slice));
  }
  if (saved.empty()) return empty_batch(table.fields);
  std::vector<BatchPiece> pieces;
  for (const Batch& batch : saved) pieces.push_back({&batch, batch.selection()});
  return gather(pieces);
}

Status restore_window_state(const StateTable& table, std::span<const Field> keys,
                            const Batch& content, WindowSlices& slices, int64_t& watermark,
                            bool& restored) {
  if (content.columns.size() != table.fields.size()) {
    return Status::error("MR5002", "table " + table.name + " has other columns");
  }
  if (table.name == "watermark") {
    for (uint32_t row = 0; row < content.row_count; ++row) {
      const int64_t saved = content.columns[0]->data<int64_t>()[content.columns[0]->at(row)];
      watermark = restored ? std::min(watermark, saved) : saved;
      restored = true;
    }
    return Status::ok();
  }
  std::vector<const Column*> key_columns;
  for (size_t i = 0; i < keys.size(); ++i) key_columns.push_back(content.columns[i].get());
  const Column& ends = *content.columns[keys.size()];
  std::map<int64_t, SliceRows> parts;
  for (uint32_t row = 0; row < content.row_count; ++row) {
    const int64_t end = ends.data<int64_t>()[ends.at(row)];
    SliceRows& part = parts[end];
    uint32_t group = 0;
    MR_TRY_ASSIGN(part.slice, slices.restore(end, key_columns, row, group));
    part.rows.push_back(row);
    part.groups.push_back(group);
  }
  for (const auto& [end, part] : parts) {
    MR_TRY(restore_slice(table, keys.size(), content, part));
  }
  return Status::ok();
}

}  // namespace millrace
