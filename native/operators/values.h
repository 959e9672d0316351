// The rows of a VALUES list, from subtask 0.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<SourcePtr> make_values(const PlanNode& node, const OperatorContext& context);

}  // namespace millrace
