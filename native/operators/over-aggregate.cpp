#include "operators/over-aggregate.h"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

#include "columnar/take.h"
#include "kernels/literal.h"
#include "operators/group-expiry.h"
#include "operators/group-state.h"
#include "operators/over-stage.h"
#include "operators/ranked-rows.h"
#include "operators/row-queue.h"
#include "operators/sorted-over.h"
#include "operators/waiting-rows.h"
#include "state/keyed-groups.h"

namespace millrace {
namespace {

enum class PickForm : uint8_t { kFirst, kLast, kLag };

// How a pick is found in a partition's kept rows.
struct PickRule {
  PickForm form = PickForm::kLag;
  uint32_t offset = 0;  // LAG: how many rows before
};

struct OverSpec {
  std::vector<uint32_t> partition;
  uint32_t order = 0;
  bool by_rowtime = true;
  bool by_rows = true;
  int64_t preceding = -1;  // rows or ms; -1: all
  std::vector<PickRule> rules;
  uint32_t memory = 0;  // rows that a partition keeps for LAG; 0: none
  // A bounded RANGE on processing time: rows go when the clock has passed their time.
  bool by_clock = false;
  int64_t lifetime_ms = 0;  // half of it is added, as Flink's cleanup timer does; 0: for ever
  [[nodiscard]] bool is_bounded() const { return preceding >= 0; }
};

const DataType kBigint{TypeRoot::kBigint, false, 0, 0, 0, {}};
const DataType kBoolean{TypeRoot::kBoolean, false, 0, 0, 0, {}};

// By row time rows wait for the watermark, then go by time, equal times as they came; by
// processing time they go as they come, in a bounded RANGE when their millisecond is over. ROWS: a
// row shows the aggregates after itself. RANGE: all rows of a time show those after the last of
// them. Behind the watermark a row is late; in a bounded frame it is only where its partition has
// shown a row of its time or later, as in Flink. With a time to live a partition is forgotten
// where Flink's cleanup timer fires, unless rows wait; a bounded RANGE on processing time after
// its own length; one on row time never.
class OverAggregate final : public Operator {
 public:
  OverAggregate(OverSpec spec, const PlanNode& node, const OperatorContext& context,
                KeyLayout layout, RowStore store, OverStage stage,
                std::unique_ptr<AggregateSet> aggregates)
      : spec_(std::move(spec)),
        context_(context),
        input_(node.input_schemas[0]),
        expiry_(keys_of(spec_.partition, input_), spec_.lifetime_ms, Lifetime::kCleanupTimer),
        groups_(std::move(layout)),
        store_(std::move(store)),
        stage_(std::move(stage)),
        aggregates_(std::move(aggregates)) {
    for (const uint32_t column : spec_.partition) keys_.push_back(input_[column]);
    state_order_ = spec_.partition;
    for (uint32_t column = 0; column < input_.size(); ++column) {
      const auto& keys = spec_.partition;
      const bool is_key = std::find(keys.begin(), keys.end(), column) != keys.end();
      if (!is_key) state_order_.push_back(column);
    }
  }

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    settle_restored();
    now_ms_ = context_.now_ms();
    if (spec_.by_clock) MR_TRY(go_until(now_ms_ - 1, output));
    numbers_.clear();
    for_each_row(batch.selection(), [&](uint32_t row) { numbers_.push_back(row); });
    std::vector<const Column*> keys;
    for (const uint32_t column : spec_.partition) keys.push_back(batch.columns[column].get());
    const auto count = static_cast<uint32_t>(numbers_.size());
    groups_.encode(keys, numbers_.data(), count);
    resolve(count);
    grow_to_groups();
    size_t run = 0;
    const auto& runs = batch.watermarks;
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t row = numbers_[i];
      while (run < runs.size() && runs[run].row <= row) {
        MR_TRY(raise(runs[run++].watermark, output));
      }
      MR_TRY(take_row(batch, row, resolved_.groups[i]));
      if (stage_.is_full()) MR_TRY(flush(output));
    }
    while (run < runs.size()) MR_TRY(raise(runs[run++].watermark, output));
    MR_TRY(flush(output));
    expiry_.sweep(now_ms_, count, [this](uint32_t group) { forget_or_renew(group); });
    compact_if_due();
    return Status::ok();
  }

