// From the changes of a source that names rows by key alone to a changelog.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_changelog_normalize(const PlanNode& node,
                                         const OperatorContext& context);

}  // namespace millrace
