#include "operators/window-aggregate.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "columnar/take.h"
#include "kernels/calendar.h"
#include "operators/session-aggregate.h"
#include "operators/window-slices.h"
#include "operators/window-state.h"

namespace millrace {
namespace {

using Property = WindowProperty;

// Rows go to their slice in order; a watermark that fires a window first folds the rows before it,
// so lateness and what a window holds are exact to the row.
//
// Windows of the clock fire when the task clock passes their end; those that are open at the end
// of the input are dropped, as in Flink.
//
// Floating sums show where Flink adds in two phases: its local phase hands its sums on, and starts
// anew, when the watermark passes the first slice it holds, and at a barrier. `has_local_phase`
// says that the plan has one and that it shows.
class WindowAggregate final : public Operator {
 public:
  WindowAggregate(const WindowSpec& window, std::vector<uint32_t> grouping,
                  std::vector<Property> properties, Schema schema,
                  std::unique_ptr<WindowSlices> slices, bool need_retraction,
                  bool has_local_phase, OperatorContext context)
      : grid_(window),
        grouping_(std::move(grouping)),
        properties_(std::move(properties)),
        schema_(std::move(schema)),
        slices_(std::move(slices)),
        need_retraction_(need_retraction),
        has_local_phase_(has_local_phase),
        context_(std::move(context)),
        is_marked_(need_retraction && grid_.is_shared() && !grid_.is_cumulate()) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    keys_.clear();
    for (const uint32_t column : grouping_) keys_.push_back(batch.columns[column].get());
    if (grid_.is_by_clock()) return take_by_clock(batch, output);
    const Selection rows = batch.selection();
    uint32_t position = 0;
    std::vector<WatermarkRun> runs;
    for (const WatermarkRun& run : batch.watermarks) {
      MR_TRY(assign(batch, rows, run.row, position));
      MR_TRY(raise(run.watermark, batch));
      if (!runs.empty() && runs.back().row == fired_rows_) runs.pop_back();
      runs.push_back({fired_rows_, run.watermark});
    }
    MR_TRY(assign(batch, rows, batch.row_count, position));
    MR_TRY(fold_all(batch));
    slices_->tidy_pool();
    return emit(std::move(runs), output);
  }

  [[nodiscard]] int64_t deadline_ms() const override {
    if (!grid_.is_by_clock() || slices_->is_empty()) return kNoDeadline;
    return grid_.clock_at(grid_.next_window_end(slices_->first_end(), progress_));
  }
  // Subtasks without rows know the time too: at another parallelism the earliest counts.
  Status prepare_barrier(Output& output) override {
    return grid_.is_by_clock() ? on_clock(context_.now_ms(), output) : Status::ok();
  }
  Status on_clock(int64_t now_ms, Output& output) override {
    MR_TRY(raise(now_ms - 1, Batch{}));
    return emit({}, output);
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    return window_state_tables(key_fields(), *sample());
  }
  Result<Batch> snapshot(const StateTable& table) override {
    slices_->flush_local();
    open_.close();
    return save_window_state(table, key_fields(), *slices_, watermark_);
  }
  Status restore(const StateTable& table, const Batch& content) override {
    MR_TRY(restore_window_state(table, key_fields(), content, *slices_, watermark_, restored_));
    progress_ = grid_.progress_at(watermark_);
    return Status::ok();
  }
  [[nodiscard]] OperatorStats stats() const override {
    return {late_rows_, 0, slices_->group_count(), slices_->bytes()};
  }

 private:
  [[nodiscard]] std::span<const Field> key_fields() const {
    return std::span(schema_).first(grouping_.size());
  }
  // A slice whose aggregates name the state columns.
  [[nodiscard]] const AggregateSet* sample() const {
    if (sample_ == nullptr) {
      Result<std::unique_ptr<WindowSlice>> made = slices_->take_spare();
      sample_ = std::move(made.value()->aggregates);
    }
    return sample_.get();
  }

  // All rows of a batch come at one time; what has ended by then fires before them.
  Status take_by_clock(const Batch& batch, Output& output) {
    const int64_t now_ms = context_.now_ms();
    MR_TRY(raise(now_ms - 1, batch));
    const int64_t now = grid_.local_time(std::max(now_ms, watermark_ + 1));
    const Selection rows = batch.selection();
    if (rows.count > 0) {
      MR_TRY_ASSIGN(WindowSlice * slice, slice_at(grid_.slice_end(now)));
      for_each_row(rows, [&](uint32_t row) { slice->rows.push_back(row); });
    }
    MR_TRY(fold_all(batch));
    slices_->tidy_pool();
    std::vector<WatermarkRun> runs;
    if (!batch.watermarks.empty()) {
      runs.push_back({fired_rows_, batch.watermarks.back().watermark});
    }
    return emit(std::move(runs), output);
  }

