// A sink behind a look at its NOT NULL columns, as Flink's ConstraintEnforcer has it: a row with a
// NULL in one of them is dropped, or is an MR3004.
#pragma once

#include "operators/factory.h"

namespace millrace {

// The sink itself where every column may be NULL.
[[nodiscard]] Result<OperatorPtr> with_not_null_check(OperatorPtr sink, const PlanNode& node);

}  // namespace millrace
