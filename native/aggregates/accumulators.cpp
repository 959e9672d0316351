#include "aggregates/accumulators.h"

#include <utility>

#include "columnar/take.h"

namespace millrace {
namespace {

// Entries of a counted table: the place of the group of each, its value and its count.
struct Entries {
  std::vector<uint32_t> groups;
  ColumnPtr values;
  ColumnPtr counts;
};

std::vector<uint32_t> first_numbers(uint32_t count) {
  std::vector<uint32_t> numbers(count);
  for (uint32_t i = 0; i < count; ++i) numbers[i] = i;
  return numbers;
}

// The entries of each group as one array, in their order.
ColumnPtr lists_of(const Entries& entries, uint32_t group_count, const DataType& type) {
  ColumnPtr lists = make_column(type, group_count);
  Range* ranges = lists->data<Range>();
  for (const uint32_t group : entries.groups) ++ranges[group].length;
  std::vector<uint32_t> next(group_count);
  uint32_t start = 0;
  for (uint32_t group = 0; group < group_count; ++group) {
    ranges[group].start = next[group] = start;
    start += ranges[group].length;
  }
  std::vector<uint32_t> order(entries.groups.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[next[entries.groups[i]]++] = i;
  const Selection rows{order.data(), start};
  ColumnPtr items = std::make_shared<Column>();
  items->type = type.fields[0].type;
  items->physical = Physical::kRow;
  items->length = start;
  items->children = {take(*entries.values, rows), take(*entries.counts, rows)};
  lists->children = {std::move(items)};
  return lists;
}

// The items of rows; the group of each is the place of its row in `rows`.
Entries entries_of(const Column& lists, std::span<const uint32_t> rows) {
  Entries entries;
  std::vector<uint32_t> places;
  for (uint32_t i = 0; i < rows.size(); ++i) {
    const Range range = lists.data<Range>()[lists.at(rows[i])];
    for (uint32_t k = 0; k < range.length; ++k) {
      places.push_back(range.start + k);
      entries.groups.push_back(i);
    }
  }
  const Column& items = *lists.children[0];
  const Selection taken{places.data(), static_cast<uint32_t>(places.size())};
  entries.values = take(*items.children[0], taken);
  entries.counts = take(*items.children[1], taken);
  return entries;
}

}  // namespace

Status write_accumulators(AggregateSet& set, uint32_t group_count, std::span<const Field> fields,
                          std::vector<ColumnPtr>& out) {
  const size_t first = out.size();
  set.save_plain(first_numbers(group_count), out);
  for (const size_t table : set.plain_tables()) {
    if (out.size() - first >= fields.size()) break;
    Entries entries;
    set.save_counted(table, entries.groups, entries.values, entries.counts);
    out.push_back(lists_of(entries, group_count, fields[out.size() - first].type));
  }
  if (out.size() - first == fields.size()) return Status::ok();
  return Status::error("MR9001", "columns of accumulators");
}

Status merge_accumulators(AggregateSet& set, AggregateSet& spare,
                          std::span<const ColumnPtr> columns, std::span<const uint32_t> rows,
                          std::span<const uint32_t> groups) {
  const size_t width = set.plain_width();
  const std::vector<size_t> tables = set.plain_tables();
  if (columns.size() != width + tables.size()) {
    return Status::error("MR9001", "columns of accumulators");
  }
  spare.resize(static_cast<uint32_t>(rows.size()));
  const Selection taken{rows.data(), static_cast<uint32_t>(rows.size())};
  std::vector<ColumnPtr> state;
  for (const ColumnPtr& column : columns.first(width)) state.push_back(take(*column, taken));
  MR_TRY(spare.restore_plain(state, first_numbers(taken.count)));
  for (size_t i = 0; i < tables.size(); ++i) {
    Entries entries = entries_of(*columns[width + i], rows);
    if (tables[i] >= set.gate_count()) {
      MR_TRY(spare.restore_counted(tables[i], entries.groups, *entries.values, *entries.counts));
      continue;
    }
    for (uint32_t& group : entries.groups) group = groups[group];
    set.merge_distinct(tables[i], entries.groups, *entries.values, *entries.counts);
  }
  set.merge_plain(spare, groups);
  return set.failure();
}

}  // namespace millrace
