#include "operators/match.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "columnar/take.h"
#include "operators/match-conditions.h"
#include "operators/match-state.h"
#include "operators/ranked-rows.h"
#include "operators/sort-key.h"
#include "operators/waiting-rows.h"
#include "state/keyed-groups.h"

namespace millrace {
namespace {

const DataType kBigint{TypeRoot::kBigint, false, 0, 0, 0, {}};
constexpr uint32_t kNoRow = UINT32_MAX;

// Rows and steps, which evaluators refer to: they stay where they are.
struct MatchMemory {
  explicit MatchMemory(RowStore own) : store(std::move(own)), paths(store) {}
  RowStore store;
  MatchPaths paths;
};

struct MatchSpec {
  std::vector<uint32_t> partition;
  int64_t rowtime = -1;  // -1: processing time
  bool has_keys = false;
};

// By row time rows wait for the watermark and go by time, those of one time by the further keys
// and as they came. Rows go at the end of a batch, all keys beside each other, so that conditions
// are asked for many matches at once; what each watermark of the batch lets go is sent before it.
class Match final : public Operator {
 public:
  Match(MatchSpec spec, const PlanNode& node, const OperatorContext& context, KeyLayout layout,
        std::unique_ptr<MatchMemory> memory, MatchRunner runner, MatchConditions conditions,
        std::vector<std::unique_ptr<MatchEvaluator>> measures, SortKeys keys)
      : spec_(std::move(spec)),
        schema_(node.schema),
        input_(node.input_schemas[0]),
        context_(context),
        groups_(std::move(layout)),
        memory_(std::move(memory)),
        runner_(std::move(runner)),
        conditions_(std::move(conditions)),
        measures_(std::move(measures)),
        sort_keys_(std::move(keys)),
        tables_(spec_.partition, input_) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    MR_TRY(settle());
    turns_.clear();
    marks_.clear();
    MR_TRY(take_rows(batch));
    const bool has_mark = !batch.watermarks.empty();
    if (has_mark) watermark_ = std::max(watermark_, batch.watermarks.back().watermark);
    if (by_rowtime()) {
      for (const WatermarkRun& run : batch.watermarks) marks_.push_back(run.watermark);
      let_go(watermark_);
    }
    MR_TRY(run());
    std::vector<WatermarkRun> runs = by_rowtime() ? runs_behind() : std::vector<WatermarkRun>();
    if (!by_rowtime() && has_mark) {
      runs.push_back({static_cast<uint32_t>(found_.size()), batch.watermarks.back().watermark});
    }
    return flush(std::move(runs), output);
  }

  // By processing time only: when rows with further keys go, or matches grow too old.
  [[nodiscard]] int64_t deadline_ms() const override {
    int64_t next = kNoDeadline;
    if (by_rowtime()) return next;
    if (!waiting_.is_empty()) next = waiting_.next_time() + 1;
    if (!timeouts_.is_empty()) next = std::min(next, timeouts_.next_time() + 1);
    return next;
  }

  Status on_clock(int64_t now_ms, Output& output) override {
    MR_TRY(settle());
    turns_.clear();
    let_go(now_ms - 1);
    marks_.assign(1, now_ms);
    MR_TRY(run());
    marks_.clear();
    return flush({}, output);
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    std::vector<StateTable> tables = tables_.tables();
    if (by_rowtime()) tables.push_back({"watermark", {{"watermark", kBigint}}, 0});
    return tables;
  }

  Result<Batch> snapshot(const StateTable& table) override {
    MR_TRY(settle());
    if (table.name != "watermark") {
      std::vector<uint32_t> rows;
      waiting_.in_order(rows);
      std::vector<WaitingRow> waiting;
      for (const uint32_t row : rows) waiting.push_back({row, group_of_[row], times_[row]});
      return tables_.save(table, groups_, memory_->store, memory_->paths, keys_, waiting, times_);
    }
    Batch batch;
    batch.row_count = 1;
    batch.columns.push_back(make_column(kBigint, 1));
    batch.columns[0]->data<int64_t>()[0] = watermark_;
    return batch;
  }

