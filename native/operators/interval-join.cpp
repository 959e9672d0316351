#include "operators/interval-join.h"

#include <algorithm>
#include <utility>

#include "columnar/take.h"
#include "columnar/watermark.h"
#include "operators/group-timers.h"
#include "operators/input-watermark-table.h"
#include "operators/join-schema.h"
#include "operators/kept-condition.h"
#include "operators/kept-pairs.h"
#include "operators/ranked-rows.h"
#include "operators/timed-rows.h"

namespace millrace {
namespace {

// Pairs that are made before they are judged; one row may make more.
constexpr size_t kMostPairs = 16 * 1024;
constexpr size_t kMostEmpty = 1024;
constexpr uint32_t kNone = TimedRows::kNone;
const DataType kInt{TypeRoot::kInteger, false, 0, 0, 0, {}};
const DataType kBigint{TypeRoot::kBigint, false, 0, 0, 0, {}};

StateTable gone_until_table() {
  return {"gone_until", {{"input", kInt}, {"gone_until", kBigint}}, 0};
}

// The end of time stays the end.
int64_t earlier(int64_t time, int64_t ms) {
  return time == kMaxWatermark ? time : time - ms;
}

struct IntervalJoinSpec {
  bool is_row_time = true;
  // No two times lie so apart: every row is without a partner.
  bool is_empty = false;
  bool is_outer[2] = {false, false};  // rows of a side that never met come out alone
  int64_t wait_ms[2] = {0, 0};        // how long a row waits for the other input
  int64_t min_cleanup_ms = 0;
  std::vector<uint32_t> keys[2];
  uint32_t time[2] = {0, 0};
  std::vector<uint8_t> filter_nulls;  // one a key
};

int64_t delay_of(const IntervalJoinSpec& spec) {
  const bool delays = spec.is_row_time && !spec.is_empty;
  return delays ? std::max(spec.wait_ms[0], spec.wait_ms[1]) : 0;
}

struct Side {
  TimedRows rows;
  GroupTimers timers;
  // Rows up to this time were dropped where they were in the way: those behind meet no more.
  int64_t gone_until = 0;
};

// What there is to put out.
struct Step {
  enum class Kind : uint8_t {
    kRow,        // a row met the next pairs, up to `pairs`
    kGone,       // a row that waited goes
    kWatermark,  // time rises to `watermark`
  };
  Kind kind;
  uint8_t input = 0;
  bool waits = false;
  uint32_t id = 0;
  size_t pairs = 0;
  int64_t watermark = 0;
};

// A row meets the kept rows of the other input whose times lie in its interval, and waits itself
// until time has passed the interval's end. Rows of a batch find their pairs first, by key and
// time alone; then the condition judges many pairs at once; then what was found is put out.
class IntervalJoin final : public Operator {
 public:
  IntervalJoin(IntervalJoinSpec spec, const PlanNode& node, OperatorContext context,
               KeyLayout layout, Side left, Side right, std::unique_ptr<KeptCondition> condition)
      : spec_(std::move(spec)),
        context_(std::move(context)),
        groups_(std::move(layout)),
        sides_{std::move(left), std::move(right)},
        out_(node.schema, static_cast<uint32_t>(node.input_schemas[0].size())),
        condition_(std::move(condition)),
        delay_ms_(delay_of(spec_)) {}

  Status process(Batch batch, uint32_t input, Output& output) override {
    if (batch.row_kinds != nullptr) {
      return Status::error("MR2104", "native: interval join over updating rows");
    }
    time_ = spec_.is_row_time ? std::max<int64_t>(0, watermarks_.current()) : context_.now_ms();
    watermarks_.merge(input, batch.watermarks);
    if (!spec_.is_row_time) drop_due();
    find_groups(batch, input);
    size_t run = 0;
    const auto& runs = batch.watermarks;
    for (uint32_t i = 0; i < rows_.size(); ++i) {
      while (run < runs.size() && runs[run].row <= rows_[i]) raise(runs[run++].watermark);
      MR_TRY(take_row(batch, input, i));
      if (pairs_[0].size() >= kMostPairs) MR_TRY(put_out(output));
    }
    while (run < runs.size()) raise(runs[run++].watermark);
    return settle(output);
  }

