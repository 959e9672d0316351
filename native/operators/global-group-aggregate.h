// The second phase of a group aggregation: accumulators of local phases meet by key.
#pragma once

#include "operators/factory.h"

namespace millrace {

Result<OperatorPtr> make_global_group_aggregate(const PlanNode& node,
                                                const OperatorContext& context);

}  // namespace millrace