  Status restore(const StateTable& table, const Batch& content) override {
    if (table.name != "watermark") {
      return tables_.restore(table, content, groups_, memory_->store, memory_->paths);
    }
    const Column& column = *content.columns[0];
    for (uint32_t row = 0; row < content.row_count; ++row) {
      const int64_t watermark = column.data<int64_t>()[column.at(row)];
      watermark_ = has_restored_mark_ ? std::min(watermark_, watermark) : watermark;
      has_restored_mark_ = true;
    }
    return Status::ok();
  }

  [[nodiscard]] OperatorStats stats() const override {
    return {late_rows_, 0, memory_->store.count(),
            groups_.bytes() + memory_->store.bytes() + memory_->paths.bytes() +
                keys_.capacity() * sizeof(KeyMatches)};
  }

 private:
  // The rows of a key that go now: a chain through next_row_.
  struct Turn {
    uint32_t group = 0;
    uint32_t head = kNoRow;
    uint32_t tail = kNoRow;
    uint32_t count = 0;
    uint32_t place = 0;  // of its first case in the round
  };

  [[nodiscard]] bool by_rowtime() const { return spec_.rowtime >= 0; }

  [[nodiscard]] EvaluationContext evaluation() const {
    return {context_.now_ms(), &context_.zone};
  }

  // Keeps the rows of a batch. By processing time they go at once.
  Status take_rows(const Batch& batch) {
    numbers_.clear();
    if (by_rowtime()) {
      MR_TRY(find_timely(batch));
    } else {
      for_each_row(batch.selection(), [&](uint32_t row) { numbers_.push_back(row); });
    }
    if (numbers_.empty()) return Status::ok();
    const auto count = static_cast<uint32_t>(numbers_.size());
    std::vector<const Column*> columns;
    for (const uint32_t column : spec_.partition) columns.push_back(batch.columns[column].get());
    groups_.encode(columns, numbers_.data(), count);
    groups_.resolve_changes<true>(numbers_.data(), nullptr, count,
                                  [](uint32_t) { return false; }, resolved_);
    if (keys_.size() < groups_.size()) keys_.resize(groups_.size());
    conditions_.decide(batch, evaluation());
    ids_.resize(count);
    memory_->store.add_rows(batch.columns, resolved_.rows, ids_.data());
    grow_to_store();
    const int64_t now = context_.now_ms();
    const Column* const time = by_rowtime() ? batch.columns[rowtime()].get() : nullptr;
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t batch_row = resolved_.rows[i];
      const uint32_t group = resolved_.groups[i];
      memory_->paths.open_row(ids_[i]);
      conditions_.keep(batch_row, ids_[i]);
      if (resolved_.created[i] != 0) runner_.open(keys_[group]);
      group_of_[ids_[i]] = group;
      times_[ids_[i]] = time == nullptr ? now : time->data<int64_t>()[time->at(batch_row)];
      if (!by_rowtime() && !spec_.has_keys) add_turn_row(group, ids_[i]);
      else waiting_.add(times_[ids_[i]], ids_[i]);
    }
    return Status::ok();
  }

  [[nodiscard]] uint32_t rowtime() const { return static_cast<uint32_t>(spec_.rowtime); }

  Status find_timely(const Batch& batch) {
    const Column& column = *batch.columns[rowtime()];
    const auto& runs = batch.watermarks;
    size_t run = 0;
    int64_t watermark = watermark_;
    const Selection rows = batch.selection();
    for (uint32_t i = 0; i < rows.count; ++i) {
      const uint32_t row = rows[i];
      while (run < runs.size() && runs[run].row <= row) watermark = runs[run++].watermark;
      if (column.is_null(row)) return Status::error("MR3004", "row time", row);
      if (column.data<int64_t>()[column.at(row)] <= watermark) ++late_rows_;
      else numbers_.push_back(row);
    }
    return Status::ok();
  }

  void grow_to_store() {
    const uint32_t capacity = memory_->store.capacity();
    if (group_of_.size() >= capacity) return;
    group_of_.resize(capacity);
    times_.resize(capacity);
    next_row_.resize(capacity);
  }

