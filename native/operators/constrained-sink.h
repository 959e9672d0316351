// A sink behind a look at the types of its columns, as Flink's ConstraintEnforcer has it: a row
// with a NULL where none may be is dropped, or is an MR3004; texts and bytes of another length than
// their type says are cut and filled up, or are an MR3033.
#pragma once

#include "operators/factory.h"

namespace millrace {

// The sink itself where its columns take every value.
[[nodiscard]] Result<OperatorPtr> with_constraints(OperatorPtr sink, const PlanNode& node);

}  // namespace millrace