  [[nodiscard]] int64_t deadline_ms() const override {
    return spec_.by_clock && !waiting_.is_empty() ? waiting_.next_time() + 1 : kNoDeadline;
  }
  Status on_clock(int64_t now_ms, Output& output) override {
    now_ms_ = now_ms;
    if (spec_.by_clock) MR_TRY(go_until(now_ms - 1, output));
    return flush(output);
  }
  Status finish(Output& output) override {
    if (spec_.by_clock) MR_TRY(go_until(kNoDeadline, output));
    return flush(output);
  }
  Status prepare_barrier(Output& /*output*/) override {
    settle_restored();
    now_ms_ = context_.now_ms();
    expiry_.sweep_all(now_ms_, [this](uint32_t group) { forget_or_renew(group); });
    store_.settle();
    return Status::ok();
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    std::vector<StateTable> tables =
        group_state_tables(keys_, *aggregates_, spec_.is_bounded());
    StateTable rows{"rows", {}, static_cast<uint32_t>(spec_.partition.size())};
    for (const uint32_t column : state_order_) rows.fields.push_back(input_[column]);
    rows.fields.push_back({"waits", kBoolean});
    if (spec_.by_clock) rows.fields.push_back({"time_ms", kBigint});
    rows.fields.push_back({"position", kBigint});
    tables.push_back(std::move(rows));
    if (spec_.by_rowtime) tables.push_back({"watermark", {{"watermark", kBigint}}, 0});
    expiry_.add_table(tables);
    return tables;
  }

  Result<Batch> snapshot(const StateTable& table) override {
    settle_restored();
    if (table.name == "rows") return save_rows();
    if (expiry_.owns(table)) return expiry_.snapshot(groups_);
    if (table.name != "watermark") {
      return save_group_state(table, keys_, groups_, *aggregates_, shown_until_);
    }
    Batch batch;
    batch.row_count = 1;
    batch.columns.push_back(make_column(kBigint, 1));
    batch.columns[0]->data<int64_t>()[0] = watermark_;
    return batch;
  }

  Status restore(const StateTable& table, const Batch& content) override {
    if (table.name != "watermark") {
      if (table.name == "rows") MR_TRY(restore_rows(table, content));
      else if (expiry_.owns(table)) MR_TRY(expiry_.restore(content, groups_));
      else MR_TRY(restore_group_state(table, keys_, content, groups_, *aggregates_, shown_until_));
      expiry_.restored_all(groups_, context_.now_ms());
      grow_to_groups();
      return Status::ok();
    }
    const Column& column = *content.columns[0];
    for (uint32_t row = 0; row < content.row_count; ++row) {
      const int64_t watermark = column.data<int64_t>()[column.at(row)];
      watermark_ = has_mark_ ? std::min(watermark_, watermark) : watermark;
      has_mark_ = true;
    }
    return Status::ok();
  }

  [[nodiscard]] OperatorStats stats() const override {
    return {late_rows_, 0, groups_.alive_count() + aggregates_->counted_rows() + store_.count(),
            groups_.bytes() + aggregates_->bytes() + store_.bytes()};
  }

 private:
  struct RestoredRow {
    int64_t position;
    int64_t time;
    uint32_t id;
    uint32_t group;
    bool waits;
  };

  void grow_to_groups() {
    aggregates_->resize(groups_.size());
    if (spec_.is_bounded()) shown_until_.resize(groups_.size());
    if (keeps_rows()) queues_.resize(groups_.size());
    if (!expiry_.is_on()) return;
    expiry_.resize(groups_.size());
    waiting_of_.resize(groups_.size());
  }

  // A partition whose time is up begins anew.
  void resolve(uint32_t count) {
    if (!expiry_.is_on()) return groups_.resolve_added(numbers_.data(), count, resolved_);
    const auto is_forgotten = [this](uint32_t group) {
      if (!expiry_.is_expired(group, now_ms_)) return false;
      if (waiting_of_[group] > 0) {
        expiry_.renew(group, now_ms_);
        return false;
      }
      let_go_of(group);
      return true;
    };
    groups_.resolve_changes<false>(numbers_.data(), nullptr, count, is_forgotten, resolved_);
  }

  // Frees the rows that a partition keeps.
  void let_go_of(uint32_t group) {
    expiry_.forget(group);
    if (!keeps_rows()) return;
    while (queues_[group].size() > 0) store_.free(queues_[group].shift());
    queues_[group] = RowQueue();
  }

