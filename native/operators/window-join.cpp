#include "operators/window-join.h"

#include <algorithm>
#include <map>
#include <utility>

#include "columnar/take.h"
#include "columnar/watermark.h"
#include "kernels/expression.h"
#include "operators/input-watermark-table.h"
#include "operators/join-schema.h"
#include "operators/join-side.h"
#include "operators/ranked-rows.h"
#include "state/keyed-groups.h"

namespace millrace {
namespace {

constexpr size_t kMostRows = 16 * 1024;
constexpr uint32_t kAbsent = UINT32_MAX;

struct WindowJoinSpec {
  bool is_semi = false;
  bool is_left_only = false;
  bool keeps[2] = {false, false};  // rows of a side without a partner come out alone
  std::vector<uint32_t> keys[2];
  uint32_t window_end[2] = {0, 0};
  std::vector<uint8_t> filter_nulls;  // one a key
};

// The rows of a window wait, a group a join key, until the watermark closes it; then they meet,
// once. Insert-only in and out. Rows of a closed window are late and dropped.
class WindowJoin final : public Operator {
 public:
  WindowJoin(WindowJoinSpec spec, const PlanNode& node, OperatorContext context, KeyLayout layout,
             JoinSide left, JoinSide right, std::unique_ptr<Expression> condition)
      : spec_(std::move(spec)),
        context_(std::move(context)),
        schema_(node.schema),
        widths_{static_cast<uint32_t>(node.input_schemas[0].size()),
                static_cast<uint32_t>(node.input_schemas[1].size())},
        groups_(std::move(layout)),
        sides_{std::move(left), std::move(right)},
        condition_(std::move(condition)) {}

  Status process(Batch batch, uint32_t input, Output& output) override {
    if (batch.row_kinds != nullptr) {
      return Status::error("MR2104", "native: window join over updating rows");
    }
    const int64_t before = watermarks_.current();
    watermarks_.merge(input, batch.watermarks);
    keep_timely(batch, input, before);
    keep_rows(batch, input);
    for (const WatermarkRun& run : batch.watermarks) MR_TRY(raise(run.watermark, output));
    MR_TRY(flush(output));
    for (JoinSide& side : sides_) side.store().settle();
    if (groups_.should_compact()) compact();
    return Status::ok();
  }

  [[nodiscard]] InputWatermarks* input_watermarks() override { return &watermarks_; }
  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    return {sides_[0].state_table(), sides_[1].state_table(), input_watermark_table()};
  }
  Result<Batch> snapshot(const StateTable& table) override {
    if (table.name == "watermarks") return input_watermark_content(watermarks_);
    return sides_[table.name == "left" ? 0 : 1].snapshot();
  }
  Status restore(const StateTable& table, const Batch& content) override {
    if (table.name == "watermarks") return restore_input_watermarks(content, watermarks_);
    MR_TRY(sides_[table.name == "left" ? 0 : 1].restore(content, groups_));
    for (JoinSide& side : sides_) side.resize(groups_.size());
    gather_windows();
    return Status::ok();
  }
  [[nodiscard]] OperatorStats stats() const override {
    const uint64_t rows = sides_[0].store().count() + sides_[1].store().count();
    return {late_rows_, 0, rows, groups_.bytes() + sides_[0].bytes() + sides_[1].bytes()};
  }

 private:
  // Rows whose window is open under the watermark before them, and that may come out.
  void keep_timely(const Batch& batch, uint32_t input, int64_t watermark) {
    const Column& ends = *batch.columns[spec_.window_end[input]];
    timely_.clear();
    size_t run = 0;
    for_each_row(batch.selection(), [&](uint32_t row) {
      while (run < batch.watermarks.size() && batch.watermarks[run].row <= row) {
        watermark = batch.watermarks[run++].watermark;
      }
      const bool late = ends.is_null(row) || ends.data<int64_t>()[ends.at(row)] - 1 <= watermark;
      if (late) ++late_rows_;
      else if (spec_.keeps[input] || !has_null_key(batch, input, row)) timely_.push_back(row);
    });
  }

