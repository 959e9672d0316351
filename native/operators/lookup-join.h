// Each row beside the rows of a table that are looked up by its key. The table is read as a whole
// before the first row, on the task's thread, and kept until the end.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_lookup_join(const PlanNode& node,
                                                   const OperatorContext& context);

}  // namespace millrace