  void forget_or_renew(uint32_t group) {
    if (waiting_of_[group] > 0) return expiry_.renew(group, now_ms_);
    let_go_of(group);
    groups_.kill(group);
  }

  void compact_if_due() {
    if (!groups_.should_compact()) return;
    std::vector<uint32_t> new_ids;
    const std::vector<uint32_t> kept = groups_.compact(new_ids);
    aggregates_->keep(kept, new_ids);
    for (uint32_t group = 0; group < kept.size(); ++group) {
      if (spec_.is_bounded()) shown_until_[group] = shown_until_[kept[group]];
      if (keeps_rows()) queues_[group] = std::move(queues_[kept[group]]);
      waiting_of_[group] = waiting_of_[kept[group]];
    }
    if (spec_.is_bounded()) shown_until_.resize(kept.size());
    if (keeps_rows()) queues_.resize(kept.size());
    waiting_of_.resize(kept.size());
    last_event_.resize(std::min(last_event_.size(), kept.size()));
    std::vector<uint32_t> waiting;
    waiting_.in_order(waiting);
    for (const uint32_t id : waiting) group_of_[id] = new_ids[group_of_[id]];
    expiry_.renumber(kept);
  }

  [[nodiscard]] bool keeps_rows() const { return spec_.is_bounded() || spec_.memory > 0; }

  Status take_row(const Batch& batch, uint32_t row, uint32_t group) {
    expiry_.touch(group, now_ms_);
    if (spec_.by_clock) {
      wait(store_.add(batch.columns, row), group, now_ms_);
      return Status::ok();
    }
    if (!spec_.by_rowtime) {
      go_by_row(store_.add(batch.columns, row), group, 0);
      return Status::ok();
    }
    const Column& column = *batch.columns[spec_.order];
    if (column.is_null(row)) return Status::error("MR3004", "row time", row);
    const int64_t time = column.data<int64_t>()[column.at(row)];
    if (time <= (spec_.is_bounded() ? shown_until_[group] : watermark_)) {
      ++late_rows_;
      return Status::ok();
    }
    wait(store_.add(batch.columns, row), group, time);
    return Status::ok();
  }

  void wait(uint32_t id, uint32_t group, int64_t time) {
    time_row(id, time);
    group_of_[id] = group;
    waiting_.add(time, id);
    if (expiry_.is_on()) ++waiting_of_[group];
  }

  void time_row(uint32_t id, int64_t time) {
    if (id >= times_.size()) {
      times_.resize(store_.capacity());
      group_of_.resize(store_.capacity());
    }
    times_[id] = time;
  }

  // The row goes now.
  uint32_t take_waiting() {
    const uint32_t id = waiting_.take();
    if (expiry_.is_on()) {
      --waiting_of_[group_of_[id]];
      expiry_.touch(group_of_[id], now_ms_);
    }
    return id;
  }

  Status raise(int64_t watermark, Output& output) {
    watermark_ = std::max(watermark_, watermark);
    if (!spec_.by_clock) MR_TRY(go_until(watermark_, output));
    stage_.watermark(watermark);
    return Status::ok();
  }

  Status go_until(int64_t last, Output& output) {
    while (!waiting_.is_empty() && waiting_.next_time() <= last) {
      const int64_t time = waiting_.next_time();
      if (spec_.by_rows) {
        const uint32_t id = take_waiting();
        go_by_row(id, group_of_[id], time);
      } else {
        go_by_time(time);
      }
      if (stage_.is_full()) MR_TRY(flush(output));
    }
    return Status::ok();
  }

  void go_by_row(uint32_t id, uint32_t group, int64_t time) {
    if (spec_.is_bounded() && queues_[group].size() > spec_.preceding) {
      leave(queues_[group].shift(), group);
    }
    const uint32_t event = stage_.event(id, group, false);
    if (keeps_rows()) queues_[group].push(id);
    show(id, group, event);
    if (spec_.is_bounded()) shown_until_[group] = time;
    let_go(id, group);
  }

