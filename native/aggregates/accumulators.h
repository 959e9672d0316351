// Accumulators as columns (src/plan/physical/accumulators.ts says which): written by the phase
// that meets the rows, merged by the phase that meets the keys.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "aggregates/aggregate-set.h"

namespace millrace {

// What the groups 0 .. group_count - 1 hold, all that the set has; a row a group, a column a field.
Status write_accumulators(AggregateSet& set, uint32_t group_count, std::span<const Field> fields,
                          std::vector<ColumnPtr>& out);

// Row rows[i] of the columns goes into groups[i] of the set. `spare` is a set of the same calls
// without groups.
Status merge_accumulators(AggregateSet& set, AggregateSet& spare,
                          std::span<const ColumnPtr> columns, std::span<const uint32_t> rows,
                          std::span<const uint32_t> groups);

}  // namespace millrace