  [[nodiscard]] int64_t deadline_ms() const override {
    if (spec_.is_row_time) return kNoDeadline;
    return std::min(sides_[0].timers.next_time(), sides_[1].timers.next_time());
  }
  Status on_clock(int64_t now_ms, Output& output) override {
    if (spec_.is_row_time) return Status::ok();
    time_ = now_ms;
    drop_due();
    return settle(output);
  }

  [[nodiscard]] InputWatermarks* input_watermarks() override { return &watermarks_; }
  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    return {sides_[0].rows.state_table(),   sides_[1].rows.state_table(),
            sides_[0].timers.state_table(), sides_[1].timers.state_table(),
            input_watermark_table(),        gone_until_table()};
  }
  Result<Batch> snapshot(const StateTable& table) override {
    if (table.name == "watermarks") return input_watermark_content(watermarks_);
    if (table.name == "gone_until") return gone_until_content();
    const Side& side = sides_[table.name.starts_with("left") ? 0 : 1];
    if (table.name.ends_with("_timers")) return side.timers.snapshot(groups_);
    return side.rows.snapshot();
  }
  Status restore(const StateTable& table, const Batch& content) override {
    if (table.name == "watermarks") return restore_input_watermarks(content, watermarks_);
    if (table.name == "gone_until") return restore_gone_until(content);
    Side& side = sides_[table.name.starts_with("left") ? 0 : 1];
    if (table.name.ends_with("_timers")) MR_TRY(side.timers.restore(content, groups_));
    else MR_TRY(side.rows.restore(content, groups_));
    resize();
    return Status::ok();
  }
  [[nodiscard]] OperatorStats stats() const override {
    const uint64_t rows = sides_[0].rows.store().count() + sides_[1].rows.store().count();
    return {0, 0, rows, groups_.bytes() + sides_[0].rows.bytes() + sides_[1].rows.bytes()};
  }

 private:
  void resize() {
    for (Side& side : sides_) {
      side.rows.resize(groups_.size());
      side.timers.resize(groups_.size());
    }
  }

  // The rows of the batch, copied to the store, with the group of each and whether a NULL in the
  // key meets nothing.
  void find_groups(const Batch& batch, uint32_t input) {
    rows_.clear();
    for_each_row(batch.selection(), [&](uint32_t row) { rows_.push_back(row); });
    const auto count = static_cast<uint32_t>(rows_.size());
    keys_.clear();
    for (const uint32_t key : spec_.keys[input]) keys_.push_back(batch.columns[key].get());
    groups_.encode(keys_, rows_.data(), count);
    groups_.resolve_added(rows_.data(), count, resolved_);
    resize();
    ids_.resize(count);
    sides_[input].rows.store().add_rows(batch.columns, rows_, ids_.data());
    null_keys_.assign(count, 0);
    for (size_t key = 0; key < keys_.size(); ++key) {
      if (spec_.filter_nulls[key] == 0 || keys_[key]->validity == nullptr) continue;
      for (uint32_t i = 0; i < count; ++i) {
        if (keys_[key]->is_null(rows_[i])) null_keys_[i] = 1;
      }
    }
  }