  // All rows of the time that goes next.
  void go_by_time(int64_t time) {
    same_time_.clear();
    last_event_.resize(groups_.size(), OverStage::kNoEvent);
    while (!waiting_.is_empty() && waiting_.next_time() == time) {
      same_time_.push_back(take_waiting());
    }
    for (const uint32_t id : same_time_) {
      const uint32_t group = group_of_[id];
      if (last_event_[group] == OverStage::kNoEvent) expire(group, time);
      last_event_[group] = stage_.event(id, group, false);
      if (keeps_rows()) queues_[group].push(id);
    }
    for (const uint32_t id : same_time_) show(id, group_of_[id], last_event_[group_of_[id]]);
    for (const uint32_t id : same_time_) {
      const uint32_t group = group_of_[id];
      last_event_[group] = OverStage::kNoEvent;
      if (spec_.is_bounded()) shown_until_[group] = time;
      let_go(id, group);
    }
  }

  // Rows that a bounded RANGE leaves behind.
  void expire(uint32_t group, int64_t time) {
    if (!spec_.is_bounded()) return;
    RowQueue& queue = queues_[group];
    while (queue.size() > 0 && time - times_[queue.at(0)] > spec_.preceding) {
      leave(queue.shift(), group);
    }
  }

  void leave(uint32_t id, uint32_t group) {
    (void)stage_.event(id, group, true);
    store_.free(id);
  }

  // What is shown once and looked at never again is given up.
  void let_go(uint32_t id, uint32_t group) {
    if (!keeps_rows()) {
      store_.free(id);
    } else if (spec_.memory > 0 && queues_[group].size() >= spec_.memory) {
      store_.free(queues_[group].shift());
    }
  }

  void show(uint32_t id, uint32_t group, uint32_t event) {
    stage_.send(RowKind::kInsert, id, event);
    for (size_t i = 0; i < spec_.rules.size(); ++i) {
      stage_.pick(i, picked(spec_.rules[i], stage_.picks()[i].argument, queues_[group]));
    }
  }

  // The first and the last value are those that are not NULL.
  [[nodiscard]] uint32_t picked(const PickRule& rule, uint32_t argument,
                                const RowQueue& queue) const {
    const uint32_t size = queue.size();
    if (rule.form == PickForm::kLag) {
      return size > rule.offset ? queue.at(size - 1 - rule.offset) : OverStage::kNoRow;
    }
    for (uint32_t i = 0; i < size; ++i) {
      const uint32_t id = queue.at(rule.form == PickForm::kFirst ? i : size - 1 - i);
      if (!store_.is_null(argument, id)) return id;
    }
    return OverStage::kNoRow;
  }

  Status flush(Output& output) {
    MR_TRY(stage_.flush(store_, *aggregates_, output));
    store_.settle();
    return Status::ok();
  }

  // Rows of the queues in their order, then those that wait in the order in which they will go.
  Batch save_rows() const {
    std::vector<uint32_t> ids;
    for (const RowQueue& queue : queues_) {
      ids.insert(ids.end(), queue.ids.begin() + queue.head, queue.ids.end());
    }
    const size_t kept = ids.size();
    waiting_.in_order(ids);
    Batch batch;
    batch.row_count = static_cast<uint32_t>(ids.size());
    for (const uint32_t column : state_order_) batch.columns.push_back(store_.gather(column, ids));
    ColumnPtr waits = make_column(kBoolean, batch.row_count);
    ColumnPtr position = make_column(kBigint, batch.row_count);
    for (uint32_t i = 0; i < batch.row_count; ++i) {
      waits->data<uint8_t>()[i] = i < kept ? 0 : 1;
      position->data<int64_t>()[i] = i;
    }
    batch.columns.push_back(std::move(waits));
    if (spec_.by_clock) {
      ColumnPtr times = make_column(kBigint, batch.row_count);
      for (size_t i = 0; i < ids.size(); ++i) times->data<int64_t>()[i] = times_[ids[i]];
      batch.columns.push_back(std::move(times));
    }
    batch.columns.push_back(std::move(position));
    return batch;
  }