  Turn& turn_of(uint32_t group) {
    if (turn_places_.size() < groups_.size()) turn_places_.resize(groups_.size(), kNoRow);
    if (turn_places_[group] == kNoRow) {
      turn_places_[group] = static_cast<uint32_t>(turns_.size());
      turns_.push_back({group, kNoRow, kNoRow, 0, 0});
    }
    return turns_[turn_places_[group]];
  }

  void add_turn_row(uint32_t group, uint32_t row) {
    Turn& turn = turn_of(group);
    next_row_[row] = kNoRow;
    if (turn.tail == kNoRow) turn.head = row;
    else next_row_[turn.tail] = row;
    turn.tail = row;
    ++turn.count;
  }

  // The rows that wait no longer, and the keys with a match that grew too old.
  void let_go(int64_t until) {
    while (!waiting_.is_empty() && waiting_.next_time() <= until) {
      const uint32_t row = waiting_.take();
      add_turn_row(group_of_[row], row);
    }
    while (!timeouts_.is_empty() && timeouts_.next_time() <= until) {
      const uint32_t group = timeouts_.take();
      if (keys_[group].is_open()) turn_of(group);
    }
    if (!spec_.has_keys) return;
    for (Turn& turn : turns_) {
      if (turn.count > 1) sort(turn);
    }
  }

  // Rows of one time by the further keys, equal ones as they came.
  void sort(Turn& turn) {
    ids_.clear();
    for (uint32_t row = turn.head; row != kNoRow; row = next_row_[row]) ids_.push_back(row);
    std::vector<ColumnPtr> columns;
    for (uint32_t i = 0; i < input_.size(); ++i) columns.push_back(memory_->store.gather(i, ids_));
    numbers_.resize(ids_.size());
    std::iota(numbers_.begin(), numbers_.end(), 0);
    sort_keys_.encode(columns, numbers_.data(), turn.count);
    for (uint32_t i = 0; i < turn.count; ++i) sort_keys_.keep(i, ids_[i]);
    std::stable_sort(numbers_.begin(), numbers_.end(), [&](uint32_t a, uint32_t b) {
      if (times_[ids_[a]] != times_[ids_[b]]) return times_[ids_[a]] < times_[ids_[b]];
      return sort_keys_.compare(a, ids_[b], memory_->store) < 0;
    });
    turn.head = ids_[numbers_[0]];
    for (uint32_t i = 0; i + 1 < turn.count; ++i) {
      next_row_[ids_[numbers_[i]]] = ids_[numbers_[i + 1]];
    }
    turn.tail = ids_[numbers_[turn.count - 1]];
    next_row_[turn.tail] = kNoRow;
  }

  // Each round takes the next row of every key.
  Status run() {
    const EvaluationContext evaluation = this->evaluation();
    for (const Turn& turn : turns_) turn_places_[turn.group] = kNoRow;
    while (!turns_.empty()) {
      size_t active = 0;
      conditions_.begin_round();
      for (size_t i = 0; i < turns_.size(); ++i) {
        Turn turn = turns_[i];
        MR_TRY_ASSIGN(const bool ready, is_ready(turn));
        if (!ready) continue;
        turn.place = kNoRow;
        for (const PartialMatch& one : keys_[turn.group].partials.items()) {
          const uint32_t place = conditions_.add_case(one, turn.head);
          if (turn.place == kNoRow) turn.place = place;
        }
        turns_[active++] = turn;
      }
      turns_.resize(active);
      if (turns_.empty()) break;
      conditions_.ask(evaluation);
      for (Turn& turn : turns_) MR_TRY(take_row(turn));
    }
    return Status::ok();
  }

  Status take_row(Turn& turn) {
    const uint32_t row = turn.head;
    const int64_t time = times_[row];
    turn.head = next_row_[row];
    bool has_begun = false;
    MR_TRY(runner_.take(keys_[turn.group], row, time, mark_of(time), turn.place, conditions_,
                        found_, has_begun));
    if (has_begun && runner_.within_ms() > 0) {
      timeouts_.add(time + runner_.within_ms(), turn.group);
    }
    memory_->paths.release_row(row);
    return Status::ok();
  }

