// Aggregates over the rows before.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_over_aggregate(const PlanNode& node,
                                                      const OperatorContext& context);

}  // namespace millrace