  Status restore_rows(const StateTable& table, const Batch& content) {
    if (content.columns.size() != table.fields.size()) {
      return Status::error("MR5002", "over-aggregate: table rows has other columns");
    }
    std::vector<ColumnPtr> columns(input_.size());
    for (size_t i = 0; i < state_order_.size(); ++i) columns[state_order_[i]] = content.columns[i];
    std::vector<const Column*> keys;
    for (const uint32_t column : spec_.partition) keys.push_back(columns[column].get());
    std::vector<uint32_t> found;
    groups_.restore(keys, content.row_count, found);
    grow_to_groups();
    const Column& waits = *content.columns[state_order_.size()];
    const Column& position = *content.columns.back();
    const Column* times = nullptr;
    if (spec_.by_clock) times = content.columns[content.columns.size() - 2].get();
    else if (spec_.by_rowtime) times = columns[spec_.order].get();
    for (uint32_t row = 0; row < content.row_count; ++row) {
      restored_.push_back({position.data<int64_t>()[position.at(row)],
                           times == nullptr ? 0 : times->data<int64_t>()[times->at(row)],
                           store_.add(columns, row), found[row],
                           waits.data<uint8_t>()[waits.at(row)] != 0});
    }
    return Status::ok();
  }

  // All chunks are there: rows go to their places in order.
  void settle_restored() {
    if (restored_.empty()) return;
    std::stable_sort(restored_.begin(), restored_.end(),
                     [](const auto& a, const auto& b) { return a.position < b.position; });
    grow_to_groups();
    for (const RestoredRow& row : restored_) {
      if (row.waits) {
        wait(row.id, row.group, row.time);
      } else if (keeps_rows()) {
        queues_[row.group].push(row.id);
        time_row(row.id, row.time);
      }
    }
    restored_.clear();
  }

  OverSpec spec_;
  OperatorContext context_;
  Schema input_;
  GroupExpiry expiry_;
  int64_t now_ms_ = 0;
  Schema keys_;
  std::vector<uint32_t> state_order_;
  KeyedGroups groups_;
  RowStore store_;
  OverStage stage_;
  std::unique_ptr<AggregateSet> aggregates_;
  std::vector<int64_t> shown_until_;  // by group: time of the last rows shown
  std::vector<RowQueue> queues_;      // by group: rows of the frame, or those LAG looks back at
  WaitingRows waiting_;
  std::vector<uint32_t> group_of_;    // by row id
  std::vector<int64_t> times_;        // by row id, of those that wait or are in a frame of times
  std::vector<uint32_t> waiting_of_;  // by group, where it counts: rows that wait
  int64_t watermark_ = kMinWatermark;
  bool has_mark_ = false;
  std::vector<RestoredRow> restored_;
  uint64_t late_rows_ = 0;
  ResolvedRows resolved_;
  std::vector<uint32_t> numbers_;
  std::vector<uint32_t> same_time_;
  std::vector<uint32_t> last_event_;  // by group, while a time goes
};

// Splits the calls into picks and those that are folded.
Result<std::vector<PickCall>> decode_picks(const PlanNode& node,
                                           std::span<const AggregateCall> calls, OverSpec& spec) {
  std::vector<PickCall> picks;
  MR_TRY_ASSIGN(const auto encoded, node.value->list_at("aggregates"));
  for (uint32_t i = 0; i < calls.size(); ++i) {
    const AggregateCall& call = calls[i];
    const bool is_lag = call.function == "LAG";
    const bool is_value = call.function == "FIRST_VALUE" || call.function == "LAST_VALUE";
    if (!is_lag && !(is_value && spec.is_bounded())) continue;
    PickCall pick;
    pick.index = i;
    const bool is_fit = !call.arguments.empty() && call.arguments.size() <= (is_lag ? 2 : 1);
    if (!is_fit || !check_columns(call.arguments, node.input_schemas[0]).is_ok()) {
      return Status::error("MR9001", "over-aggregate: argument of " + call.function);
    }
    pick.argument = call.arguments[0];
    if (call.arguments.size() > 1) pick.absent_column = call.arguments[1];
    PickRule rule;
    const plan::Value* absent = nullptr;
    if (is_lag) {
      const plan::Value* options = encoded[i].find("options");
      if (options == nullptr) return Status::error("MR9001", "over-aggregate: options of LAG");
      MR_TRY_ASSIGN(const int64_t offset, options->int_at("offset"));
      rule.offset = static_cast<uint32_t>(offset);
      absent = options->find("default");
      if (absent != nullptr && absent->is_null()) absent = nullptr;
      spec.memory = std::max(spec.memory, rule.offset + 1);
    } else {
      rule.form = call.function == "FIRST_VALUE" ? PickForm::kFirst : PickForm::kLast;
    }
    const DataType& type = node.schema[node.input_schemas[0].size() + i].type;
    MR_TRY_ASSIGN(pick.absent, make_literal(type, absent));
    picks.push_back(std::move(pick));
    spec.rules.push_back(rule);
  }
  return picks;
}

