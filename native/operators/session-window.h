// SESSION as a table function: rows that lie less than the gap apart share a window.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_session_window(const PlanNode& node,
                                                      const OperatorContext& context);

}  // namespace millrace
