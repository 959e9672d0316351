#include "operators/mini-batch-aggregate.h"

#include <algorithm>
#include <utility>

#include "columnar/cell.h"
#include "columnar/take.h"
#include "operators/group-expiry.h"
#include "operators/group-state.h"

namespace millrace {
namespace {

template <typename T>
bool values_equal(const Column& column, uint32_t a, uint32_t b) {
  return column.data<T>()[a] == column.data<T>()[b];
}

// As Flink's record equaliser: a NaN equals nothing.
bool same_in_column(const Column& column, uint32_t a, uint32_t b) {
  const bool null = column.is_null(a);
  if (null != column.is_null(b)) return false;
  if (null) return true;
  switch (column.physical) {
    case Physical::kBool:
    case Physical::kI8: return values_equal<int8_t>(column, a, b);
    case Physical::kI16: return values_equal<int16_t>(column, a, b);
    case Physical::kI32: return values_equal<int32_t>(column, a, b);
    case Physical::kI64: return values_equal<int64_t>(column, a, b);
    case Physical::kF32: return values_equal<float>(column, a, b);
    case Physical::kF64: return values_equal<double>(column, a, b);
    case Physical::kI128: return values_equal<int128>(column, a, b);
    case Physical::kRow:
    case Physical::kArray:
    case Physical::kMap: return equal_cells(column, a, b);
    default: return values_equal<StringView>(column, a, b);
  }
}

class MiniBatchAggregate final : public BundledOperator {
 public:
  MiniBatchAggregate(GroupAggregateSpec spec, BundleLimits limits, Schema schema,
                     KeyLayout layout, std::unique_ptr<AggregateSet> aggregates,
                     std::unique_ptr<Intake> intake, const OperatorContext& context)
      : BundledOperator(std::move(schema), limits, context),
        spec_(std::move(spec)),
        groups_(std::move(layout)),
        aggregates_(std::move(aggregates)),
        intake_(std::move(intake)),
        expiry_(key_fields(), spec_.state_ttl_ms) {}

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    std::vector<StateTable> tables = group_state_tables(key_fields(), *aggregates_, false);
    expiry_.add_table(tables);
    return tables;
  }
  Result<Batch> snapshot(const StateTable& table) override {
    if (expiry_.owns(table)) return expiry_.snapshot(groups_);
    return save_group_state(table, key_fields(), groups_, *aggregates_, no_times_);
  }
  Status restore(const StateTable& table, const Batch& content) override {
    if (expiry_.owns(table)) MR_TRY(expiry_.restore(content, groups_));
    else MR_TRY(restore_groups(table, content));
    expiry_.restored_all(groups_, context_.now_ms());
    touched_in_.resize(groups_.size());
    return Status::ok();
  }
  [[nodiscard]] OperatorStats stats() const override {
    return {0, 0, groups_.alive_count() + aggregates_->counted_rows(),
            groups_.bytes() + aggregates_->bytes()};
  }

 private:
  [[nodiscard]] std::span<const Field> key_fields() const {
    return std::span(schema_).first(spec_.grouping.size());
  }

  // Takes rows into the bundle. What a group was before its first row here is kept.
  Status fold(const Batch& batch, const uint32_t* rows, uint32_t count) override {
    const int64_t now = context_.now_ms();
    keys_.clear();
    for (const uint32_t column : spec_.grouping) keys_.push_back(batch.columns[column].get());
    groups_.encode(keys_, rows, count);
    const Intake::Expired expired = [&](uint32_t group) {
      const bool is_old = expiry_.is_expired(group, now) && touched_in_[group] != bundle_;
      if (is_old) expiry_.forget(group);
      return is_old;
    };
    intake_->resolve(groups_, batch, {rows, count}, expired, resolved_);
    aggregates_->resize(groups_.size());
    touched_in_.resize(groups_.size());
    expiry_.resize(groups_.size());
    touch(now);
    MR_TRY(intake_->fold(*aggregates_, batch, resolved_));
    return aggregates_->failure();
  }

  Status restore_groups(const StateTable& table, const Batch& content) {
    return restore_group_state(table, key_fields(), content, groups_, *aggregates_, no_times_);
  }

  void drop(uint32_t group) {
    expiry_.forget(group);
    groups_.kill(group);
  }

  void touch(int64_t now) {
    std::vector<uint32_t> known;
    for (uint32_t i = 0; i < resolved_.count(); ++i) {
      const uint32_t group = resolved_.groups[i];
      expiry_.touch(group, now);
      if (std::exchange(touched_in_[group], bundle_) == bundle_) continue;
      touched_.push_back(group);
      created_.push_back(resolved_.created[i]);
      if (resolved_.created[i] == 0) known.push_back(group);
    }
    if (known.empty()) return;
    Batch& before = before_.emplace_back();
    before.row_count = static_cast<uint32_t>(known.size());
    aggregates_->values(known, before.columns);
  }

  Result<Batch> end_bundle() override {
    Batch out;
    if (!touched_.empty()) out = net_changes();
    const auto count = static_cast<uint32_t>(touched_.size());
    ++bundle_;
    touched_.clear();
    created_.clear();
    before_.clear();
    if (expiry_.is_on()) {
      expiry_.sweep(context_.now_ms(), count, [this](uint32_t group) { drop(group); });
    }
    compact_if_due();
    return out;
  }

