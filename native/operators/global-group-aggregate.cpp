#include "operators/global-group-aggregate.h"

#include <utility>

#include "aggregates/accumulators.h"
#include "operators/mini-batch-aggregate.h"

namespace millrace {
namespace {

// Behind the keys stands the number of rows, where some are taken back, then accumulators.
class AccumulatorIntake final : public Intake {
 public:
  AccumulatorIntake(SharedCalls calls, Schema rows, uint32_t key_count, bool need_retraction)
      : calls_(std::move(calls)),
        rows_(std::move(rows)),
        key_count_(key_count),
        need_retraction_(need_retraction) {}

  void resolve(KeyedGroups& groups, const Batch& batch, std::span<const uint32_t> rows,
               const Expired& expired, ResolvedRows& out) override {
    const Column* counts = need_retraction_ ? batch.columns[key_count_].get() : nullptr;
    const auto count = static_cast<uint32_t>(rows.size());
    groups.resolve_merged(rows.data(), counts, count, expired, out);
  }
  Status fold(AggregateSet& aggregates, const Batch& batch, const ResolvedRows& found) override {
    MR_TRY_ASSIGN(auto spare, AggregateSet::create(calls_, rows_));
    const std::span<const ColumnPtr> columns(batch.columns);
    return merge_accumulators(aggregates, *spare,
                              columns.subspan(key_count_ + (need_retraction_ ? 1 : 0)),
                              found.rows, found.groups);
  }

 private:
  SharedCalls calls_;
  Schema rows_;
  uint32_t key_count_;
  bool need_retraction_;
};

}  // namespace

Result<OperatorPtr> make_global_group_aggregate(const PlanNode& node,
                                                const OperatorContext& context) {
  MR_TRY_ASSIGN(GroupAggregateSpec spec, decode_group_aggregate(node));
  MR_TRY_ASSIGN(const BundleLimits limits, decode_bundle_limits(node));
  const plan::Value* taken = node.value->find("rows");
  if (taken == nullptr) return Status::error("MR9001", "global phase: no schema of the local one");
  MR_TRY_ASSIGN(Schema rows, plan::decode_schema(*taken));
  const auto key_count = static_cast<uint32_t>(spec.grouping.size());
  const size_t least = size_t{key_count} + (spec.need_retraction ? 1 : 0);
  if (node.input_schemas[0].size() < least) {
    return Status::error("MR9001", "global phase: too few columns");
  }
  MR_TRY_ASSIGN(KeyLayout layout, key_layout_of(node, spec.grouping));
  MR_TRY_ASSIGN(auto aggregates, AggregateSet::create(spec.calls, rows));
  auto intake = std::make_unique<AccumulatorIntake>(spec.calls, std::move(rows), key_count,
                                                    spec.need_retraction);
  return make_mini_batch_aggregate(std::move(spec), limits, node.schema, std::move(layout),
                                   std::move(aggregates), std::move(intake), context);
}

}  // namespace millrace
