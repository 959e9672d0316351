// Skips `offset` rows, then keeps `count` rows. Insert-only in and out.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_limit(const PlanNode& node,
                                             const OperatorContext& context);

}  // namespace millrace
