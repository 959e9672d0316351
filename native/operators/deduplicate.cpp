#include "operators/deduplicate.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "operators/change-buffer.h"
#include "operators/group-expiry.h"
#include "operators/ranked-rows.h"
#include "operators/row-store.h"
#include "state/keyed-groups.h"

namespace millrace {
namespace {

// What Flink's four functions do, one row a key:
//
//     first by arrival    the first row is emitted, the rest dropped
//     last by arrival     each row replaces the one before
//     last by row time    a row replaces one that is not later; late rows count too
//     first by row time   the earliest row is emitted once the watermark reaches it; rows behind
//                         the watermark are dropped
//
// With a time to live a key starts anew when its row was not replaced for so long; a row that
// waits for the watermark stays.
class Deduplicate final : public Operator {
 public:
  struct Spec {
    std::vector<uint32_t> keys;
    int64_t rowtime = -1;
    bool keep_last = false;
    bool update_before = true;
    int64_t ttl_ms = 0;
    [[nodiscard]] bool waits() const { return rowtime >= 0 && !keep_last; }
  };

  Deduplicate(Spec spec, const PlanNode& node, const OperatorContext& context, KeyLayout layout,
              RowStore store)
      : spec_(std::move(spec)),
        schema_(node.schema),
        context_(context),
        groups_(std::move(layout)),
        store_(std::move(store)),
        changes_(node.schema, false),
        expiry_(keys_of(spec_.keys, schema_), spec_.ttl_ms) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    if (batch.row_kinds != nullptr) {
      return Status::error("MR2104", "native: deduplication of an updating input");
    }
    std::vector<const Column*> keys;
    for (const uint32_t column : spec_.keys) keys.push_back(batch.columns[column].get());
    numbers_.clear();
    for_each_row(batch.selection(), [&](uint32_t row) { numbers_.push_back(row); });
    groups_.encode(keys, numbers_.data(), batch.active_count());
    groups_.resolve_added(numbers_.data(), batch.active_count(), resolved_);
    grow_to_groups();
    now_ms_ = context_.now_ms();
    size_t run = 0;
    for (uint32_t i = 0; i < resolved_.count(); ++i) {
      const uint32_t row = resolved_.rows[i];
      while (run < batch.watermarks.size() && batch.watermarks[run].row <= row) {
        raise(batch.watermarks[run++].watermark);
      }
      MR_TRY(take_row(batch, row, resolved_.groups[i]));
    }
    while (run < batch.watermarks.size()) raise(batch.watermarks[run++].watermark);
    expiry_.sweep(now_ms_, resolved_.count(), [this](uint32_t group) { drop(group); });
    MR_TRY(changes_.flush(store_, output));
    store_.settle();
    compact_if_sparse();
    return Status::ok();
  }

  Status prepare_barrier(Output& /*output*/) override {
    expiry_.sweep_all(context_.now_ms(), [this](uint32_t group) { drop(group); });
    store_.settle();
    return Status::ok();
  }

  // Table "rows": the row of each key; first by row time adds whether it is still to be emitted,
  // and has the watermark in a table of its own.
  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    StateTable rows{"rows", {}, static_cast<uint32_t>(spec_.keys.size())};
    for (const uint32_t column : state_order()) rows.fields.push_back(schema_[column]);
    std::vector<StateTable> tables{rows};
    if (spec_.waits()) {
      tables[0].fields.push_back({"waiting", DataType{TypeRoot::kBoolean, false, 0, 0, 0, {}}});
      const DataType bigint{TypeRoot::kBigint, false, 0, 0, 0, {}};
      tables.push_back({"watermark", {{"watermark", bigint}}, 0});
    }
    expiry_.add_table(tables);
    return tables;
  }

  Result<Batch> snapshot(const StateTable& table) override {
    if (expiry_.owns(table)) return expiry_.snapshot(groups_);
    Batch batch;
    if (table.name == "watermark") {
      batch.row_count = 1;
      batch.columns.push_back(make_column(table.fields[0].type, 1));
      batch.columns[0]->data<int64_t>()[0] = watermark_;
      return batch;
    }
    std::vector<uint32_t> ids;
    std::vector<uint8_t> waiting;
    for (uint32_t group = 0; group < rows_.size(); ++group) {
      if (rows_[group] == kNone) continue;
      ids.push_back(rows_[group]);
      if (spec_.waits()) waiting.push_back(waiting_[group]);
    }
    batch.row_count = static_cast<uint32_t>(ids.size());
    for (const uint32_t column : state_order()) batch.columns.push_back(store_.gather(column, ids));
    if (spec_.waits()) {
      ColumnPtr flags = make_column(table.fields.back().type, batch.row_count);
      std::copy(waiting.begin(), waiting.end(), flags->data<uint8_t>());
      batch.columns.push_back(std::move(flags));
    }
    return batch;
  }