  // Puts the selected rows before physical row `until` into their slices.
  Status assign(const Batch& batch, const Selection& rows, uint32_t until, uint32_t& position) {
    const bool attached = grid_.is_attached();
    const int64_t index = attached ? grid_.spec().window_end : grid_.spec().rowtime;
    const Column& times = *batch.columns[static_cast<size_t>(index)];
    const int64_t* values = times.data<int64_t>();
    for (; position < rows.count && rows[position] < until; ++position) {
      const uint32_t row = rows[position];
      if (times.is_null(row)) {
        return Status::error("MR3004", schema_name(index), row);
      }
      const int64_t read = values[times.at(row)];
      const int64_t time = attached ? read : grid_.local_time(read);
      if (!open_.holds(time)) {
        const int64_t end = attached ? time : grid_.slice_end(time);
        open_.first = attached ? end : end - grid_.slice_size();
        open_.last = attached ? end + 1 : end;
        open_.until = WindowGrid::has_fired(end, progress_) ? kMinWatermark : end - 1;
        MR_TRY_ASSIGN(open_.slice, open_slice(end));
        open_.shown_by = nullptr;
        if (is_marked_ && open_.slice != nullptr && WindowGrid::has_fired(end, progress_)) {
          MR_TRY_ASSIGN(open_.shown_by, slices_->at(grid_.next_window_end(end, progress_)));
        }
      }
      if (open_.slice == nullptr) {
        ++late_rows_;
      } else {
        open_.slice->rows.push_back(row);
        if (open_.shown_by != nullptr) open_.shown_by->touched.push_back(row);
      }
    }
    return Status::ok();
  }

  // The slice of the last row: for first <= time < last, while the progress is below `until`.
  struct OpenSlice {
    int64_t first = 0;
    int64_t last = 0;
    int64_t until = kMinWatermark;
    WindowSlice* slice = nullptr;
    WindowSlice* shown_by = nullptr;  // whose window shows the rows' keys, if it is another one
    [[nodiscard]] bool holds(int64_t time) const { return time >= first && time < last; }
    void close() { first = last = 0; }
  };

  static std::string schema_name(int64_t index) {
    return std::string("time column ").append(std::to_string(index));
  }

  // Where rows of a slice go under the watermark now; null where they are late.
  Result<WindowSlice*> open_slice(int64_t end) {
    if (!WindowGrid::has_fired(end, progress_)) return slice_at(end);
    if (WindowGrid::has_fired(grid_.last_window_end(end), progress_)) {
      return static_cast<WindowSlice*>(nullptr);
    }
    return slice_at(grid_.is_cumulate() ? grid_.first_slice_end(end) : end);
  }

  Result<WindowSlice*> slice_at(int64_t end) {
    return has_local_phase_ ? slices_->local_at(end) : slices_->at(end);
  }

  // Whether the local phase hands its sums on when the progress comes there.
  [[nodiscard]] bool ends_local_phase(int64_t progress) const {
    if (slices_->local().empty()) return false;
    const int64_t end = slices_->local().begin()->first;
    if (!WindowGrid::has_fired(end, progress)) return false;
    const auto slices_to = [&](int64_t time) {
      const int64_t next = time + (time < std::numeric_limits<int64_t>::max() ? 1 : 0);
      return calendar::floor_div(next, grid_.slice_size());
    };
    return !WindowGrid::has_fired(end, progress_) || slices_to(progress) > slices_to(progress_);
  }

  Status fold_all(const Batch& batch) {
    Status failure = Status::ok();
    slices_->each([&](WindowSlice& slice) {
      if (!slice.rows.empty()) slices_->fold(slice, batch, keys_);
      if (failure.is_ok()) failure = slice.aggregates->failure();
      if (!slice.touched.empty()) slices_->touch(slice, keys_);
    });
    return failure;
  }

  // The watermark passes: every window that ends at or before it fires, in the order of the ends.
  Status raise(int64_t watermark, const Batch& batch) {
    if (watermark <= watermark_) return Status::ok();
    const int64_t progress = grid_.progress_at(watermark);
    bool folded = ends_local_phase(progress);
    if (folded) {
      MR_TRY(fold_all(batch));
      slices_->flush_local();
    }
    while (!slices_->is_empty()) {
      const int64_t end = grid_.next_window_end(slices_->first_end(), progress_);
      if (!WindowGrid::has_fired(end, progress)) break;
      if (!std::exchange(folded, true)) {
        MR_TRY(fold_all(batch));
      }
      MR_TRY(fire(end));
      progress_ = std::max(progress_, end - 1);
    }
    watermark_ = watermark;
    progress_ = progress;
    if (folded || progress_ >= open_.until) open_.close();
    return Status::ok();
  }

