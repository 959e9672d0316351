// TO_CHANGELOG: each change as an insert, with the code of its kind in front.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_to_changelog(const PlanNode& node,
                                                    const OperatorContext& context);

}  // namespace millrace
