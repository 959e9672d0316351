// Group aggregation under table.exec.mini-batch: the net change of each key once a bundle.
#pragma once

#include <memory>

#include "aggregates/aggregate-set.h"
#include "operators/factory.h"

namespace millrace {

struct GroupAggregateSpec {
  std::vector<uint32_t> grouping;
  SharedCalls calls;
  bool generate_update_before = true;
  bool need_retraction = false;
  int64_t state_ttl_ms = 0;
};

struct BundleLimits {
  int64_t rows = 1;
  int64_t latency_ms = 0;  // 0 = no limit
};

[[nodiscard]] OperatorPtr make_mini_batch_aggregate(GroupAggregateSpec spec, BundleLimits limits,
                                                    Schema schema, KeyLayout layout,
                                                    std::unique_ptr<AggregateSet> aggregates,
                                                    const OperatorContext& context);

}  // namespace millrace
