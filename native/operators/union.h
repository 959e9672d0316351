// All rows of all inputs; the watermark is the lowest of the inputs.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_union(const PlanNode& node,
                                             const OperatorContext& context);

}  // namespace millrace