  [[nodiscard]] bool has_null_key(const Batch& batch, uint32_t input, uint32_t row) const {
    for (size_t i = 0; i < spec_.filter_nulls.size(); ++i) {
      if (spec_.filter_nulls[i] != 0 && batch.columns[spec_.keys[input][i]]->is_null(row)) {
        return true;
      }
    }
    return false;
  }

  void keep_rows(const Batch& batch, uint32_t input) {
    JoinSide& side = sides_[input];
    std::vector<const Column*> keys;
    for (const uint32_t key : side.input().keys) keys.push_back(batch.columns[key].get());
    const auto count = static_cast<uint32_t>(timely_.size());
    groups_.encode(keys, timely_.data(), count);
    groups_.resolve_added(timely_.data(), count, resolved_);
    for (JoinSide& one : sides_) one.resize(groups_.size());
    ids_.resize(count);
    side.store().add_rows(batch.columns, timely_, ids_.data());
    const Column& ends = *keys.back();
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t group = resolved_.groups[i];
      if (resolved_.created[i] != 0) {
        windows_[ends.data<int64_t>()[ends.at(timely_[i])]].push_back(group);
      }
      side.add(ids_[i], batch.columns, timely_[i], group, 0, 0);
    }
  }

  Status raise(int64_t watermark, Output& output) {
    while (!windows_.empty() && windows_.begin()->first - 1 <= watermark) {
      for (const uint32_t group : windows_.begin()->second) {
        MR_TRY(join_group(group));
        for (JoinSide& side : sides_) side.drop(group);
        groups_.kill(group);
        if (out_[0].size() >= kMostRows) MR_TRY(flush(output));
      }
      windows_.erase(windows_.begin());
    }
    const auto row = static_cast<uint32_t>(out_[0].size());
    if (!runs_.empty() && runs_.back().row == row) runs_.back().watermark = watermark;
    else runs_.push_back({row, watermark});
    return Status::ok();
  }

  Status join_group(uint32_t group) {
    for (uint32_t s = 0; s < 2; ++s) {
      met_[s].clear();
      for (uint32_t id = sides_[s].first(group); id != JoinSide::kNone; id = sides_[s].after(id)) {
        met_[s].push_back(id);
      }
    }
    const bool meets = !key_is_null();
    if (meets) MR_TRY(judge());
    const size_t width = met_[1].size();
    matched_.assign(width, 0);
    for (size_t i = 0; i < met_[0].size(); ++i) {
      bool matched = false;
      for (size_t j = 0; meets && j < width; ++j) {
        if (condition_ != nullptr && judged_[i * width + j] == 0) continue;
        matched = true;
        matched_[j] = 1;
        if (spec_.is_left_only) break;
        add(met_[0][i], met_[1][j]);
      }
      if (spec_.is_semi ? matched : spec_.keeps[0] && !matched) add(met_[0][i], kAbsent);
    }
    for (size_t j = 0; spec_.keeps[1] && j < width; ++j) {
      if (matched_[j] == 0) add(kAbsent, met_[1][j]);
    }
    return Status::ok();
  }

  // Whether a NULL in the key of the group at hand keeps its rows from meeting.
  [[nodiscard]] bool key_is_null() const {
    if (met_[0].empty()) return false;
    for (size_t i = 0; i < spec_.filter_nulls.size(); ++i) {
      const bool is_null = sides_[0].store().is_null(spec_.keys[0][i], met_[0][0]);
      if (spec_.filter_nulls[i] != 0 && is_null) return true;
    }
    return false;
  }

