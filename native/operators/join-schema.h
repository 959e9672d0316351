#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "operators/factory.h"

namespace millrace {

// Output columns of a join are those of its inputs, or of the left one alone, in their physical
// forms; keys of both sides have one form.
Status check_join_schema(const PlanNode& node, const std::vector<uint32_t>& left_keys,
                         const std::vector<uint32_t>& right_keys, bool is_left_only,
                         const char* name);

}  // namespace millrace
