#include "operators/group-aggregate.h"

#include <utility>

#include "aggregates/aggregate-set.h"
#include "columnar/take.h"
#include "operators/group-expiry.h"
#include "operators/group-state.h"
#include "operators/mini-batch-aggregate.h"
#include "state/keyed-groups.h"

namespace millrace {
namespace {

// Row by row: for the row at position i of the resolved rows, slot 2i holds the group's row before
// it and slot 2i + 1 after it (slot i alone where nobody wants -U); a selection keeps the slots
// that are changes. So nothing is gathered but the keys.
class GroupAggregate final : public Operator {
 public:
  GroupAggregate(GroupAggregateSpec spec, Schema schema, KeyLayout layout,
                 std::unique_ptr<AggregateSet> aggregates, const OperatorContext& context)
      : spec_(std::move(spec)),
        schema_(std::move(schema)),
        groups_(std::move(layout)),
        aggregates_(std::move(aggregates)),
        context_(context),
        expiry_(key_fields(), spec_.state_ttl_ms) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    resolve(batch);
    aggregates_->resize(groups_.size());
    const uint32_t count = resolved_.count();
    if (count == 0) {
      sweep(batch.active_count());
      if (batch.watermarks.empty()) return Status::ok();
      return output.emit(watermark_batch(schema_, batch.watermarks.back().watermark));
    }
    Batch out = emit_changes(batch);
    MR_TRY(aggregates_->failure());
    sweep(batch.active_count());
    if (out.active_count() == 0 && out.watermarks.empty()) return Status::ok();
    return output.emit(compacted_if_sparse(std::move(out)));
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    std::vector<StateTable> tables = group_state_tables(key_fields(), *aggregates_, false);
    expiry_.add_table(tables);
    return tables;
  }
  Status prepare_barrier(Output& /*output*/) override {
    expiry_.sweep_all(context_.now_ms(), [this](uint32_t group) { drop(group); });
    return Status::ok();
  }
  Result<Batch> snapshot(const StateTable& table) override {
    if (expiry_.owns(table)) return expiry_.snapshot(groups_);
    return save_group_state(table, key_fields(), groups_, *aggregates_, no_times_);
  }
  Status restore(const StateTable& table, const Batch& content) override {
    if (expiry_.owns(table)) MR_TRY(expiry_.restore(content, groups_));
    else MR_TRY(restore_groups(table, content));
    expiry_.restored_all(groups_, context_.now_ms());
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

  void resolve(const Batch& batch) {
    const Selection selection = batch.selection();
    const uint32_t* rows = selection.indexes;
    if (rows == nullptr) {
      for (auto i = static_cast<uint32_t>(identity_.size()); i < selection.count; ++i) {
        identity_.push_back(i);
      }
      rows = identity_.data();
    }
    keys_.clear();
    for (const uint32_t column : spec_.grouping) keys_.push_back(batch.columns[column].get());
    groups_.encode(keys_, rows, selection.count);
    const uint8_t* kinds = batch.row_kinds == nullptr ? nullptr : batch.row_kinds->data();
    if (expiry_.is_on()) {
      resolve_with_ttl(rows, kinds, selection.count);
    } else if (spec_.need_retraction) {
      groups_.resolve_changes<false>(rows, kinds, selection.count, [](uint32_t) { return false; },
                              resolved_);
    } else {
      groups_.resolve_added(rows, selection.count, resolved_);
    }
  }

  Status restore_groups(const StateTable& table, const Batch& content) {
    return restore_group_state(table, key_fields(), content, groups_, *aggregates_, no_times_);
  }

  void resolve_with_ttl(const uint32_t* rows, const uint8_t* kinds, uint32_t count) {
    const int64_t now = context_.now_ms();
    const auto expired = [&](uint32_t group) {
      const bool is_old = expiry_.is_expired(group, now);
      if (is_old) expiry_.forget(group);
      return is_old;
    };
    groups_.resolve_changes<false>(rows, kinds, count, expired, resolved_);
    expiry_.resize(groups_.size());
    for (uint32_t i = 0; i < resolved_.count(); ++i) {
      if (resolved_.deletes[i] != 0) expiry_.forget(resolved_.groups[i]);
      else expiry_.touch(resolved_.groups[i], now);
    }
  }

  void drop(uint32_t group) {
    expiry_.forget(group);
    groups_.kill(group);
  }

  void sweep(uint32_t row_count) {
    if (expiry_.is_on()) {
      expiry_.sweep(context_.now_ms(), row_count, [this](uint32_t group) { drop(group); });
    }
    compact_if_due();
  }

  Batch emit_changes(const Batch& batch) {
    const uint32_t count = resolved_.count();
    const bool pairs = spec_.generate_update_before;
    const AggregateRows rows{resolved_.rows.data(), resolved_.groups.data(),
                             spec_.need_retraction ? resolved_.retract.data() : nullptr, count};
    const uint8_t* deletes = resolved_.deletes.empty() ? nullptr : resolved_.deletes.data();
    changed_.assign(count, spec_.state_ttl_ms > 0 ? 1 : 0);
    Batch out;
    out.row_count = pairs ? 2 * count : count;
    for (const uint32_t column : spec_.grouping) {
      out.columns.push_back(key_column(batch.columns[column], pairs));
    }
    aggregates_->update(batch, rows, pairs, deletes, changed_.data(), out.columns);
    pairs ? select_pairs(deletes, out) : select_single(deletes, out);
    move_watermarks(batch.watermarks, pairs ? 2 : 1, out);
    return out;
  }

  // The keys of the input rows, twice each where slots come in pairs.
  ColumnPtr key_column(const ColumnPtr& column, bool pairs) {
    if (column->constant) return column;
    slots_.clear();
    for (const uint32_t row : resolved_.rows) {
      slots_.push_back(row);
      if (pairs) slots_.push_back(row);
    }
    return take(*column, Selection{slots_.data(), static_cast<uint32_t>(slots_.size())});
  }

  void select_pairs(const uint8_t* deletes, Batch& out) const {
    const uint32_t count = resolved_.count();
    out.row_kinds = std::make_shared<Buffer>(out.row_count);
    uint8_t* kinds = out.row_kinds->data();
    auto selected = std::make_shared<std::vector<uint32_t>>();
    selected->resize(out.row_count);
    uint32_t* end = selected->data();
    for (uint32_t i = 0; i < count; ++i) {
      const bool created = resolved_.created[i] != 0;
      const bool is_delete = deletes != nullptr && deletes[i] != 0;
      const bool alive = created || is_delete || changed_[i] != 0;
      kinds[2 * i] = static_cast<uint8_t>(is_delete ? RowKind::kDelete : RowKind::kUpdateBefore);
      kinds[2 * i + 1] =
          static_cast<uint8_t>(created ? RowKind::kInsert : RowKind::kUpdateAfter);
      *end = 2 * i;
      end += alive && !created;
      *end = 2 * i + 1;
      end += alive && !is_delete;
    }
    selected->resize(static_cast<size_t>(end - selected->data()));
    out.selected = std::move(selected);
  }

  void select_single(const uint8_t* deletes, Batch& out) const {
    const uint32_t count = resolved_.count();
    out.row_kinds = std::make_shared<Buffer>(out.row_count);
    uint8_t* kinds = out.row_kinds->data();
    auto selected = std::make_shared<std::vector<uint32_t>>();
    selected->resize(count);
    uint32_t* end = selected->data();
    for (uint32_t i = 0; i < count; ++i) {
      const bool created = resolved_.created[i] != 0;
      const bool is_delete = deletes != nullptr && deletes[i] != 0;
      kinds[i] = static_cast<uint8_t>(created     ? RowKind::kInsert
                                      : is_delete ? RowKind::kDelete
                                                  : RowKind::kUpdateAfter);
      *end = i;
      end += created || is_delete || changed_[i] != 0;
    }
    selected->resize(static_cast<size_t>(end - selected->data()));
    if (selected->size() < count) out.selected = std::move(selected);
  }

  // A run before input row r stands before the first slot of the first resolved row at or after r.
  void move_watermarks(const std::vector<WatermarkRun>& runs, uint32_t slots_per_row,
                       Batch& out) const {
    uint32_t position = 0;
    for (const WatermarkRun& run : runs) {
      while (position < resolved_.count() && resolved_.rows[position] < run.row) ++position;
      const uint32_t row = position * slots_per_row;
      if (!out.watermarks.empty() && out.watermarks.back().row == row) {
        out.watermarks.back().watermark = run.watermark;
      } else {
        out.watermarks.push_back({row, run.watermark});
      }
    }
  }

  void compact_if_due() {
    if (!groups_.should_compact()) return;
    std::vector<uint32_t> new_ids;
    const std::vector<uint32_t> kept = groups_.compact(new_ids);
    aggregates_->keep(kept, new_ids);
    expiry_.renumber(kept);
  }

  GroupAggregateSpec spec_;
  Schema schema_;
  KeyedGroups groups_;
  std::unique_ptr<AggregateSet> aggregates_;
  OperatorContext context_;
  GroupExpiry expiry_;
  std::vector<int64_t> no_times_;  // what table "groups" has none of here
  // Scratch of one batch.
  std::vector<uint32_t> identity_;
  std::vector<const Column*> keys_;
  ResolvedRows resolved_;
  std::vector<uint8_t> changed_;
  std::vector<uint32_t> slots_;
};

}  // namespace

Result<GroupAggregateSpec> decode_group_aggregate(const PlanNode& node) {
  GroupAggregateSpec spec;
  MR_TRY_ASSIGN(spec.grouping, node.value->indexes_at("grouping"));
  MR_TRY_ASSIGN(auto calls, decode_aggregate_calls(*node.value));
  MR_TRY_ASSIGN(spec.generate_update_before, node.value->bool_at("generateUpdateBefore"));
  MR_TRY_ASSIGN(spec.need_retraction, node.value->bool_at("needRetraction"));
  MR_TRY_ASSIGN(spec.state_ttl_ms, node.value->int_at("stateTtlMs"));
  spec.calls = std::make_shared<const std::vector<AggregateCall>>(std::move(calls));
  if (node.schema.size() != spec.grouping.size() + spec.calls->size()) {
    return Status::error("MR9001", node.kind + ": schema does not fit");
  }
  return spec;
}

Result<KeyLayout> key_layout_of(const PlanNode& node, std::span<const uint32_t> columns) {
  const Schema& input = node.input_schemas[0];
  std::vector<DataType> types;
  for (const uint32_t column : columns) {
    if (column >= input.size()) return Status::error("MR9001", "group key: no such column");
    types.push_back(input[column].type);
  }
  return KeyLayout::create(types);
}

Result<OperatorPtr> make_group_aggregate(const PlanNode& node, const OperatorContext& context) {
  MR_TRY_ASSIGN(GroupAggregateSpec spec, decode_group_aggregate(node));
  MR_TRY_ASSIGN(KeyLayout layout, key_layout_of(node, spec.grouping));
  MR_TRY_ASSIGN(auto aggregates, AggregateSet::create(spec.calls, node.input_schemas[0]));
  const plan::Value* mini_batch = node.value->find("miniBatch");
  if (mini_batch != nullptr && !mini_batch->is_null()) {
    MR_TRY_ASSIGN(const BundleLimits limits, decode_bundle_limits(node));
    auto intake = make_row_intake(spec);
    return make_mini_batch_aggregate(std::move(spec), limits, node.schema, std::move(layout),
                                     std::move(aggregates), std::move(intake), context);
  }
  return OperatorPtr(std::make_unique<GroupAggregate>(std::move(spec), node.schema,
                                                      std::move(layout), std::move(aggregates),
                                                      context));
}

}  // namespace millrace