  // Drops what is too old before the next row; without one the key is done.
  Result<bool> is_ready(const Turn& turn) {
    KeyMatches& key = keys_[turn.group];
    const bool has_row = turn.head != kNoRow;
    const auto end = static_cast<uint32_t>(marks_.size());
    const uint32_t mark = has_row ? mark_of(times_[turn.head]) : end;
    for (;;) {
      const int64_t deadline = runner_.deadline(key);
      const uint32_t at = deadline == kNeverTooOld ? mark : mark_of(deadline);
      if (at >= mark) break;
      MR_TRY(runner_.advance(key, marks_[at], at, found_));
    }
    if (!has_row) {
      const int64_t left = groups_.row_count(turn.group) - turn.count;
      groups_.set_row_count(turn.group, left);
      if (key.is_idle() && left == 0) drop_key(turn.group);
      return false;
    }
    MR_TRY(runner_.advance(key, times_[turn.head], mark, found_));
    return true;
  }

  // A key of which nothing is kept.
  void drop_key(uint32_t group) {
    keys_[group].partials.give_up();
    keys_[group].completed.give_up();
    groups_.kill(group);
  }

  // The first watermark of the batch that reaches the time.
  [[nodiscard]] uint32_t mark_of(int64_t time) const {
    return static_cast<uint32_t>(std::lower_bound(marks_.begin(), marks_.end(), time) -
                                 marks_.begin());
  }

  // Each watermark behind the matches that it lets go.
  std::vector<WatermarkRun> runs_behind() {
    std::stable_sort(found_.begin(), found_.end(),
                     [](const FoundMatch& a, const FoundMatch& b) { return a.mark < b.mark; });
    std::vector<WatermarkRun> runs;
    uint32_t row = 0;
    for (uint32_t mark = 0; mark < marks_.size(); ++mark) {
      while (row < found_.size() && found_[row].mark <= mark) ++row;
      if (!runs.empty() && runs.back().row == row) runs.pop_back();
      runs.push_back({row, marks_[mark]});
    }
    return runs;
  }

  Status flush(std::vector<WatermarkRun> runs, Output& output) {
    if (!found_.empty()) {
      MR_TRY_ASSIGN(Batch batch, matches());
      batch.watermarks = std::move(runs);
      MR_TRY(output.emit(std::move(batch)));
    } else if (!runs.empty()) {
      MR_TRY(output.emit(watermark_batch(schema_, runs.back().watermark)));
    }
    for (const FoundMatch& one : found_) memory_->paths.release(one.step);
    found_.clear();
    memory_->store.settle();
    if (groups_.should_compact()) compact();
    return Status::ok();
  }

  // The partition columns and the measures of what was found.
  Result<Batch> matches() {
    const auto count = static_cast<uint32_t>(found_.size());
    std::vector<uint32_t> steps;
    std::vector<int64_t> times;
    ids_.clear();
    for (const FoundMatch& one : found_) {
      steps.push_back(one.step);
      times.push_back(one.time);
      ids_.push_back(memory_->paths.row(one.step));
    }
    Batch batch;
    batch.row_count = count;
    for (const uint32_t column : spec_.partition) {
      batch.columns.push_back(memory_->store.gather(column, ids_));
    }
    const EvaluationContext evaluation = this->evaluation();
    for (const auto& measure : measures_) {
      MR_TRY_ASSIGN(ColumnPtr column, measure->evaluate({steps, {}, times}, evaluation));
      batch.columns.push_back(std::move(column));
    }
    return batch;
  }

  void compact() {
    std::vector<uint32_t> new_ids;
    const std::vector<uint32_t> kept = groups_.compact(new_ids);
    std::vector<KeyMatches> keys(kept.size());
    for (size_t i = 0; i < kept.size(); ++i) keys[i] = std::move(keys_[kept[i]]);
    keys_ = std::move(keys);
    turn_places_.clear();
    std::vector<uint32_t> rows;
    waiting_.in_order(rows);
    for (const uint32_t row : rows) group_of_[row] = new_ids[group_of_[row]];
    set_timeouts();
  }

  void set_timeouts() {
    timeouts_ = {};
    if (runner_.within_ms() == 0) return;
    for (uint32_t group = 0; group < keys_.size(); ++group) {
      for (const PartialMatch& one : keys_[group].partials.items()) {
        if (one.has_begun()) timeouts_.add(one.start_time + runner_.within_ms(), group);
      }
    }
  }