  Status restore(const StateTable& table, const Batch& content) override {
    if (table.name == "watermark") {
      const Column& column = *content.columns[0];
      for (uint32_t row = 0; row < content.row_count; ++row) {
        const int64_t watermark = column.data<int64_t>()[column.at(row)];
        watermark_ = restored_ ? std::min(watermark_, watermark) : watermark;
        restored_ = true;
      }
      return Status::ok();
    }
    if (expiry_.owns(table)) {
      MR_TRY(expiry_.restore(content, groups_));
      grow_to_groups();
      return Status::ok();
    }
    return restore_rows(content);
  }

  [[nodiscard]] OperatorStats stats() const override {
    return {late_rows_, 0, store_.count(), groups_.bytes() + store_.bytes()};
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  // Keys without a row are not worth a compaction below this.
  static constexpr uint32_t kMostEmpty = 1024;

  void grow_to_groups() {
    rows_.resize(groups_.size(), kNone);
    waiting_.resize(spec_.waits() ? groups_.size() : 0, 0);
    expiry_.resize(groups_.size());
  }

  // Columns of the schema, the keys first.
  [[nodiscard]] std::vector<uint32_t> state_order() const {
    std::vector<uint32_t> order = spec_.keys;
    for (uint32_t column = 0; column < schema_.size(); ++column) {
      if (std::find(spec_.keys.begin(), spec_.keys.end(), column) == spec_.keys.end()) {
        order.push_back(column);
      }
    }
    return order;
  }

  Status restore_rows(const Batch& content) {
    const std::vector<uint32_t> order = state_order();
    if (content.columns.size() != order.size() + (spec_.waits() ? 1 : 0)) {
      return Status::error("MR5001", "deduplicate: state table rows has other columns");
    }
    std::vector<ColumnPtr> columns(order.size());
    for (size_t i = 0; i < order.size(); ++i) columns[order[i]] = content.columns[i];
    std::vector<const Column*> keys;
    for (const uint32_t column : spec_.keys) keys.push_back(columns[column].get());
    std::vector<uint32_t> found;
    groups_.restore(keys, content.row_count, found);
    grow_to_groups();
    const int64_t now = context_.now_ms();
    for (uint32_t row = 0; row < content.row_count; ++row) {
      const uint32_t group = found[row];
      rows_[group] = store_.add(columns, row);
      if (spec_.waits()) {
        const Column& flags = *content.columns.back();
        waiting_[group] = flags.data<uint8_t>()[flags.at(row)];
      }
      const bool waits = spec_.waits() && waiting_[group] != 0;
      if (waits) timers_.emplace(time_of(rows_[group]), group);
      else expiry_.restored(group, now);
    }
    return Status::ok();
  }

  [[nodiscard]] int64_t time_of(uint32_t id) const {
    return store_.i64(static_cast<uint32_t>(spec_.rowtime), id);
  }

  Status take_row(const Batch& batch, uint32_t row, uint32_t group) {
    if (expiry_.is_expired(group, now_ms_)) drop(group);
    const uint32_t before = rows_[group];
    int64_t time = 0;
    if (spec_.rowtime >= 0) {
      const Column& column = *batch.columns[static_cast<size_t>(spec_.rowtime)];
      if (column.is_null(row)) return Status::error("MR3004", "row time", row);
      time = column.data<int64_t>()[column.at(row)];
    }
    if (spec_.waits()) {
      wait_for_first(batch, row, group, time);
      return Status::ok();
    }
    if (before == kNone) {
      keep(batch, row, group);
      changes_.add(RowKind::kInsert, rows_[group], 0);
      return Status::ok();
    }
    if (!spec_.keep_last || (spec_.rowtime >= 0 && time_of(before) > time)) return Status::ok();
    keep(batch, row, group);
    if (spec_.update_before) changes_.add(RowKind::kUpdateBefore, before, 0);
    changes_.add(RowKind::kUpdateAfter, rows_[group], 0);
    store_.free(before);
    return Status::ok();
  }

  void keep(const Batch& batch, uint32_t row, uint32_t group) {
    rows_[group] = store_.add(batch.columns, row);
    expiry_.touch(group, now_ms_);
  }

  void wait_for_first(const Batch& batch, uint32_t row, uint32_t group, int64_t time) {
    if (time < watermark_) {
      ++late_rows_;
      return;
    }
    const uint32_t before = rows_[group];
    if (before != kNone) {
      if (time >= time_of(before)) return;
      forget_timer(time_of(before), group);
      store_.free(before);
    }
    rows_[group] = store_.add(batch.columns, row);
    waiting_[group] = 1;
    timers_.emplace(time, group);
  }

  void forget_timer(int64_t time, uint32_t group) {
    const auto [first, last] = timers_.equal_range(time);
    const auto found =
        std::find_if(first, last, [group](const auto& timer) { return timer.second == group; });
    if (found != last) timers_.erase(found);
  }

  void raise(int64_t watermark) {
    watermark_ = std::max(watermark_, watermark);
    while (!timers_.empty() && timers_.begin()->first <= watermark_) {
      const uint32_t group = timers_.begin()->second;
      timers_.erase(timers_.begin());
      waiting_[group] = 0;
      changes_.add(RowKind::kInsert, rows_[group], 0);
      expiry_.touch(group, now_ms_);
    }
    changes_.watermark(watermark);
  }

  void drop(uint32_t group) {
    expiry_.forget(group);
    if (rows_[group] == kNone) return;
    store_.free(rows_[group]);
    rows_[group] = kNone;
  }

  void compact_if_sparse() {
    if (groups_.size() <= 2 * store_.count() + kMostEmpty) return;
    for (uint32_t group = 0; group < groups_.size(); ++group) {
      if (rows_[group] == kNone) groups_.kill(group);
    }
    std::vector<uint32_t> new_ids;
    const std::vector<uint32_t> kept = groups_.compact(new_ids);
    for (uint32_t group = 0; group < kept.size(); ++group) {
      rows_[group] = rows_[kept[group]];
      if (spec_.waits()) waiting_[group] = waiting_[kept[group]];
    }
    rows_.resize(kept.size());
    waiting_.resize(spec_.waits() ? kept.size() : 0);
    for (auto& [time, group] : timers_) group = new_ids[group];
    expiry_.renumber(kept);
  }

  Spec spec_;
  Schema schema_;
  OperatorContext context_;
  KeyedGroups groups_;
  RowStore store_;
  ChangeBuffer changes_;
  GroupExpiry expiry_;
  int64_t now_ms_ = 0;
  ResolvedRows resolved_;
  std::vector<uint32_t> numbers_;
  std::vector<uint32_t> rows_;    // by group: its row
  std::vector<uint8_t> waiting_;  // by group: not emitted yet
  std::multimap<int64_t, uint32_t> timers_;
  int64_t watermark_ = kMinWatermark;
  bool restored_ = false;
  uint64_t late_rows_ = 0;
};

}  // namespace