  Status take_row(const Batch& batch, uint32_t input, uint32_t i) {
    const uint32_t group = resolved_.groups[i];
    const uint32_t id = ids_[i];
    Side& own = sides_[input];
    Side& other = sides_[1 - input];
    int64_t time = time_;
    if (spec_.is_row_time) {
      const Column& times = *batch.columns[spec_.time[input]];
      if (times.is_null(rows_[i])) return Status::error("MR3004", "row time", rows_[i]);
      time = times.data<int64_t>()[times.at(rows_[i])];
    }
    const int64_t last = time + spec_.wait_ms[input];
    const int64_t other_wait = spec_.wait_ms[1 - input];
    const bool meets = !spec_.is_empty && other.gone_until < last;
    if (meets && null_keys_[i] == 0) find_pairs(input, id, group, time - other_wait, last);
    const bool counts = spec_.is_outer[input] || null_keys_[i] == 0;
    const bool waits = !spec_.is_empty && time_ < last && counts;
    steps_.push_back({Step::Kind::kRow, static_cast<uint8_t>(input), waits, id,
                      pairs_[0].size(), 0});
    if (meets) {
      other.gone_until = earlier(time_, other_wait + 1);
      drop_gone(1 - input, group);
    }
    if (!waits) {
      own.rows.store().free(id);
      return Status::ok();
    }
    own.rows.link(id, group, time, 0);
    if (!own.timers.is_set(group)) set_timer(input, group, time);
    return Status::ok();
  }

  // Pairs of a row with the other input's rows of these times, in their order.
  void find_pairs(uint32_t input, uint32_t id, uint32_t group, int64_t from, int64_t to) {
    const TimedRows& rows = sides_[1 - input].rows;
    uint32_t first = kNone;
    for (uint32_t at = rows.last(group); at != kNone && rows.time(at) >= from;
         at = rows.before(at)) {
      first = at;
    }
    for (uint32_t at = first; at != kNone && rows.time(at) <= to; at = rows.after(at)) {
      pairs_[input].push_back(id);
      pairs_[1 - input].push_back(at);
    }
  }

  void set_timer(uint32_t input, uint32_t group, int64_t time) {
    sides_[input].timers.set(group, time + spec_.wait_ms[input] + spec_.min_cleanup_ms + 1);
  }

  void raise(int64_t watermark) {
    if (spec_.is_row_time) {
      time_ = std::max<int64_t>(0, watermark);
      drop_due();
    }
    steps_.push_back({Step::Kind::kWatermark, 0, false, 0, 0, earlier(watermark, delay_ms_)});
  }

  // Rows whose keys' timers have come.
  void drop_due() {
    for (uint32_t input = 0; input < 2; ++input) {
      Side& side = sides_[input];
      for (uint32_t group = side.timers.take_due(time_); group != GroupTimers::kNoGroup;
           group = side.timers.take_due(time_)) {
        side.gone_until = earlier(time_, spec_.wait_ms[input] + 1);
        drop_gone(input, group);
        const uint32_t next = side.rows.first(group);
        if (next != kNone) set_timer(input, group, side.rows.time(next));
      }
    }
  }

  void drop_gone(uint32_t input, uint32_t group) {
    Side& side = sides_[input];
    for (uint32_t id = side.rows.first(group); id != kNone;) {
      if (side.rows.time(id) > side.gone_until) return;
      const uint32_t next = side.rows.after(id);
      side.rows.remove(id, group);
      if (spec_.is_outer[input]) {
        steps_.push_back({Step::Kind::kGone, static_cast<uint8_t>(input), false, id, 0, 0});
      }
      id = next;
    }
  }

  // Judges the pairs, then puts out what the steps say.
  Status put_out(Output& output) {
    if (condition_ != nullptr) {
      const EvaluationContext evaluation{context_.now_ms(), &context_.zone};
      MR_TRY(condition_->judge(sides_[0].rows.store(), sides_[1].rows.store(), pairs_[0],
                               pairs_[1], evaluation, meets_));
    }
    size_t pair = 0;
    for (const Step& step : steps_) {
      switch (step.kind) {
        case Step::Kind::kRow:
          put_row(step, pair);
          pair = step.pairs;
          break;
        case Step::Kind::kGone:
          if (sides_[step.input].rows.flag(step.id) == 0) put_alone(step.input, step.id);
          break;
        case Step::Kind::kWatermark:
          out_.watermark(step.watermark);
      }
      if (out_.is_full()) {
        MR_TRY(out_.flush(sides_[0].rows.store(), sides_[1].rows.store(), output));
      }
    }
    steps_.clear();
    for (auto& ids : pairs_) ids.clear();
    return Status::ok();
  }

