// Aggregates without a window: changes of each key's row, emitted as Flink emits them.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_group_aggregate(const PlanNode& node,
                                                       const OperatorContext& context);

}  // namespace millrace
