// Raises the watermark after each row whose expression exceeds all before it.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_watermark_assigner(const PlanNode& node,
                                                          const OperatorContext& context);

}  // namespace millrace
