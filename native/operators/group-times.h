// A state table of one time a key: the key, then the time in ms.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "operators/operator.h"
#include "state/keyed-groups.h"

namespace millrace {

[[nodiscard]] StateTable group_times_table(std::string name, std::span<const Field> keys,
                                           std::string column);
// The times of these groups.
[[nodiscard]] Batch save_group_times(const StateTable& table, const KeyedGroups& groups,
                                     std::span<const uint32_t> of, std::span<const int64_t> times);
// Finds or makes the groups, in the order of the rows; fills their times.
Status restore_group_times(const StateTable& table, const Batch& content, KeyedGroups& groups,
                           std::vector<uint32_t>& of, std::vector<int64_t>& times);

}  // namespace millrace
