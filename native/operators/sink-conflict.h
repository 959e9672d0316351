// ON CONFLICT DO NOTHING and DO ERROR of a sink.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_sink_conflict(const PlanNode& node,
                                                     const OperatorContext& context);

}  // namespace millrace
