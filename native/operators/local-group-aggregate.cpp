#include "operators/local-group-aggregate.h"

#include <algorithm>
#include <utility>

#include "aggregates/accumulators.h"
#include "operators/mini-batch-aggregate.h"

namespace millrace {
namespace {

class LocalGroupAggregate final : public BundledOperator {
 public:
  LocalGroupAggregate(std::vector<uint32_t> grouping, SharedCalls calls, bool need_retraction,
                      BundleLimits limits, const PlanNode& node, KeyLayout layout,
                      std::unique_ptr<AggregateSet> aggregates, const OperatorContext& context)
      : BundledOperator(node.schema, limits, context),
        grouping_(std::move(grouping)),
        calls_(std::move(calls)),
        input_(node.input_schemas[0]),
        need_retraction_(need_retraction),
        layout_(std::move(layout)),
        groups_(layout_),
        aggregates_(std::move(aggregates)) {}

  [[nodiscard]] OperatorStats stats() const override {
    return {0, 0, 0, groups_.bytes() + aggregates_->bytes()};
  }

 private:
  Status fold(const Batch& batch, const uint32_t* rows, uint32_t count) override {
    keys_.clear();
    for (const uint32_t column : grouping_) keys_.push_back(batch.columns[column].get());
    groups_.encode(keys_, rows, count);
    groups_.resolve_added(rows, count, resolved_);
    aggregates_->resize(groups_.size());
    if (need_retraction_) count_rows(batch);
    aggregates_->update(batch, {resolved_.rows.data(), resolved_.groups.data(),
                                need_retraction_ ? resolved_.retract.data() : nullptr,
                                resolved_.count()});
    return aggregates_->failure();
  }

  // Rows that came less those taken back, by group.
  void count_rows(const Batch& batch) {
    counts_.resize(groups_.size());
    resolved_.retract.resize(resolved_.count());
    for (uint32_t i = 0; i < resolved_.count(); ++i) {
      const bool back = batch.row_kinds != nullptr &&
                        takes_back(batch.row_kinds->data()[resolved_.rows[i]]);
      resolved_.retract[i] = back ? 1 : 0;
      counts_[resolved_.groups[i]] += back ? -1 : 1;
    }
  }

  Result<Batch> end_bundle() override {
    Batch out;
    out.row_count = groups_.size();
    std::vector<uint32_t> all(out.row_count);
    for (uint32_t group = 0; group < out.row_count; ++group) all[group] = group;
    for (uint32_t i = 0; i < grouping_.size(); ++i) {
      ColumnPtr column = make_column(schema_[i].type, out.row_count);
      groups_.decode(i, all, *column);
      out.columns.push_back(std::move(column));
    }
    if (need_retraction_) {
      ColumnPtr counts = make_column(schema_[grouping_.size()].type, out.row_count);
      std::copy(counts_.begin(), counts_.end(), counts->data<int64_t>());
      out.columns.push_back(std::move(counts));
    }
    const std::span<const Field> fields = std::span(schema_).subspan(out.columns.size());
    MR_TRY(write_accumulators(*aggregates_, out.row_count, fields, out.columns));
    groups_ = KeyedGroups(layout_);
    counts_.clear();
    MR_TRY_ASSIGN(aggregates_, AggregateSet::create(calls_, input_));
    return out;
  }

  std::vector<uint32_t> grouping_;
  SharedCalls calls_;
  Schema input_;
  bool need_retraction_;
  KeyLayout layout_;
  KeyedGroups groups_;
  std::unique_ptr<AggregateSet> aggregates_;
  std::vector<int64_t> counts_;
  // Scratch.
  std::vector<const Column*> keys_;
  ResolvedRows resolved_;
};

}  // namespace

Result<OperatorPtr> make_local_group_aggregate(const PlanNode& node,
                                               const OperatorContext& context) {
  MR_TRY_ASSIGN(auto grouping, node.value->indexes_at("grouping"));
  MR_TRY_ASSIGN(auto decoded, decode_aggregate_calls(*node.value));
  MR_TRY_ASSIGN(const bool need_retraction, node.value->bool_at("needRetraction"));
  MR_TRY_ASSIGN(const BundleLimits limits, decode_bundle_limits(node));
  if (node.schema.size() < grouping.size() + (need_retraction ? 1 : 0)) {
    return Status::error("MR9001", "local phase: schema does not fit");
  }
  auto calls = std::make_shared<const std::vector<AggregateCall>>(std::move(decoded));
  MR_TRY_ASSIGN(KeyLayout layout, key_layout_of(node, grouping));
  MR_TRY_ASSIGN(auto aggregates, AggregateSet::create(calls, node.input_schemas[0]));
  return OperatorPtr(std::make_unique<LocalGroupAggregate>(
      std::move(grouping), std::move(calls), need_retraction, limits, node, std::move(layout),
      std::move(aggregates), context));
}

}  // namespace millrace
