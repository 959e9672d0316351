// Aggregations under table.exec.mini-batch that keep their groups: the net change of each key once
// a bundle. How rows get into the groups is the intake's: of the rows themselves, or of
// accumulators that a local phase made of them.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "aggregates/aggregate-set.h"
#include "operators/bundled-operator.h"
#include "state/keyed-groups.h"

namespace millrace {

struct GroupAggregateSpec {
  std::vector<uint32_t> grouping;
  SharedCalls calls;
  bool generate_update_before = true;
  bool need_retraction = false;
  int64_t state_ttl_ms = 0;
};

// Everything of `node` that group-aggregate and global-group-aggregate both say.
[[nodiscard]] Result<GroupAggregateSpec> decode_group_aggregate(const PlanNode& node);
// Of the types of some of the columns of the first input.
[[nodiscard]] Result<KeyLayout> key_layout_of(const PlanNode& node,
                                              std::span<const uint32_t> columns);

// Keys are encoded already.
class Intake {
 public:
  using Expired = std::function<bool(uint32_t group)>;
  virtual ~Intake() = default;
  // Finds the groups of rows, and how many rows they have then; see KeyedGroups.
  virtual void resolve(KeyedGroups& groups, const Batch& batch, std::span<const uint32_t> rows,
                       const Expired& expired, ResolvedRows& out) = 0;
  // False: no row is ever taken back and no group expires, so that none is ever gone.
  [[nodiscard]] virtual bool counts_rows() const { return true; }
  // What resolve found goes into the aggregates.
  virtual Status fold(AggregateSet& aggregates, const Batch& batch, const ResolvedRows& found) = 0;
};

[[nodiscard]] std::unique_ptr<Intake> make_row_intake(const GroupAggregateSpec& spec);

[[nodiscard]] OperatorPtr make_mini_batch_aggregate(GroupAggregateSpec spec, BundleLimits limits,
                                                    Schema schema, KeyLayout layout,
                                                    std::unique_ptr<AggregateSet> aggregates,
                                                    std::unique_ptr<Intake> intake,
                                                    const OperatorContext& context);

}  // namespace millrace
