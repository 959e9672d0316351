// The first or the last row of each key, by row time or by arrival.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_deduplicate(const PlanNode& node,
                                                   const OperatorContext& context);

}  // namespace millrace
