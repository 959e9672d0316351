// Rows into files of a folder, as JSON or CSV lines, a folder a partition. What a checkpoint
// covers gets its final name when the checkpoint is complete, the rest at the end of the input.
#pragma once

#include "operators/factory.h"

namespace millrace {

[[nodiscard]] Result<OperatorPtr> make_filesystem_sink(const PlanNode& node,
                                                       const OperatorContext& context);

}  // namespace millrace