  // Which pairs of the group at hand the condition lets meet, row by row of the left.
  Status judge() {
    const size_t width = met_[1].size();
    const auto count = static_cast<uint32_t>(met_[0].size() * width);
    if (condition_ == nullptr || count == 0) return Status::ok();
    std::vector<uint32_t> ids[2];
    for (const uint32_t left : met_[0]) {
      ids[0].insert(ids[0].end(), width, left);
      ids[1].insert(ids[1].end(), met_[1].begin(), met_[1].end());
    }
    Batch pairs;
    pairs.row_count = count;
    for (uint32_t s = 0; s < 2; ++s) {
      for (uint32_t i = 0; i < widths_[s]; ++i) {
        pairs.columns.push_back(sides_[s].store().gather(i, ids[s]));
      }
    }
    const EvaluationContext evaluation{context_.now_ms(), &context_.zone};
    MR_TRY_ASSIGN(const ColumnPtr truth,
                  condition_->evaluate(pairs, pairs.selection(), evaluation));
    std::vector<uint32_t> places;
    select_true(*truth, pairs.selection(), places);
    judged_.assign(count, 0);
    for (const uint32_t place : places) judged_[place] = 1;
    return Status::ok();
  }

  void add(uint32_t left, uint32_t right) {
    out_[0].push_back(left);
    out_[1].push_back(right);
  }

  Status flush(Output& output) {
    if (out_[0].empty()) {
      if (runs_.empty()) return Status::ok();
      const int64_t watermark = runs_.back().watermark;
      runs_.clear();
      return output.emit(watermark_batch(schema_, watermark));
    }
    Batch batch;
    batch.row_count = static_cast<uint32_t>(out_[0].size());
    for (uint32_t i = 0; i < schema_.size(); ++i) {
      const uint32_t side = i < widths_[0] ? 0 : 1;
      batch.columns.push_back(gather_or_null(side, side == 0 ? i : i - widths_[0], i));
    }
    batch.watermarks = std::move(runs_);
    runs_ = {};
    for (auto& ids : out_) ids.clear();
    return output.emit(std::move(batch));
  }

  [[nodiscard]] ColumnPtr gather_or_null(uint32_t side, uint32_t column, uint32_t field) const {
    std::vector<uint32_t> present = out_[side];
    bool has_absent = false;
    for (uint32_t& id : present) {
      if (id != kAbsent) continue;
      id = 0;
      has_absent = true;
    }
    const auto count = static_cast<uint32_t>(present.size());
    if (has_absent && sides_[side].store().capacity() == 0) {
      ColumnPtr nulls = make_column(schema_[field].type, count);
      if (nulls->values != nullptr) nulls->values = zeroed_buffer(nulls->values->size());
      nulls->validity = zeroed_buffer((count + 7) / 8);
      return nulls;
    }
    ColumnPtr out = sides_[side].store().gather(column, present);
    for (uint32_t i = 0; has_absent && i < count; ++i) {
      if (out_[side][i] == kAbsent) out->set_null(i);
    }
    out->type = schema_[field].type;
    return out;
  }

  void gather_windows() {
    windows_.clear();
    for (const uint32_t group : groups_.alive_groups()) {
      const JoinSide& side = sides_[sides_[0].is_empty(group) ? 1 : 0];
      if (side.is_empty(group)) continue;
      windows_[side.store().i64(side.input().keys.back(), side.first(group))].push_back(group);
    }
  }

  void compact() {
    std::vector<uint32_t> new_ids;
    const std::vector<uint32_t> kept = groups_.compact(new_ids);
    for (JoinSide& side : sides_) side.renumber(kept);
    for (auto& [end, groups] : windows_) {
      for (uint32_t& group : groups) group = new_ids[group];
    }
  }

  WindowJoinSpec spec_;
  OperatorContext context_;
  Schema schema_;
  uint32_t widths_[2];
  KeyedGroups groups_;
  JoinSide sides_[2];
  std::unique_ptr<Expression> condition_;
  InputWatermarks watermarks_{2};
  ResolvedRows resolved_;
  std::map<int64_t, std::vector<uint32_t>> windows_;  // groups by the end of their window
  std::vector<uint32_t> timely_;
  std::vector<uint32_t> ids_;
  std::vector<uint32_t> met_[2];   // rows of the group at hand
  std::vector<uint8_t> judged_;    // pairs of them
  std::vector<uint8_t> matched_;   // right rows of them
  std::vector<uint32_t> out_[2];
  std::vector<WatermarkRun> runs_;
  uint64_t late_rows_ = 0;
};

