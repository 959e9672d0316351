// Aggregates over windows: insert-only results when the watermark passes a window's end.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_window_aggregate(const PlanNode& node,
                                                        const OperatorContext& context);

}  // namespace millrace
