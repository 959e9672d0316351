// Drops the old rows of updates where nobody needs them.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_drop_update_before(const PlanNode& node,
                                         const OperatorContext& context);

}  // namespace millrace
