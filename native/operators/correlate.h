// Each row beside each row that a table function makes of it.
#pragma once

#include <memory>

#include "operators/factory.h"
#include "operators/table-function.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_correlate(const PlanNode& node,
                                                 const OperatorContext& context);

// The same with rows that another function makes.
[[nodiscard]] Result<OperatorPtr> correlate_with(std::unique_ptr<TableFunction> function,
                                                 const PlanNode& node,
                                                 const OperatorContext& context);

}  // namespace millrace
