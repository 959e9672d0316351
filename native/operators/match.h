// MATCH_RECOGNIZE, one row a match: src/operators/match.ts says how rows go.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_match(const PlanNode& node, const OperatorContext& context);

}  // namespace millrace
