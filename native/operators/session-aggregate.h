// Aggregates over sessions of the grouping keys: a session keeps what its aggregates hold, not its
// rows.
#pragma once

#include <memory>
#include <vector>

#include "aggregates/aggregate-set.h"
#include "operators/factory.h"
#include "operators/window-grid.h"

namespace millrace {

enum class WindowProperty : uint8_t { kStart, kEnd, kRowtime, kProctime };

struct SessionAggregateSpec {
  WindowSpec window;
  std::vector<uint32_t> grouping;
  std::vector<WindowProperty> properties;
  Schema schema;
  bool need_retraction = false;
};

[[nodiscard]] OperatorPtr make_session_aggregate(SessionAggregateSpec spec, KeyLayout layout,
                                                 std::unique_ptr<AggregateSet> aggregates,
                                                 OperatorContext context);

}  // namespace millrace
