// ORDER BY a row time, and by further columns among rows of one time.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_temporal_sort(const PlanNode& node,
                                                     const OperatorContext& context);

}  // namespace millrace