  // One physical table: the rows before of known groups, then the rows after of all touched; the
  // changes are taken from it.
  Batch net_changes() {
    std::vector<BatchPiece> pieces;
    for (const Batch& batch : before_) pieces.push_back({&batch, batch.selection()});
    Batch after;
    after.row_count = static_cast<uint32_t>(touched_.size());
    aggregates_->values(touched_, after.columns);
    if (before_.empty() && !intake_->counts_rows()) return with_keys(touched_, after.columns);
    pieces.push_back({&after, after.selection()});
    const Batch all = gather(pieces);
    const uint32_t first_after = all.row_count - after.row_count;
    std::vector<uint32_t> sources;
    std::vector<uint32_t> groups;
    std::vector<uint8_t> kinds;
    const auto send = [&](uint32_t row, uint32_t group, RowKind kind) {
      sources.push_back(row);
      groups.push_back(group);
      kinds.push_back(static_cast<uint8_t>(kind));
    };
    uint32_t before = 0;
    for (uint32_t i = 0; i < touched_.size(); ++i) {
      const uint32_t group = touched_[i];
      const uint32_t row = first_after + i;
      const bool is_gone = intake_->counts_rows() && groups_.row_count(group) == 0;
      if (is_gone) drop(group);
      if (created_[i] != 0) {
        if (!is_gone) send(row, group, RowKind::kInsert);
        continue;
      }
      const uint32_t old_row = before++;
      if (is_gone) {
        send(old_row, group, RowKind::kDelete);
      } else if (!same_row(all, old_row, row)) {
        if (spec_.generate_update_before) send(old_row, group, RowKind::kUpdateBefore);
        send(row, group, RowKind::kUpdateAfter);
      }
    }
    return changes_of(all, sources, groups, kinds);
  }

  static bool same_row(const Batch& batch, uint32_t a, uint32_t b) {
    return std::all_of(batch.columns.begin(), batch.columns.end(),
                       [&](const ColumnPtr& column) { return same_in_column(*column, a, b); });
  }

  Batch with_keys(const std::vector<uint32_t>& groups, std::span<const ColumnPtr> values) const {
    Batch out;
    out.row_count = static_cast<uint32_t>(groups.size());
    for (uint32_t i = 0; i < spec_.grouping.size(); ++i) {
      ColumnPtr column = make_column(schema_[i].type, out.row_count);
      groups_.decode(i, groups, *column);
      out.columns.push_back(std::move(column));
    }
    out.columns.insert(out.columns.end(), values.begin(), values.end());
    return out;
  }

  Batch changes_of(const Batch& all, const std::vector<uint32_t>& sources,
                   const std::vector<uint32_t>& groups, const std::vector<uint8_t>& kinds) const {
    const Selection rows{sources.data(), static_cast<uint32_t>(sources.size())};
    std::vector<ColumnPtr> values;
    for (const ColumnPtr& column : all.columns) values.push_back(take(*column, rows));
    Batch out = with_keys(groups, values);
    out.row_kinds = std::make_shared<Buffer>(kinds.size());
    std::copy(kinds.begin(), kinds.end(), out.row_kinds->data());
    return out;
  }

  void compact_if_due() {
    if (!groups_.should_compact()) return;
    std::vector<uint32_t> new_ids;
    const std::vector<uint32_t> kept = groups_.compact(new_ids);
    aggregates_->keep(kept, new_ids);
    touched_in_.assign(kept.size(), 0);
    expiry_.renumber(kept);
  }

  GroupAggregateSpec spec_;
  KeyedGroups groups_;
  std::unique_ptr<AggregateSet> aggregates_;
  std::unique_ptr<Intake> intake_;
  GroupExpiry expiry_;
  std::vector<int64_t> no_times_;  // what table "groups" has none of here
  // The bundle: its number, its groups in the order of first sight, and the values that known
  // ones had before it.
  uint64_t bundle_ = 1;
  std::vector<uint64_t> touched_in_;
  std::vector<uint32_t> touched_;
  std::vector<uint8_t> created_;
  std::vector<Batch> before_;
  // Scratch.
  std::vector<const Column*> keys_;
  ResolvedRows resolved_;
};

// Each row counts by itself.
class RowIntake final : public Intake {
 public:
  explicit RowIntake(const GroupAggregateSpec& spec)
      : need_retraction_(spec.need_retraction),
        counts_rows_(spec.need_retraction || spec.state_ttl_ms > 0) {}

  void resolve(KeyedGroups& groups, const Batch& batch, std::span<const uint32_t> rows,
               const Expired& expired, ResolvedRows& out) override {
    const uint8_t* kinds = batch.row_kinds == nullptr ? nullptr : batch.row_kinds->data();
    const auto count = static_cast<uint32_t>(rows.size());
    if (!counts_rows_) return groups.resolve_added(rows.data(), count, out);
    groups.resolve_changes<true>(rows.data(), kinds, count, expired, out);
  }
  [[nodiscard]] bool counts_rows() const override { return counts_rows_; }
  Status fold(AggregateSet& aggregates, const Batch& batch, const ResolvedRows& found) override {
    aggregates.update(batch, {found.rows.data(), found.groups.data(),
                              need_retraction_ ? found.retract.data() : nullptr, found.count()});
    return Status::ok();
  }

 private:
  bool need_retraction_;
  bool counts_rows_;
};

}  // namespace

std::unique_ptr<Intake> make_row_intake(const GroupAggregateSpec& spec) {
  return std::make_unique<RowIntake>(spec);
}

OperatorPtr make_mini_batch_aggregate(GroupAggregateSpec spec, BundleLimits limits, Schema schema,
                                      KeyLayout layout, std::unique_ptr<AggregateSet> aggregates,
                                      std::unique_ptr<Intake> intake,
                                      const OperatorContext& context) {
  return std::make_unique<MiniBatchAggregate>(std::move(spec), limits, std::move(schema),
                                              std::move(layout), std::move(aggregates),
                                              std::move(intake), context);
}

}  // namespace millrace
