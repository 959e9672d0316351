// Each row beside each row that a table function makes of it.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_correlate(const PlanNode& node,
                                                 const OperatorContext& context);

}  // namespace millrace
