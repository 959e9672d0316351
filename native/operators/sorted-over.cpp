#include "operators/sorted-over.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "operators/group-expiry.h"
#include "operators/over-stage.h"
#include "operators/ranked-rows.h"
#include "state/keyed-groups.h"

namespace millrace {
namespace {

// Partitions without rows are not worth a compaction below this.
constexpr uint32_t kMostEmpty = 1024;

// With a time to live a partition to which nothing came for so long begins anew.
class SortedOver final : public Operator {
 public:
  SortedOver(SortedOverSpec spec, SharedCalls calls, const PlanNode& node,
             const OperatorContext& context, KeyLayout layout, RowStore store, SortKeys keys,
             SortKeys equals, std::unique_ptr<AggregateSet> aggregates)
      : spec_(std::move(spec)),
        context_(context),
        expiry_(keys_of(spec_.partition, node.input_schemas[0]), spec_.ttl_ms),
        groups_(std::move(layout)),
        ranked_(node.input_schemas[0], spec_.partition, std::move(store), std::move(keys)),
        equals_(std::move(equals)),
        stage_(node.schema, node.input_schemas[0].size(), *calls, {}),
        aggregates_(std::move(aggregates)),
        reach_(spec_.preceding < 0 ? kNoEnd : static_cast<uint64_t>(spec_.preceding)),
        slides_(std::all_of(calls->begin(), calls->end(),
                            [](const AggregateCall& call) { return call.retract; })) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    numbers_.clear();
    for_each_row(batch.selection(), [&](uint32_t row) { numbers_.push_back(row); });
    std::vector<const Column*> keys;
    for (const uint32_t column : spec_.partition) keys.push_back(batch.columns[column].get());
    const auto count = static_cast<uint32_t>(numbers_.size());
    groups_.encode(keys, numbers_.data(), count);
    groups_.resolve_added(numbers_.data(), count, resolved_);
    ranked_.lists().resize(groups_.size());
    expiry_.resize(groups_.size());
    const int64_t now = context_.now_ms();
    ranked_.encode(batch.columns, numbers_.data(), count);
    size_t run = 0;
    const auto& runs = batch.watermarks;
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t row = numbers_[i];
      while (run < runs.size() && runs[run].row <= row) stage_.watermark(runs[run++].watermark);
      if (expiry_.is_expired(resolved_.groups[i], now)) drop(resolved_.groups[i]);
      expiry_.touch(resolved_.groups[i], now);
      const bool goes = takes_back(static_cast<uint8_t>(batch.kind(row)));
      if (goes) remove(batch, i, row, resolved_.groups[i]);
      else insert(batch, i, row, resolved_.groups[i]);
      if (stage_.is_full()) MR_TRY(flush(output));
    }
    while (run < runs.size()) stage_.watermark(runs[run++].watermark);
    expiry_.sweep(now, count, [this](uint32_t group) { drop(group); });
    MR_TRY(flush(output));
    compact_if_sparse();
    return Status::ok();
  }

