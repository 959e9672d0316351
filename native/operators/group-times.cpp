#include "operators/group-times.h"

#include <algorithm>
#include <utility>

#include "columnar/take.h"

namespace millrace {
namespace {

const DataType kBigint{TypeRoot::kBigint, false, 0, 0, 0, {}};

}  // namespace

StateTable group_times_table(std::string name, std::span<const Field> keys, std::string column) {
  StateTable table{std::move(name), Schema(keys.begin(), keys.end()),
                   static_cast<uint32_t>(keys.size())};
  table.fields.push_back({std::move(column), kBigint});
  return table;
}

Batch save_group_times(const StateTable& table, const KeyedGroups& groups,
                       std::span<const uint32_t> of, std::span<const int64_t> times) {
  Batch batch;
  batch.row_count = static_cast<uint32_t>(of.size());
  for (uint32_t key = 0; key < table.key_count; ++key) {
    ColumnPtr column = make_column(table.fields[key].type, batch.row_count);
    groups.decode(key, of, *column);
    batch.columns.push_back(std::move(column));
  }
  ColumnPtr column = make_column(kBigint, batch.row_count);
  std::copy(times.begin(), times.end(), column->data<int64_t>());
  batch.columns.push_back(std::move(column));
  return batch;
}

Status restore_group_times(const StateTable& table, const Batch& content, KeyedGroups& groups,
                           std::vector<uint32_t>& of, std::vector<int64_t>& times) {
  if (content.columns.size() != table.fields.size()) {
    return Status::error("MR5002", "table " + table.name + " has other columns");
  }
  std::vector<const Column*> keys;
  for (uint32_t key = 0; key < table.key_count; ++key) keys.push_back(content.columns[key].get());
  groups.restore(keys, content.row_count, of);
  const Column& column = *content.columns.back();
  for (uint32_t row = 0; row < content.row_count; ++row) {
    times.push_back(column.data<int64_t>()[column.at(row)]);
  }
  return Status::ok();
}

}  // namespace millrace