Result<OperatorPtr> make_deduplicate(const PlanNode& node, const OperatorContext& context) {
  Deduplicate::Spec spec;
  const Schema& input = node.input_schemas[0];
  MR_TRY_ASSIGN(spec.keys, node.value->indexes_at("keys"));
  MR_TRY_ASSIGN(spec.rowtime, node.value->optional_index_at("rowtime"));
  MR_TRY_ASSIGN(spec.keep_last, node.value->bool_at("keepLast"));
  MR_TRY_ASSIGN(spec.update_before, node.value->bool_at("generateUpdateBefore"));
  MR_TRY_ASSIGN(spec.ttl_ms, node.value->int_at("stateTtlMs"));
  MR_TRY(check_columns(spec.keys, input));
  if (spec.rowtime >= static_cast<int64_t>(input.size()) || node.schema.size() != input.size()) {
    return Status::error("MR9001", "deduplicate: columns do not fit the schema");
  }
  MR_TRY_ASSIGN(KeyLayout layout, KeyLayout::create(types_of(spec.keys, input)));
  MR_TRY_ASSIGN(RowStore store, RowStore::create(input));
  return OperatorPtr(std::make_unique<Deduplicate>(std::move(spec), node, context,
                                                   std::move(layout), std::move(store)));
}

}  // namespace millrace
