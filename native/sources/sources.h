// The sources, by connector. operators/factory.cpp picks one for a source node.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<SourcePtr> make_datagen(const PlanNode& node,
                                             const OperatorContext& context);
[[nodiscard]] Result<SourcePtr> make_filesystem_source(const PlanNode& node,
                                                       const OperatorContext& context);
[[nodiscard]] Result<SourcePtr> make_nexmark(const PlanNode& node,
                                             const OperatorContext& context);

}  // namespace millrace