  Status fire(int64_t end) {
    if (!grid_.is_shared()) {
      show(*slices_->find(end), end);
      slices_->drop(end);
      return Status::ok();
    }
    return grid_.is_cumulate() ? fire_cumulate(end) : fire_hop(end);
  }

  // What fired before is in the window's first slice; this slice joins it.
  Status fire_cumulate(int64_t end) {
    const int64_t first = grid_.first_slice_end(end);
    WindowSlice* slice = slices_->find(end);
    WindowSlice* held = slices_->find(first);
    if (slice != nullptr && slice != held) {
      if (held == nullptr) {
        slices_->rename(end, first);
        held = slice;
      } else {
        slices_->merge(*held, *slice);
        slices_->drop(end);
      }
    }
    if (held != nullptr) show(*held, end);
    if (end == grid_.last_window_end(first)) slices_->drop(first);
    return Status::ok();
  }

  // Flink merges the latest slice first; floating sums show it.
  Status fire_hop(int64_t end) {
    const int64_t start = end - grid_.spec().size;
    std::vector<WindowSlice*> parts;
    for (auto it = slices_->all().rbegin(); it != slices_->all().rend(); ++it) {
      if (it->first <= end && it->first > start) parts.push_back(it->second.get());
    }
    if (is_marked_) {
      MR_TRY(show_hop(parts, end));
    } else if (parts.size() == 1) {
      show(*parts[0], end);
    } else {
      MR_TRY_ASSIGN(auto merged, slices_->take_spare());
      for (WindowSlice* part : parts) slices_->merge(*merged, *part);
      show(*merged, end);
      slices_->give_back(std::move(merged));
    }
    while (!slices_->is_empty() && slices_->first_end() <= grid_.expired_slice(end)) {
      slices_->drop(slices_->first_end());
    }
    return Status::ok();
  }

  // Where rows may be taken back a key's windows end at the first that is empty, as Flink's do:
  // a window shows the keys of its last slice and hands those that it shows on to the next one.
  Status show_hop(std::span<WindowSlice* const> parts, int64_t end) {
    const WindowSlice* last = slices_->find(end);
    if (last == nullptr) return Status::ok();
    MR_TRY_ASSIGN(auto merged, slices_->take_spare());
    for (WindowSlice* part : parts) slices_->merge(*merged, *part);
    shown_.clear();
    for (uint32_t group = 0; group < last->table.size(); ++group) {
      if (merged->row_counts[group] != 0) shown_.push_back(group);
    }
    show_groups(*merged, end, shown_);
    if (!shown_.empty()) {
      MR_TRY_ASSIGN(WindowSlice * next, slices_->at(end + grid_.slice_size()));
      slices_->mark(*next, *merged, shown_);
    }
    slices_->give_back(std::move(merged));
    return Status::ok();
  }

  // Groups whose rows were all taken back show no row.
  void show(WindowSlice& slice, int64_t end) {
    shown_.clear();
    for (uint32_t group = 0; group < slice.table.size(); ++group) {
      if (!need_retraction_ || slice.row_counts[group] != 0) shown_.push_back(group);
    }
    show_groups(slice, end, shown_);
  }

  // The rows of a window as a batch of their own.
  void show_groups(WindowSlice& slice, int64_t end, std::span<const uint32_t> groups) {
    if (groups.empty()) return;
    Batch out;
    out.row_count = static_cast<uint32_t>(groups.size());
    for (uint32_t i = 0; i < grouping_.size(); ++i) {
      ColumnPtr column = make_column(schema_[i].type, out.row_count);
      slices_->decode(i, slice, groups, *column);
      out.columns.push_back(std::move(column));
    }
    slice.aggregates->values(groups, out.columns);
    for (const Property property : properties_) {
      const int64_t value = property == Property::kStart     ? grid_.window_start(end)
                            : property == Property::kEnd     ? end
                            : property == Property::kRowtime ? grid_.instant(end - 1)
                                                             : context_.now_ms();
      ColumnPtr column = make_column(schema_[out.columns.size()].type, out.row_count);
      std::fill_n(column->data<int64_t>(), out.row_count, value);
      out.columns.push_back(std::move(column));
    }
    fired_rows_ += out.row_count;
    fired_.push_back(std::move(out));
  }