  // After the restores, before the first batch.
  Status settle() {
    if (is_settled_) return Status::ok();
    is_settled_ = true;
    std::vector<WaitingRow> waiting;
    MR_TRY(tables_.settle(groups_.size(), runner_, memory_->paths, keys_, waiting, times_));
    grow_to_store();
    for (const WaitingRow& one : waiting) {
      conditions_.forget(one.row);
      group_of_[one.row] = one.group;
      waiting_.add(one.time, one.row);
      groups_.set_row_count(one.group, groups_.row_count(one.group) + 1);
    }
    set_timeouts();
    return Status::ok();
  }

  MatchSpec spec_;
  Schema schema_;
  Schema input_;
  OperatorContext context_;
  KeyedGroups groups_;
  std::unique_ptr<MatchMemory> memory_;
  MatchRunner runner_;
  MatchConditions conditions_;
  std::vector<std::unique_ptr<MatchEvaluator>> measures_;
  SortKeys sort_keys_;
  MatchTables tables_;
  std::vector<KeyMatches> keys_;  // by group
  WaitingRows waiting_;
  WaitingRows timeouts_;           // groups, by the time when a partial match is too old
  std::vector<uint32_t> group_of_;  // by row
  std::vector<int64_t> times_;      // by row
  std::vector<uint32_t> next_row_;  // by row, while its turn lasts
  int64_t watermark_ = kMinWatermark;
  bool has_restored_mark_ = false;
  bool is_settled_ = false;
  uint64_t late_rows_ = 0;
  std::vector<int64_t> marks_;  // the watermarks of the batch at hand
  std::vector<Turn> turns_;
  std::vector<uint32_t> turn_places_;  // by group
  std::vector<FoundMatch> found_;
  ResolvedRows resolved_;
  std::vector<uint32_t> numbers_;
  std::vector<uint32_t> ids_;
};

Result<MatchSpec> decode_spec(const PlanNode& node) {
  MatchSpec spec;
  const Schema& input = node.input_schemas[0];
  MR_TRY_ASSIGN(spec.partition, node.value->indexes_at("partition"));
  MR_TRY(check_columns(spec.partition, input));
  MR_TRY_ASSIGN(spec.rowtime, node.value->optional_index_at("rowtime"));
  if (spec.rowtime >= static_cast<int64_t>(input.size())) {
    return Status::error("MR9001", "match: rowtime");
  }
  return spec;
}

}  // namespace

Result<OperatorPtr> make_match(const PlanNode& node, const OperatorContext& context) {
  const Schema& input = node.input_schemas[0];
  MR_TRY_ASSIGN(MatchSpec spec, decode_spec(node));
  MR_TRY_ASSIGN(const auto order, node.value->list_at("orderBy"));
  spec.has_keys = !order.empty();
  MR_TRY_ASSIGN(SortKeys keys, SortKeys::create(order, input));
  MR_TRY_ASSIGN(KeyLayout layout, KeyLayout::create(types_of(spec.partition, input)));
  MR_TRY_ASSIGN(RowStore store, RowStore::create(input));
  auto memory = std::make_unique<MatchMemory>(std::move(store));
  MR_TRY_ASSIGN(MatchRunner runner, MatchRunner::create(*node.value, memory->paths));
  MR_TRY_ASSIGN(MatchConditions conditions,
                MatchConditions::create(node, runner.automaton(), memory->store, memory->paths));
  MR_TRY_ASSIGN(const auto encoded, node.value->list_at("measures"));
  if (node.schema.size() != spec.partition.size() + encoded.size()) {
    return Status::error("MR9001", "match: schema does not fit");
  }
  std::vector<std::unique_ptr<MatchEvaluator>> measures;
  for (const plan::Value& one : encoded) {
    MR_TRY_ASSIGN(auto measure, MatchEvaluator::create(one, kAnyVariable, input, memory->store,
                                                       memory->paths));
    measures.push_back(std::move(measure));
  }
  return OperatorPtr(std::make_unique<Match>(
      std::move(spec), node, context, std::move(layout), std::move(memory), std::move(runner),
      std::move(conditions), std::move(measures), std::move(keys)));
}

}  // namespace millrace
