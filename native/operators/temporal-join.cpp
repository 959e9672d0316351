#include "operators/temporal-join.h"

#include <algorithm>
#include <utility>

#include "columnar/watermark.h"
#include "operators/group-expiry.h"
#include "operators/group-timers.h"
#include "operators/input-watermark-table.h"
#include "operators/join-schema.h"
#include "operators/kept-condition.h"
#include "operators/kept-pairs.h"
#include "operators/ranked-rows.h"
#include "operators/timed-rows.h"

namespace millrace {
namespace {

// Left rows that are joined before the condition judges them.
constexpr size_t kMostRows = 16 * 1024;
constexpr size_t kMostEmpty = 1024;
constexpr uint32_t kNone = TimedRows::kNone;

struct TemporalJoinSpec {
  bool is_outer = false;  // left rows without a version come out alone
  std::vector<uint32_t> keys[2];
  uint32_t time[2] = {0, 0};
  int64_t ttl_ms = 0;
};

// Left rows wait for the watermark, then each meets the version of its key that holds at its
// time. Versions that no row in time can meet any more are dropped when the key's timer comes.
// With a time to live a key is forgotten where Flink's cleanup timer fires, half as long again
// after its rows, also those that wait for the watermark.
class TemporalJoin final : public Operator {
 public:
  TemporalJoin(TemporalJoinSpec spec, const PlanNode& node, OperatorContext context,
               KeyLayout layout, TimedRows left, TimedRows right, GroupTimers timers,
               std::unique_ptr<KeptCondition> condition)
      : spec_(std::move(spec)),
        context_(std::move(context)),
        groups_(std::move(layout)),
        left_(std::move(left)),
        right_(std::move(right)),
        timers_(std::move(timers)),
        out_(node.schema, static_cast<uint32_t>(node.input_schemas[0].size())),
        condition_(std::move(condition)),
        expiry_(keys_of(spec_.keys[0], node.input_schemas[0]), spec_.ttl_ms,
                Lifetime::kCleanupTimer) {}

  Status process(Batch batch, uint32_t input, Output& output) override {
    watermarks_.merge(input, batch.watermarks);
    now_ms_ = context_.now_ms();
    keep_rows(batch, input);
    size_t run = 0;
    const auto& runs = batch.watermarks;
    const Column& times = *batch.columns[spec_.time[input]];
    for (uint32_t i = 0; i < rows_.size(); ++i) {
      while (run < runs.size() && runs[run].row <= rows_[i]) raise(runs[run++].watermark);
      if (times.is_null(rows_[i])) return Status::error("MR3004", "row time", rows_[i]);
      const int64_t time = times.data<int64_t>()[times.at(rows_[i])];
      const auto kind = static_cast<uint8_t>(batch.kind(rows_[i]));
      link(input, ids_[i], resolved_.groups[i], time, kind);
      if (left_ids_.size() >= kMostRows) MR_TRY(put_out(output));
    }
    while (run < runs.size()) raise(runs[run++].watermark);
    MR_TRY(put_out(output));
    expiry_.sweep(now_ms_, rows_.size(), [this](uint32_t group) { drop(group); });
    MR_TRY(out_.flush(left_.store(), right_.store(), output));
    left_.store().settle();
    right_.store().settle();
    compact_if_sparse();
    return Status::ok();
  }

  [[nodiscard]] InputWatermarks* input_watermarks() override { return &watermarks_; }
  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    std::vector<StateTable> tables{left_.state_table(), right_.state_table(),
                                   timers_.state_table(), input_watermark_table()};
    expiry_.add_table(tables);
    return tables;
  }
  Status prepare_barrier(Output& /*output*/) override {
    expiry_.sweep_all(context_.now_ms(), [this](uint32_t group) { drop(group); });
    left_.store().settle();
    right_.store().settle();
    return Status::ok();
  }
  Result<Batch> snapshot(const StateTable& table) override {
    if (expiry_.owns(table)) return expiry_.snapshot(groups_);
    if (table.name == "left") return left_.snapshot();
    if (table.name == "right") return right_.snapshot();
    if (table.name == "timers") return timers_.snapshot(groups_);
    return input_watermark_content(watermarks_);
  }
  Status restore(const StateTable& table, const Batch& content) override {
    if (table.name == "watermarks") return restore_input_watermarks(content, watermarks_);
    if (table.name == "left") MR_TRY(left_.restore(content, groups_));
    else if (table.name == "right") MR_TRY(right_.restore(content, groups_));
    else if (expiry_.owns(table)) MR_TRY(expiry_.restore(content, groups_));
    else MR_TRY(timers_.restore(content, groups_));
    expiry_.restored_all(groups_, context_.now_ms());
    resize();
    return Status::ok();
  }
  [[nodiscard]] OperatorStats stats() const override {
    const uint64_t rows = left_.store().count() + right_.store().count();
    return {0, 0, rows, groups_.bytes() + left_.bytes() + right_.bytes()};
  }