  Status prepare_barrier(Output& /*output*/) override {
    expiry_.sweep_all(context_.now_ms(), [this](uint32_t group) { drop(group); });
    ranked_.settle();
    return Status::ok();
  }
  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    std::vector<StateTable> tables{ranked_.state_table()};
    expiry_.add_table(tables);
    return tables;
  }
  Result<Batch> snapshot(const StateTable& table) override {
    if (expiry_.owns(table)) return expiry_.snapshot(groups_);
    return ranked_.snapshot(table, groups_);
  }
  Status restore(const StateTable& table, const Batch& content) override {
    if (expiry_.owns(table)) MR_TRY(expiry_.restore(content, groups_));
    else MR_TRY(ranked_.restore(content, groups_));
    ranked_.lists().resize(groups_.size());
    expiry_.restored_all(groups_, context_.now_ms());
    return Status::ok();
  }
  [[nodiscard]] OperatorStats stats() const override {
    return {0, 0, ranked_.store().count(), groups_.bytes() + ranked_.bytes()};
  }

 private:
  // Greater than any position, also when positions are added to it.
  static constexpr uint64_t kNoEnd = uint64_t{1} << 40;

  void drop(uint32_t group) {
    expiry_.forget(group);
    ranked_.drop(group);
  }

  void compact_if_sparse() {
    if (groups_.size() <= 2 * ranked_.store().count() + kMostEmpty) return;
    for (uint32_t group = 0; group < groups_.size(); ++group) {
      if (ranked_.rows(group).empty()) groups_.kill(group);
    }
    std::vector<uint32_t> new_ids;
    const std::vector<uint32_t> kept = groups_.compact(new_ids);
    ranked_.renumber(kept, new_ids);
    expiry_.renumber(kept);
  }

  void insert(const Batch& batch, uint32_t encoded, uint32_t row, uint32_t list) {
    const uint32_t at = ranked_.position_after_equals(list, encoded);
    const uint32_t first = first_changed(list, at, encoded);
    fold(ranked_.rows(list), first, at + reach_, before_);
    const uint32_t id = ranked_.add(batch, row, encoded);
    ranked_.insert(list, at, id);
    const auto rows = ranked_.rows(list);
    fold(rows, first, at + reach_ + 1, after_);
    for (uint32_t i = first; i - first < after_.size(); ++i) {
      if (i == at) stage_.send(batch.kind(row), id, after_[i - first]);
      else change(rows[i], before_[(i < at ? i : i - 1) - first], after_[i - first]);
    }
  }

  // A row that is not there is passed over, as in Flink.
  void remove(const Batch& batch, uint32_t encoded, uint32_t row, uint32_t list) {
    const int64_t found = ranked_.find_equal_row(list, encoded, batch, row);
    if (found < 0) return;
    const auto at = static_cast<uint32_t>(found);
    rows_.assign(ranked_.rows(list).begin(), ranked_.rows(list).end());
    const uint32_t first = first_changed(list, at, encoded);
    fold(rows_, first, at + reach_ + 1, before_);
    ranked_.remove(list, at);
    fold(ranked_.rows(list), first, at + reach_, after_);
    for (uint32_t i = first; i - first < before_.size(); ++i) {
      if (i == at) stage_.send(RowKind::kDelete, rows_[i], before_[i - first]);
      else change(rows_[i], before_[i - first], after_[(i < at ? i : i - 1) - first]);
    }
  }

  // Under RANGE equal rows change together.
  uint32_t first_changed(uint32_t list, uint32_t at, uint32_t encoded) const {
    if (!spec_.is_range) return at;
    const auto rows = ranked_.rows(list);
    uint32_t first = at;
    while (first > 0 && ranked_.has_equal_key(encoded, rows[first - 1])) --first;
    return first;
  }

  void change(uint32_t id, uint32_t before, uint32_t after) {
    if (spec_.update_before) stage_.send(RowKind::kUpdateBefore, id, before, after);
    stage_.send(RowKind::kUpdateAfter, id, after, before);
  }

  // The events after which the rows from `first` to before `end` show their aggregates.
  void fold(std::span<const uint32_t> rows, uint32_t first, uint64_t end,
            std::vector<uint32_t>& events) {
    events.clear();
    const auto last = static_cast<uint32_t>(std::min<uint64_t>(rows.size(), end));
    if (reach_ == kNoEnd) {
      fold_all(rows, events);
      events.erase(events.begin(), events.begin() + first);
    } else if (slides_) {
      slide(rows, first, last, events);
    } else {
      fold_each(rows, first, last, events);
    }
  }

  // One frame after the other: a row comes, the row before the frame leaves.
  void slide(std::span<const uint32_t> rows, uint32_t first, uint32_t last,
             std::vector<uint32_t>& events) {
    const uint32_t group = folds_++;
    const uint64_t begin = first - std::min<uint64_t>(first, reach_);
    for (uint64_t i = begin; i < last; ++i) {
      if (i > begin + reach_) stage_.event(rows[i - reach_ - 1], group, true);
      const uint32_t event = stage_.event(rows[i], group, false);
      if (i >= first) events.push_back(event);
    }
  }

  void fold_each(std::span<const uint32_t> rows, uint32_t first, uint32_t last,
                 std::vector<uint32_t>& events) {
    for (uint64_t i = first; i < last; ++i) {
      const uint32_t group = folds_++;
      uint32_t event = 0;
      for (uint64_t j = i - std::min(i, reach_); j <= i; ++j) {
        event = stage_.event(rows[j], group, false);
      }
      events.push_back(event);
    }
  }

  // Events by position, in a group of their own; of equal rows under RANGE that of the last.
  void fold_all(std::span<const uint32_t> rows, std::vector<uint32_t>& events) {
    const uint32_t group = folds_++;
    for (const uint32_t id : rows) events.push_back(stage_.event(id, group, false));
    if (!spec_.is_range || rows.size() < 2) return;
    const RowStore& store = ranked_.store();
    std::vector<ColumnPtr> columns(spec_.order.column + 1);
    columns[spec_.order.column] = store.gather(spec_.order.column, rows);
    equal_rows_.resize(rows.size());
    for (uint32_t i = 0; i < rows.size(); ++i) equal_rows_[i] = i;
    equals_.encode(columns, equal_rows_.data(), static_cast<uint32_t>(rows.size()));
    for (uint32_t i = 0; i < rows.size(); ++i) equals_.keep(i, rows[i]);
    for (size_t i = rows.size() - 1; i-- > 0;) {
      const bool same = equals_.compare(static_cast<uint32_t>(i), rows[i + 1], store) == 0;
      if (same) events[i] = events[i + 1];
    }
  }

  Status flush(Output& output) {
    aggregates_->clear();
    aggregates_->resize(folds_);
    folds_ = 0;
    MR_TRY(stage_.flush(ranked_.store(), *aggregates_, output));
    ranked_.settle();
    return Status::ok();
  }

  SortedOverSpec spec_;
  OperatorContext context_;
  GroupExpiry expiry_;
  KeyedGroups groups_;
  RankedRows ranked_;
  SortKeys equals_;
  OverStage stage_;
  std::unique_ptr<AggregateSet> aggregates_;
  ResolvedRows resolved_;
  uint32_t folds_ = 0;
  // Rows behind a change that it reaches.
  uint64_t reach_;
  bool slides_;
  // From the first changed position: the event after which the row shows its aggregates.
  std::vector<uint32_t> before_;
  std::vector<uint32_t> after_;
  std::vector<uint32_t> rows_;
  std::vector<uint32_t> numbers_;
  std::vector<uint32_t> equal_rows_;
};

}  // namespace

Result<OperatorPtr> make_sorted_over(SortedOverSpec spec, SharedCalls calls,
                                     const PlanNode& node, const OperatorContext& context) {
  const Schema& input = node.input_schemas[0];
  MR_TRY_ASSIGN(KeyLayout layout, KeyLayout::create(types_of(spec.partition, input)));
  MR_TRY_ASSIGN(RowStore store, RowStore::create(input));
  const std::span order(&spec.order, 1);
  MR_TRY_ASSIGN(SortKeys keys, SortKeys::create(order, input));
  MR_TRY_ASSIGN(SortKeys equals, SortKeys::create(order, input));
  MR_TRY_ASSIGN(auto aggregates, AggregateSet::create(calls, input));
  return OperatorPtr(std::make_unique<SortedOver>(
      std::move(spec), std::move(calls), node, context, std::move(layout), std::move(store),
      std::move(keys), std::move(equals), std::move(aggregates)));
}

}  // namespace millrace
