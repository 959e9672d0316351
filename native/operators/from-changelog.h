// FROM_CHANGELOG: inserts whose kind stands in a column as the changes that they tell of.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_from_changelog(const PlanNode& node,
                                                      const OperatorContext& context);

}  // namespace millrace