Result<OverSpec> decode_spec(const PlanNode& node) {
  OverSpec spec;
  MR_TRY_ASSIGN(spec.partition, node.value->indexes_at("partition"));
  MR_TRY(check_columns(spec.partition, node.input_schemas[0]));
  MR_TRY_ASSIGN(const std::string_view mode, node.value->string_at("mode"));
  MR_TRY_ASSIGN(const std::string_view unit, node.value->string_at("unit"));
  spec.by_rowtime = mode == "rowtime";
  const plan::Value* preceding = node.value->find("preceding");
  if (preceding != nullptr && !preceding->is_null()) {
    MR_TRY_ASSIGN(spec.preceding, node.value->int_at("preceding"));
  }
  spec.by_clock = mode == "proctime" && unit == "range" && spec.is_bounded();
  spec.by_rows = unit == "rows" || (mode == "proctime" && !spec.by_clock);
  MR_TRY_ASSIGN(spec.lifetime_ms, node.value->int_at("stateTtlMs"));
  // A bounded RANGE forgets by itself.
  if (unit == "range" && spec.is_bounded()) {
    spec.lifetime_ms = spec.by_clock ? spec.preceding + 1 : 0;
  }
  return spec;
}

}  // namespace

Result<OperatorPtr> make_over_aggregate(const PlanNode& node, const OperatorContext& context) {
  const Schema& input = node.input_schemas[0];
  MR_TRY_ASSIGN(OverSpec spec, decode_spec(node));
  MR_TRY_ASSIGN(auto calls, decode_aggregate_calls(*node.value));
  if (node.schema.size() != input.size() + calls.size()) {
    return Status::error("MR9001", "over-aggregate: schema does not fit");
  }
  const plan::Value* order_by = node.value->find("orderBy");
  if (order_by == nullptr) return Status::error("MR9001", "over-aggregate: no order");
  SortOrder order;
  MR_TRY_ASSIGN(const int64_t column, order_by->int_at("column"));
  MR_TRY_ASSIGN(order.descending, order_by->bool_at("descending"));
  MR_TRY_ASSIGN(order.nulls_first, order_by->bool_at("nullsFirst"));
  if (column < 0 || column >= static_cast<int64_t>(input.size())) {
    return Status::error("MR9001", "over-aggregate: order is not in the schema");
  }
  order.column = spec.order = static_cast<uint32_t>(column);
  MR_TRY_ASSIGN(const std::string_view mode, node.value->string_at("mode"));
  if (mode == "sorted") {
    MR_TRY_ASSIGN(const bool update_before, node.value->bool_at("generateUpdateBefore"));
    const bool is_range = !spec.by_rows;
    MR_TRY_ASSIGN(const int64_t ttl_ms, node.value->int_at("stateTtlMs"));
    return make_sorted_over({std::move(spec.partition), order, is_range, spec.preceding,
                             update_before, ttl_ms},
                            std::make_shared<const std::vector<AggregateCall>>(std::move(calls)),
                            node, context);
  }
  MR_TRY_ASSIGN(std::vector<PickCall> picks, decode_picks(node, calls, spec));
  OverStage stage(node.schema, input.size(), calls, picks);
  std::vector<AggregateCall> folded;
  for (uint32_t i = 0; i < calls.size(); ++i) {
    const auto is_this = [i](const PickCall& pick) { return pick.index == i; };
    if (std::none_of(picks.begin(), picks.end(), is_this)) folded.push_back(calls[i]);
  }
  auto shared = std::make_shared<const std::vector<AggregateCall>>(std::move(folded));
  MR_TRY_ASSIGN(auto aggregates, AggregateSet::create(std::move(shared), input));
  MR_TRY_ASSIGN(KeyLayout layout, KeyLayout::create(types_of(spec.partition, input)));
  MR_TRY_ASSIGN(RowStore store, RowStore::create(input));
  return OperatorPtr(std::make_unique<OverAggregate>(
      std::move(spec), node, context, std::move(layout), std::move(store), std::move(stage),
      std::move(aggregates)));
}

}  // namespace millrace
