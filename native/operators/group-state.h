// The snapshot form of grouped aggregates, the same in both engines:
//
//     groups            keys, row_count, [updated_ms], a<i>_<state column> ...
//     distinct_<i>      keys, value, count        DISTINCT values of call i (and its equals)
//     values_<i>        keys, value, count        MIN and MAX that can take rows back
#pragma once

#include <span>
#include <vector>

#include "aggregates/aggregate-set.h"
#include "operators/operator.h"
#include "state/keyed-groups.h"

namespace millrace {

[[nodiscard]] std::vector<StateTable> group_state_tables(std::span<const Field> keys,
                                                         const AggregateSet& aggregates,
                                                         bool has_ttl);
Result<Batch> save_group_state(const StateTable& table, std::span<const Field> keys,
                               const KeyedGroups& groups, AggregateSet& aggregates,
                               const std::vector<int64_t>& updated_ms);
Status restore_group_state(const StateTable& table, std::span<const Field> keys,
                           const Batch& content, KeyedGroups& groups, AggregateSet& aggregates,
                           std::vector<int64_t>& updated_ms);

}  // namespace millrace
