#include "pipeline/snapshot.h"

#include <algorithm>
#include <utility>

#include "columnar/take.h"
#include "state/key-group.h"

namespace millrace {
namespace {

DataType not_null_int() {
  DataType type;
  type.root = TypeRoot::kInteger;
  type.nullable = false;
  return type;
}

bool is_flat(const Column& column) {
  return !column.constant && std::all_of(column.children.begin(), column.children.end(),
                                         [](const ColumnPtr& child) { return is_flat(*child); });
}

// The rows whose key group is in range, without the key_group column. No column is constant:
// operators read their state row by row.
Batch rows_of_groups(Batch batch, KeyGroupRange range) {
  const auto* groups = batch.columns[0]->data<int32_t>();
  const Column& column = *batch.columns[0];
  std::vector<uint32_t> rows;
  for (uint32_t row = 0; row < batch.row_count; ++row) {
    if (range.contains(static_cast<uint32_t>(groups[column.at(row)]))) rows.push_back(row);
  }
  batch.columns.erase(batch.columns.begin());
  const bool all_flat = std::all_of(batch.columns.begin(), batch.columns.end(),
                                    [](const ColumnPtr& column) { return is_flat(*column); });
  if (all_flat && rows.size() == batch.row_count) return batch;
  static constexpr uint32_t kNone = 0;
  const uint32_t* indexes = rows.empty() ? &kNone : rows.data();
  const BatchPiece piece{&batch, {indexes, static_cast<uint32_t>(rows.size())}};
  return gather(std::span<const BatchPiece>(&piece, 1));
}

}  // namespace

Schema snapshot_schema(const StateTable& table) {
  Schema schema{{"key_group", not_null_int()}};
  schema.insert(schema.end(), table.fields.begin(), table.fields.end());
  return schema;
}

Result<PackedBatch> pack_snapshot(const StateTable& table, Batch content,
                                  uint32_t max_parallelism) {
  if (content.columns.size() != table.fields.size()) {
    return Status::error("MR9001", "snapshot of " + table.name + " has other columns");
  }
  content = compacted(std::move(content));
  std::vector<const Column*> keys;
  for (uint32_t i = 0; i < table.key_count; ++i) keys.push_back(content.columns[i].get());
  std::vector<uint32_t> groups;
  MR_TRY(key_groups(keys, {nullptr, content.row_count}, max_parallelism, groups));
  ColumnPtr column = make_column(not_null_int(), content.row_count);
  std::copy(groups.begin(), groups.end(), column->data<uint32_t>());
  content.columns.insert(content.columns.begin(), std::move(column));
  return pack(content);
}

Result<std::vector<Batch>> restored_batches(const StateTable& table,
                                            std::span<const StateChunk* const> chunks,
                                            SubtaskPlace place) {
  uint32_t writers = 0;
  for (const StateChunk* chunk : chunks) writers = std::max(writers, chunk->subtask + 1);
  const bool is_keyed = table.key_count > 0;
  const bool same_parallelism = writers == place.parallelism;
  KeyGroupRange range{0, place.max_parallelism};
  if (is_keyed) range = key_group_range(place.subtask, place.parallelism, place.max_parallelism);
  const Schema schema = snapshot_schema(table);
  std::vector<Batch> batches;
  for (const StateChunk* chunk : chunks) {
    if (!is_keyed && same_parallelism && chunk->subtask != place.subtask) continue;
    MR_TRY_ASSIGN(Batch batch, unpack(chunk->content.view(), schema));
    batches.push_back(rows_of_groups(compacted(std::move(batch)), range));
  }
  return batches;
}

}  // namespace millrace