Result<WindowJoinSpec> decode_spec(const PlanNode& node) {
  WindowJoinSpec spec;
  const plan::Value& value = *node.value;
  MR_TRY_ASSIGN(const std::string_view type, value.string_at("joinType"));
  spec.is_semi = type == "semi";
  spec.is_left_only = type == "semi" || type == "anti";
  spec.keeps[0] = type == "left" || type == "full" || type == "anti";
  spec.keeps[1] = type == "right" || type == "full";
  constexpr std::string_view kSides[] = {"left", "right"};
  for (uint32_t s = 0; s < 2; ++s) {
    MR_TRY_ASSIGN(const plan::Value* side, value.member(kSides[s]));
    MR_TRY_ASSIGN(spec.keys[s], side->indexes_at("keys"));
    MR_TRY_ASSIGN(const int64_t end, side->int_at("windowEnd"));
    const Schema& schema = node.input_schemas[s];
    if (end < 0 || end >= static_cast<int64_t>(schema.size()) ||
        schema[static_cast<size_t>(end)].type.physical() != Physical::kI64) {
      return Status::error("MR9001", "window-join: windowEnd");
    }
    spec.window_end[s] = static_cast<uint32_t>(end);
    MR_TRY(check_columns(spec.keys[s], schema));
  }
  MR_TRY_ASSIGN(const auto filters, value.list_at("filterNulls"));
  for (const plan::Value& one : filters) {
    MR_TRY_ASSIGN(const bool filter, one.as_bool());
    spec.filter_nulls.push_back(filter ? 1 : 0);
  }
  const size_t key_count = spec.keys[0].size();
  if (spec.keys[1].size() != key_count || spec.filter_nulls.size() != key_count) {
    return Status::error("MR9001", "window-join: keys of both sides differ");
  }
  return spec;
}

Status check_zone(const plan::Value& value) {
  const plan::Value* zone = value.find("zone");
  if (zone == nullptr || zone->is_null()) return Status::ok();
  MR_TRY_ASSIGN(const std::string_view name, zone->as_string());
  if (name == "UTC") return Status::ok();
  return Status::error("MR2104", std::string("native: windows in the zone ").append(name));
}

// Rows lie by key and window; only the keys spread them over subtasks.
Result<JoinSide> make_side(const PlanNode& node, const WindowJoinSpec& spec, uint32_t index) {
  const Schema& schema = node.input_schemas[index];
  JoinInput input;
  input.keys = spec.keys[index];
  input.keys.push_back(spec.window_end[index]);
  MR_TRY_ASSIGN(RowStore store, RowStore::create(schema));
  JoinSide side(index == 0 ? "left" : "right", schema, std::move(input), std::move(store), false,
                0);
  side.set_key_count(static_cast<uint32_t>(spec.keys[index].size()));
  return side;
}

}  // namespace

Result<OperatorPtr> make_window_join(const PlanNode& node, const OperatorContext& context) {
  if (node.inputs.size() != 2) return Status::error("MR9001", "window-join: number of inputs");
  MR_TRY(check_zone(*node.value));
  MR_TRY_ASSIGN(WindowJoinSpec spec, decode_spec(node));
  MR_TRY(check_join_schema(node, spec.keys[0], spec.keys[1], spec.is_left_only, "window-join"));
  MR_TRY_ASSIGN(JoinSide left, make_side(node, spec, 0));
  MR_TRY_ASSIGN(JoinSide right, make_side(node, spec, 1));
  const std::vector<DataType> types = types_of(left.input().keys, node.input_schemas[0]);
  MR_TRY_ASSIGN(KeyLayout layout, KeyLayout::create(types));
  std::unique_ptr<Expression> condition;
  const plan::Value* encoded = node.value->find("condition");
  if (encoded != nullptr && !encoded->is_null()) {
    MR_TRY_ASSIGN(condition, compile_expression(*encoded));
  }
  return OperatorPtr(std::make_unique<WindowJoin>(std::move(spec), node, context,
                                                  std::move(layout), std::move(left),
                                                  std::move(right), std::move(condition)));
}

}  // namespace millrace
