// Sinks that keep nothing: collect passes batches on, blackhole drops them.
#pragma once

#include "operators/factory.h"

namespace millrace {

// Hands every batch to the output, with its last watermark run; with all of them where
// `options.watermarks` is 'exact'.
[[nodiscard]] Result<OperatorPtr> make_sink_collect(const PlanNode& node,
                                                    const OperatorContext& context);

// Takes every batch and forgets it.
[[nodiscard]] Result<OperatorPtr> make_sink_blackhole(const PlanNode& node,
                                                      const OperatorContext& context);

}  // namespace millrace
