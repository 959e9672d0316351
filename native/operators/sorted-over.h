// Aggregates over the rows before in the order of a column that is no time attribute, or of rows
// that are taken back: a row that comes or goes changes the results of the rows behind it, in their
// order; in a frame of N rows those of the next N. A row whose aggregates stay equal is not sent
// again.
//
// Floating sums depend on where adding began, and what is taken back must be what was sent: unless
// all calls take rows back exactly, each bounded frame is added up by itself.
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
  int64_t preceding = -1;  // rows; -1: all
  bool update_before = true;
  int64_t ttl_ms = 0;
};

[[nodiscard]] Result<OperatorPtr> make_sorted_over(SortedOverSpec spec, SharedCalls calls,
                                                   const PlanNode& node,
                                                   const OperatorContext& context);

}  // namespace millrace
