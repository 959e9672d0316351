// Window joins: rows of the same window meet when the watermark closes it.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_window_join(const PlanNode& node,
                                                   const OperatorContext& context);

}  // namespace millrace
