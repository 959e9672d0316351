// State between operators and the outside: snapshot tables get their key groups, restored chunks
// are picked and filtered for a subtask.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "columnar/packed-batch.h"
#include "operators/operator.h"

namespace millrace {

// One chunk of one operator's state table, packed. Its first column is the INT key_group.
struct StateChunk {
  int32_t operator_id = 0;
  std::string semantic_id;
  std::string table;
  uint32_t subtask = 0;
  uint32_t key_count = 0;
  Schema fields;  // with key_group
  PackedBatch content;
};

struct SubtaskPlace {
  uint32_t subtask;
  uint32_t parallelism;
  uint32_t max_parallelism;
};

// The schema of a snapshot of `table`: key_group, then its fields.
[[nodiscard]] Schema snapshot_schema(const StateTable& table);

// Puts key groups before the columns of a snapshot and packs it.
[[nodiscard]] Result<PackedBatch> pack_snapshot(const StateTable& table, Batch content,
                                                uint32_t max_parallelism);

// The rows of the chunks of one table that belong to a subtask, without key_group: one batch a
// chunk. Tables without a key: the chunk of the same subtask where as many subtasks wrote as
// there are now, else all rows.
[[nodiscard]] Result<std::vector<Batch>> restored_batches(
    const StateTable& table, std::span<const StateChunk* const> chunks, SubtaskPlace place);

}  // namespace millrace
