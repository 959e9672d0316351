// The first phase of a group aggregation, before the exchange: a row of accumulators a key and
// bundle. It keeps nothing from one bundle to the next, so it has no state.
#pragma once

#include "operators/factory.h"

namespace millrace {

Result<OperatorPtr> make_local_group_aggregate(const PlanNode& node,
                                               const OperatorContext& context);

}  // namespace millrace