 private:
  void resize() {
    left_.resize(groups_.size());
    right_.resize(groups_.size());
    timers_.resize(groups_.size());
    expiry_.resize(groups_.size());
  }

  void drop(uint32_t group) {
    expiry_.forget(group);
    while (left_.first(group) != kNone) left_.remove(left_.first(group), group);
    while (right_.first(group) != kNone) right_.remove(right_.first(group), group);
    timers_.clear(group);
  }

  // Copies the rows of a batch to their store and finds their groups.
  void keep_rows(const Batch& batch, uint32_t input) {
    rows_.clear();
    for_each_row(batch.selection(), [&](uint32_t row) { rows_.push_back(row); });
    const auto count = static_cast<uint32_t>(rows_.size());
    std::vector<const Column*> keys;
    for (const uint32_t key : spec_.keys[input]) keys.push_back(batch.columns[key].get());
    groups_.encode(keys, rows_.data(), count);
    groups_.resolve_added(rows_.data(), count, resolved_);
    resize();
    ids_.resize(count);
    (input == 0 ? left_ : right_).store().add_rows(batch.columns, rows_, ids_.data());
  }

  void link(uint32_t input, uint32_t id, uint32_t group, int64_t time, uint8_t kind) {
    if (expiry_.is_expired(group, now_ms_)) drop(group);
    expiry_.touch(group, now_ms_);
    if (input == 1) drop_version_of(group, time);
    (input == 0 ? left_ : right_).link(id, group, time, kind);
    if (time < timers_.time(group)) timers_.set(group, time);
  }

  // There is one version a time: the last that came.
  void drop_version_of(uint32_t group, int64_t time) {
    uint32_t id = right_.last(group);
    while (id != kNone && right_.time(id) > time) id = right_.before(id);
    if (id != kNone && right_.time(id) == time) right_.remove(id, group);
  }

  void raise(int64_t watermark) {
    for (uint32_t group = timers_.take_due(watermark); group != GroupTimers::kNoGroup;
         group = timers_.take_due(watermark)) {
      if (expiry_.is_expired(group, now_ms_)) drop(group);
      else join_group(group, watermark);
    }
    runs_.push_back({static_cast<uint32_t>(left_ids_.size()), watermark});
  }

  // The left rows up to the watermark with their versions, in the order in which they came.
  void join_group(uint32_t group, int64_t watermark) {
    found_.clear();
    uint32_t version = kNone;
    uint32_t next = right_.first(group);
    for (uint32_t id = left_.first(group); id != kNone && left_.time(id) <= watermark;) {
      const uint32_t after = left_.after(id);
      while (next != kNone && right_.time(next) <= left_.time(id)) {
        version = next;
        next = right_.after(next);
      }
      const bool holds = version != kNone && !takes_back(right_.flag(version));
      found_.emplace_back(id, holds ? version : kAbsentRow);
      left_.remove(id, group);
      id = after;
    }
    std::ranges::sort(found_, [this](const auto& a, const auto& b) {
      return left_.position(a.first) < left_.position(b.first);
    });
    for (const auto& [id, met] : found_) {
      left_ids_.push_back(id);
      right_ids_.push_back(met);
    }
    drop_versions(group, watermark);
    const uint32_t rest = left_.first(group);
    if (rest != kNone) timers_.set(group, left_.time(rest));
    if (rest != kNone || !right_.is_empty(group)) expiry_.touch(group, now_ms_);
    else expiry_.forget(group);
  }

  // All before the one that holds at the watermark; of versions all behind it none.
  void drop_versions(uint32_t group, int64_t watermark) {
    for (uint32_t id = right_.first(group); id != kNone;) {
      const uint32_t after = right_.after(id);
      if (after == kNone || right_.time(after) > watermark) return;
      right_.remove(id, group);
      id = after;
    }
  }

  // Judges the pairs, then puts out what there is.
  Status put_out(Output& output) {
    MR_TRY(judge());
    size_t run = 0;
    for (size_t i = 0; i < left_ids_.size(); ++i) {
      while (run < runs_.size() && runs_[run].row <= i) out_.watermark(runs_[run++].watermark);
      const bool is_alone = right_ids_[i] == kAbsentRow || (condition_ != nullptr && !meets_[i]);
      if (is_alone && !spec_.is_outer) continue;
      const auto kind = static_cast<RowKind>(left_.flag(left_ids_[i]));
      out_.add(kind, left_ids_[i], is_alone ? kAbsentRow : right_ids_[i]);
      if (out_.is_full()) MR_TRY(out_.flush(left_.store(), right_.store(), output));
    }
    while (run < runs_.size()) out_.watermark(runs_[run++].watermark);
    left_ids_.clear();
    right_ids_.clear();
    runs_.clear();
    return Status::ok();
  }

