// Top-N of windows that have closed: insert-only in and out.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_window_rank(const PlanNode& node,
                                                   const OperatorContext& context);

}  // namespace millrace
