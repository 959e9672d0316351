// Temporal joins; src/operators/temporal-join.ts says what they do.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_temporal_join(const PlanNode& node,
                                                     const OperatorContext& context);

}  // namespace millrace