  void put_row(const Step& step, size_t from) {
    const uint32_t other = 1 - step.input;
    bool matched = false;
    for (size_t pair = from; pair < step.pairs; ++pair) {
      if (condition_ != nullptr && meets_[pair] == 0) continue;
      matched = true;
      if (spec_.is_outer[other]) sides_[other].rows.set_flag(pairs_[other][pair], 1);
      out_.add(RowKind::kInsert, pairs_[0][pair], pairs_[1][pair]);
    }
    if (step.waits) sides_[step.input].rows.set_flag(step.id, matched ? 1 : 0);
    else if (spec_.is_outer[step.input] && !matched) put_alone(step.input, step.id);
  }

  void put_alone(uint32_t input, uint32_t id) {
    out_.add(RowKind::kInsert, input == 0 ? id : kAbsentRow, input == 0 ? kAbsentRow : id);
  }

  Status settle(Output& output) {
    MR_TRY(put_out(output));
    MR_TRY(out_.flush(sides_[0].rows.store(), sides_[1].rows.store(), output));
    for (Side& side : sides_) side.rows.store().settle();
    compact_if_sparse();
    return Status::ok();
  }

  // Every group that is in use has a row or a timer.
  void compact_if_sparse() {
    size_t used = 0;
    for (const Side& side : sides_) used += side.rows.store().count() + side.timers.count();
    if (groups_.size() <= 2 * used + kMostEmpty) return;
    for (uint32_t group = 0; group < groups_.size(); ++group) {
      const bool is_used = std::ranges::any_of(sides_, [group](const Side& side) {
        return !side.rows.is_empty(group) || side.timers.is_set(group);
      });
      if (!is_used) groups_.kill(group);
    }
    std::vector<uint32_t> new_ids;
    const std::vector<uint32_t> kept = groups_.compact(new_ids);
    for (Side& side : sides_) {
      side.rows.renumber(kept);
      side.timers.renumber(kept);
    }
  }

  [[nodiscard]] Batch gone_until_content() const {
    Batch batch;
    batch.row_count = 2;
    batch.columns = {make_column(kInt, 2), make_column(kBigint, 2)};
    for (uint32_t input = 0; input < 2; ++input) {
      batch.columns[0]->data<int32_t>()[input] = static_cast<int32_t>(input);
      batch.columns[1]->data<int64_t>()[input] = sides_[input].gone_until;
    }
    return batch;
  }

  // Of several subtasks the lowest counts.
  Status restore_gone_until(const Batch& content) {
    if (content.row_count == 0) return Status::ok();
    int64_t lowest[2] = {kMaxWatermark, kMaxWatermark};
    for (uint32_t row = 0; row < content.row_count; ++row) {
      const int32_t input = content.columns[0]->data<int32_t>()[row];
      if (input < 0 || input > 1) return Status::error("MR5002", "interval-join: input");
      lowest[input] = std::min(lowest[input], content.columns[1]->data<int64_t>()[row]);
    }
    for (uint32_t input = 0; input < 2; ++input) sides_[input].gone_until = lowest[input];
    return Status::ok();
  }

