// Interval joins; src/operators/interval-join.ts says what they do.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_interval_join(const PlanNode& node,
                                                     const OperatorContext& context);

}  // namespace millrace
