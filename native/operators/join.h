// Regular joins: what Flink's StreamingJoinOperator and StreamingSemiAntiJoinOperator emit.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_join(const PlanNode& node, const OperatorContext& context);

}  // namespace millrace