  IntervalJoinSpec spec_;
  OperatorContext context_;
  KeyedGroups groups_;
  Side sides_[2];
  KeptPairs out_;
  std::unique_ptr<KeptCondition> condition_;
  int64_t delay_ms_;  // how far watermarks are held back: rows alone come out that late
  InputWatermarks watermarks_{2};
  ResolvedRows resolved_;
  int64_t time_ = 0;      // the watermark or the clock, not below 0 as in Flink
  std::vector<Step> steps_;
  std::vector<uint32_t> pairs_[2];
  std::vector<uint8_t> meets_;
  std::vector<const Column*> keys_;
  std::vector<uint32_t> rows_;
  std::vector<uint32_t> ids_;
  std::vector<uint8_t> null_keys_;
};

Status decode_side(const PlanNode& node, IntervalJoinSpec& spec, uint32_t input) {
  constexpr std::string_view kNames[] = {"left", "right"};
  MR_TRY_ASSIGN(const plan::Value* side, node.value->member(kNames[input]));
  MR_TRY_ASSIGN(spec.keys[input], side->indexes_at("keys"));
  MR_TRY_ASSIGN(const int64_t time, side->int_at("time"));
  const Schema& schema = node.input_schemas[input];
  MR_TRY(check_columns(spec.keys[input], schema));
  if (time < 0 || time >= static_cast<int64_t>(schema.size()) ||
      schema[static_cast<size_t>(time)].type.physical() != Physical::kI64) {
    return Status::error("MR9001", "interval-join: time");
  }
  spec.time[input] = static_cast<uint32_t>(time);
  return Status::ok();
}

Result<IntervalJoinSpec> decode_spec(const PlanNode& node) {
  IntervalJoinSpec spec;
  const plan::Value& value = *node.value;
  MR_TRY_ASSIGN(const std::string_view type, value.string_at("joinType"));
  spec.is_outer[0] = type == "left" || type == "full";
  spec.is_outer[1] = type == "right" || type == "full";
  for (uint32_t input = 0; input < 2; ++input) MR_TRY(decode_side(node, spec, input));
  MR_TRY_ASSIGN(const auto filters, value.list_at("filterNulls"));
  for (const plan::Value& one : filters) {
    MR_TRY_ASSIGN(const bool filter, one.as_bool());
    spec.filter_nulls.push_back(filter ? 1 : 0);
  }
  const size_t key_count = spec.keys[0].size();
  if (spec.keys[1].size() != key_count || spec.filter_nulls.size() != key_count) {
    return Status::error("MR9001", "interval-join: keys of both sides differ");
  }
  MR_TRY_ASSIGN(spec.is_row_time, value.bool_at("isRowTime"));
  MR_TRY_ASSIGN(const int64_t lower, value.int_at("lowerMs"));
  MR_TRY_ASSIGN(const int64_t upper, value.int_at("upperMs"));
  MR_TRY_ASSIGN(spec.min_cleanup_ms, value.int_at("minCleanupMs"));
  spec.is_empty = lower > upper;
  spec.wait_ms[0] = -lower;
  spec.wait_ms[1] = upper;
  return spec;
}

Result<Side> make_side(const PlanNode& node, const IntervalJoinSpec& spec, uint32_t input) {
  const std::string name = input == 0 ? "left" : "right";
  TimedRowsSpec rows;
  rows.name = name;
  rows.keys = spec.keys[input];
  if (spec.is_row_time) rows.time = spec.time[input];
  if (spec.is_outer[input]) rows.flag = "matched";
  MR_TRY_ASSIGN(TimedRows kept, TimedRows::create(node.input_schemas[input], std::move(rows)));
  Schema keys;
  for (const uint32_t key : spec.keys[0]) keys.push_back(node.input_schemas[0][key]);
  return Side{std::move(kept), GroupTimers(name + "_timers", keys)};
}

}  // namespace

Result<OperatorPtr> make_interval_join(const PlanNode& node, const OperatorContext& context) {
  if (node.inputs.size() != 2) return Status::error("MR9001", "interval-join: number of inputs");
  MR_TRY_ASSIGN(IntervalJoinSpec spec, decode_spec(node));
  MR_TRY(check_join_schema(node, spec.keys[0], spec.keys[1], false, "interval-join"));
  MR_TRY_ASSIGN(Side left, make_side(node, spec, 0));
  MR_TRY_ASSIGN(Side right, make_side(node, spec, 1));
  MR_TRY_ASSIGN(KeyLayout layout,
                KeyLayout::create(types_of(spec.keys[0], node.input_schemas[0])));
  MR_TRY_ASSIGN(auto condition, KeptCondition::create(node));
  return OperatorPtr(std::make_unique<IntervalJoin>(std::move(spec), node, context,
                                                    std::move(layout), std::move(left),
                                                    std::move(right), std::move(condition)));
}

}  // namespace millrace
