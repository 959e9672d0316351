// The rows that meet under a sink's primary key where the query names its rows otherwise.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_sink_upsert_materialize(const PlanNode& node,
                                                               const OperatorContext& context);

}  // namespace millrace
