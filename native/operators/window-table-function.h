// TUMBLE, HOP and CUMULATE as a table function: each row once a window it belongs to, with
// window_start, window_end and window_time behind its own columns.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_window_table_function(const PlanNode& node,
                                                             const OperatorContext& context);

}  // namespace millrace
