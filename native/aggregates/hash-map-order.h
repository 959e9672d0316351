// The order in which a HashMap of Java goes through its keys. Flink merges the distinct values of
// two accumulators in it, and aggregates that list values show it.
#pragma once

#include <cstdint>
#include <vector>

#include "columnar/column.h"

namespace millrace {

// The rows of a map's keys, which come oldest first, in the order of its buckets. Keys of types
// that no aggregate lists in order stay as they are.
[[nodiscard]] std::vector<uint32_t> hash_map_order(const Column& keys);

}  // namespace millrace
