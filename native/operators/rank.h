// ROW_NUMBER in [rankStart, rankEnd] over a stream: what Flink's Top-N functions emit, row by row.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_rank(const PlanNode& node, const OperatorContext& context);

}  // namespace millrace
