// Key groups: the unit in which keyed state is spread over subtasks. src/state/key-group.ts gives
// the same numbers, for ever: snapshots carry them.
//
// A key's values are written one after the other as 32-bit little-endian words:
//
//     null                     0
//     any value                1, then
//       bool i8 i16 i32        the value, sign-extended
//       i64 i128               lowest word first
//       f32 f64                the bits, lowest word first; every NaN as 7fc00000 / 7ff80000 0
//       string bytes           byte length, then the bytes, the last word padded with zeros
//       row                    its fields
//       array                  item count, then the items
//       map multiset           entry count, then key and value of each entry, in their order
//
// -0.0 and 0.0 are different keys, as in Flink. The hash is murmur3-32 with seed 0 over the words,
// the key group that hash modulo the number of key groups.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"
#include "columnar/batch.h"

namespace millrace {

// hashes[i] belongs to the i-th selected row.
Status hash_keys(std::span<const Column* const> keys, const Selection& rows,
                 std::vector<uint32_t>& hashes);

// groups[i] belongs to the i-th selected row. No keys at all: group 0.
Status key_groups(std::span<const Column* const> keys, const Selection& rows,
                  uint32_t max_parallelism, std::vector<uint32_t>& groups);

// Key groups first ... last belong to a subtask (none where first > last).
struct KeyGroupRange {
  uint32_t first;
  uint32_t last;
  [[nodiscard]] bool contains(uint32_t group) const { return group >= first && group <= last; }
};

[[nodiscard]] constexpr uint32_t subtask_of_key_group(uint32_t group, uint32_t parallelism,
                                                      uint32_t max_parallelism) {
  return static_cast<uint32_t>(uint64_t{group} * parallelism / max_parallelism);
}

[[nodiscard]] constexpr KeyGroupRange key_group_range(uint32_t subtask, uint32_t parallelism,
                                                      uint32_t max_parallelism) {
  const uint64_t most = max_parallelism;
  return {static_cast<uint32_t>((subtask * most + parallelism - 1) / parallelism),
          static_cast<uint32_t>(((subtask + 1) * most - 1) / parallelism)};
}

}  // namespace millrace
