// Aggregates over the rows before in the order of a column that is no time attribute: a row that
// comes or goes changes the results of the rows behind it, in their order. A row whose aggregates
// stay equal is not sent again.
#pragma once

#include <vector>

#include "aggregates/aggregate.h"
#include "operators/factory.h"
#include "operators/sort-key.h"

namespace millrace {

struct SortedOverSpec {
  std::vector<uint32_t> partition;
  SortOrder order;
  bool is_range = false;
  bool update_before = true;
};

[[nodiscard]] Result<OperatorPtr> make_sorted_over(SortedOverSpec spec, SharedCalls calls,
                                                   const PlanNode& node);

}  // namespace millrace
