// Top-N of windows that have closed: insert-only in and out.
#pragma once

#include <vector>

#include "operators/factory.h"
#include "operators/sort-key.h"

namespace millrace {

struct WindowRankSpec {
  std::vector<uint32_t> partition;  // the window's end, then the partition columns
  uint32_t window_end = 0;
  uint32_t start = 1;
  uint32_t end = 1;
  bool output_rank = false;
  bool is_last_of_equal = false;  // a Top-1 in which an equal row takes the place of the other
};

// Members `partition`, `windowEnd` and `zone`; MR2104 for a zone that this build cannot do.
[[nodiscard]] Result<WindowRankSpec> decode_window_rank(const PlanNode& node);
[[nodiscard]] Result<OperatorPtr> make_window_rank_of(WindowRankSpec spec, const PlanNode& node,
                                                      SortKeys keys);
[[nodiscard]] Result<OperatorPtr> make_window_rank(const PlanNode& node,
                                                   const OperatorContext& context);

}  // namespace millrace
