// Projections over the rows that meet a condition. Drops rows by selection, without a copy.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_calc(const PlanNode& node, const OperatorContext& context);

}  // namespace millrace