  // Rows without a version are not judged.
  Status judge() {
    if (condition_ == nullptr) return Status::ok();
    std::vector<uint32_t> pairs[2];
    std::vector<size_t> places;
    for (size_t i = 0; i < left_ids_.size(); ++i) {
      if (right_ids_[i] == kAbsentRow) continue;
      pairs[0].push_back(left_ids_[i]);
      pairs[1].push_back(right_ids_[i]);
      places.push_back(i);
    }
    const EvaluationContext evaluation{context_.now_ms(), &context_.zone};
    std::vector<uint8_t> judged;
    MR_TRY(condition_->judge(left_.store(), right_.store(), pairs[0], pairs[1], evaluation,
                             judged));
    meets_.assign(left_ids_.size(), 0);
    for (size_t i = 0; i < places.size(); ++i) meets_[places[i]] = judged[i];
    return Status::ok();
  }

  // Every group that is in use has a row or a timer.
  void compact_if_sparse() {
    const size_t used = left_.store().count() + right_.store().count() + timers_.count();
    if (groups_.size() <= 2 * used + kMostEmpty) return;
    for (uint32_t group = 0; group < groups_.size(); ++group) {
      const bool is_used =
          !left_.is_empty(group) || !right_.is_empty(group) || timers_.is_set(group);
      if (!is_used) groups_.kill(group);
    }
    std::vector<uint32_t> new_ids;
    const std::vector<uint32_t> kept = groups_.compact(new_ids);
    left_.renumber(kept);
    right_.renumber(kept);
    timers_.renumber(kept);
    expiry_.renumber(kept);
  }

  TemporalJoinSpec spec_;
  OperatorContext context_;
  KeyedGroups groups_;
  TimedRows left_;
  TimedRows right_;
  GroupTimers timers_;
  KeptPairs out_;
  std::unique_ptr<KeptCondition> condition_;
  GroupExpiry expiry_;
  int64_t now_ms_ = 0;
  InputWatermarks watermarks_{2};
  ResolvedRows resolved_;
  std::vector<uint32_t> rows_;
  std::vector<uint32_t> ids_;
  // Left rows to put out, in order, each with its version or kAbsentRow; watermarks between them.
  std::vector<uint32_t> left_ids_;
  std::vector<uint32_t> right_ids_;
  std::vector<WatermarkRun> runs_;
  std::vector<uint8_t> meets_;
  std::vector<std::pair<uint32_t, uint32_t>> found_;
};

Result<TemporalJoinSpec> decode_spec(const PlanNode& node) {
  TemporalJoinSpec spec;
  MR_TRY_ASSIGN(const std::string_view type, node.value->string_at("joinType"));
  spec.is_outer = type == "left";
  MR_TRY_ASSIGN(spec.ttl_ms, node.value->int_at("stateTtlMs"));
  constexpr std::string_view kNames[] = {"left", "right"};
  for (uint32_t input = 0; input < 2; ++input) {
    MR_TRY_ASSIGN(const plan::Value* side, node.value->member(kNames[input]));
    MR_TRY_ASSIGN(spec.keys[input], side->indexes_at("keys"));
    MR_TRY_ASSIGN(const int64_t time, side->int_at("time"));
    const Schema& schema = node.input_schemas[input];
    MR_TRY(check_columns(spec.keys[input], schema));
    if (time < 0 || time >= static_cast<int64_t>(schema.size()) ||
        schema[static_cast<size_t>(time)].type.physical() != Physical::kI64) {
      return Status::error("MR9001", "temporal-join: time");
    }
    spec.time[input] = static_cast<uint32_t>(time);
  }
  if (spec.keys[0].size() != spec.keys[1].size()) {
    return Status::error("MR9001", "temporal-join: keys of both sides differ");
  }
  return spec;
}

Result<TimedRows> make_rows(const PlanNode& node, const TemporalJoinSpec& spec, uint32_t input) {
  TimedRowsSpec rows;
  rows.name = input == 0 ? "left" : "right";
  rows.keys = spec.keys[input];
  rows.time = spec.time[input];
  rows.flag = "row_kind";
  rows.is_ordered = input == 0;
  return TimedRows::create(node.input_schemas[input], std::move(rows));
}

}  // namespace

Result<OperatorPtr> make_temporal_join(const PlanNode& node, const OperatorContext& context) {
  if (node.inputs.size() != 2) return Status::error("MR9001", "temporal-join: number of inputs");
  MR_TRY_ASSIGN(TemporalJoinSpec spec, decode_spec(node));
  MR_TRY(check_join_schema(node, spec.keys[0], spec.keys[1], false, "temporal-join"));
  MR_TRY_ASSIGN(TimedRows left, make_rows(node, spec, 0));
  MR_TRY_ASSIGN(TimedRows right, make_rows(node, spec, 1));
  Schema keys;
  for (const uint32_t key : spec.keys[0]) keys.push_back(node.input_schemas[0][key]);
  MR_TRY_ASSIGN(KeyLayout layout,
                KeyLayout::create(types_of(spec.keys[0], node.input_schemas[0])));
  MR_TRY_ASSIGN(auto condition, KeptCondition::create(node));
  return OperatorPtr(std::make_unique<TemporalJoin>(
      std::move(spec), node, context, std::move(layout), std::move(left), std::move(right),
      GroupTimers("timers", keys), std::move(condition)));
}

}  // namespace millrace