  Status emit(std::vector<WatermarkRun> runs, Output& output) {
    fired_rows_ = 0;
    if (fired_.empty() && runs.empty()) return Status::ok();
    Batch out;
    if (fired_.empty()) {
      out = empty_batch(schema_);
    } else if (fired_.size() == 1) {
      out = std::move(fired_[0]);
    } else {
      std::vector<BatchPiece> pieces;
      for (const Batch& batch : fired_) pieces.push_back({&batch, batch.selection()});
      out = gather(pieces);
    }
    fired_.clear();
    out.watermarks = std::move(runs);
    return output.emit(std::move(out));
  }

  WindowGrid grid_;
  std::vector<uint32_t> grouping_;
  std::vector<Property> properties_;
  Schema schema_;
  std::unique_ptr<WindowSlices> slices_;
  mutable std::unique_ptr<AggregateSet> sample_;
  bool need_retraction_;
  bool has_local_phase_;
  OperatorContext context_;
  bool is_marked_;  // windows show only keys that were put into their last slice: show_hop
  bool restored_ = false;
  int64_t watermark_ = kMinWatermark;
  int64_t progress_ = kMinWatermark;  // on the windows' clock, or the last end that has fired
  uint64_t late_rows_ = 0;
  OpenSlice open_;
  // One batch's.
  std::vector<const Column*> keys_;
  std::vector<Batch> fired_;
  uint32_t fired_rows_ = 0;
  std::vector<uint32_t> shown_;
};

Result<std::vector<Property>> decode_properties(const plan::Value& node) {
  MR_TRY_ASSIGN(const std::span<const plan::Value> list, node.list_at("properties"));
  std::vector<Property> properties;
  for (const plan::Value& value : list) {
    MR_TRY_ASSIGN(const std::string_view name, value.as_string());
    properties.push_back(name == "start"     ? Property::kStart
                         : name == "end"     ? Property::kEnd
                         : name == "rowtime" ? Property::kRowtime
                                             : Property::kProctime);
  }
  return properties;
}

bool counts_ms(const Schema& input, int64_t column) {
  const DataType& type = input[static_cast<size_t>(column)].type;
  return type.physical() == Physical::kI64 && type.ticks_per_second() == 1'000;
}

}  // namespace

Result<OperatorPtr> make_window_aggregate(const PlanNode& node, const OperatorContext& context) {
  const Schema& input = node.input_schemas[0];
  MR_TRY_ASSIGN(const WindowSpec window, decode_window(*node.value));
  MR_TRY_ASSIGN(std::vector<uint32_t> grouping, node.value->indexes_at("grouping"));
  MR_TRY_ASSIGN(auto calls, decode_aggregate_calls(*node.value));
  MR_TRY_ASSIGN(std::vector<Property> properties, decode_properties(*node.value));
  MR_TRY_ASSIGN(const bool need_retraction, node.value->bool_at("needRetraction"));
  MR_TRY_ASSIGN(const bool has_local_phase, node.value->bool_at("localPhase"));
  const int64_t time = std::max(window.rowtime, window.window_end);
  if (time >= static_cast<int64_t>(input.size()) || (time >= 0 && !counts_ms(input, time))) {
    return Status::error("MR9001", "window-aggregate: the time column counts no milliseconds");
  }
  if (node.schema.size() != grouping.size() + calls.size() + properties.size()) {
    return Status::error("MR9001", "window-aggregate: schema does not fit");
  }
  std::vector<DataType> key_types;
  for (const uint32_t column : grouping) {
    if (column >= input.size()) return Status::error("MR9001", "group key: no such column");
    key_types.push_back(input[column].type);
  }
  MR_TRY_ASSIGN(KeyLayout layout, KeyLayout::create(key_types));
  auto shared = std::make_shared<const std::vector<AggregateCall>>(std::move(calls));
  if (window.is_session && window.window_end < 0) {
    MR_TRY_ASSIGN(auto aggregates, AggregateSet::create(std::move(shared), input));
    return make_session_aggregate({window, std::move(grouping), std::move(properties),
                                   node.schema, need_retraction},
                                  std::move(layout), std::move(aggregates), context);
  }
  MR_TRY_ASSIGN(auto slices, WindowSlices::create(std::move(layout), std::move(shared), input));
  return OperatorPtr(std::make_unique<WindowAggregate>(window, std::move(grouping),
                                                       std::move(properties), node.schema,
                                                       std::move(slices), need_retraction,
                                                       has_local_phase, context));
}

}  // namespace millrace
