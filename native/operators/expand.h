// Each row once a projection: the copies of a row stand beside each other.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_expand(const PlanNode& node,
                                              const OperatorContext& context);

}  // namespace millrace
