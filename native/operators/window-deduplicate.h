// The first or the last row by row time of each key of a window that has closed.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_window_deduplicate(const PlanNode& node,
                                                          const OperatorContext& context);

}  // namespace millrace
