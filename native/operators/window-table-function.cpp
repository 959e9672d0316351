#include "operators/window-table-function.h"

#include <algorithm>
#include <utility>

#include "columnar/take.h"
#include "operators/window-grid.h"

namespace millrace {
namespace {

// A row without a row time belongs to no window and is dropped, as in Flink. A late row is not
// late here: windows are only named, not closed. Windows of the clock are those of the time at
// which a batch comes.
class WindowTableFunction final : public Operator {
 public:
  WindowTableFunction(WindowGrid grid, Schema schema, OperatorContext context)
      : grid_(std::move(grid)), schema_(std::move(schema)), context_(std::move(context)) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    assign(batch);
    if (rows_.empty()) {
      if (batch.watermarks.empty()) return Status::ok();
      return output.emit(watermark_batch(schema_, batch.watermarks.back().watermark));
    }
    Batch out;
    out.row_count = static_cast<uint32_t>(rows_.size());
    const Selection taken{rows_.data(), out.row_count};
    const bool unchanged = rows_.size() == batch.row_count && !repeats();
    for (const ColumnPtr& column : batch.columns) {
      out.columns.push_back(unchanged || column->constant ? column : take(*column, taken));
    }
    const size_t first = batch.columns.size();
    for (size_t i = 0; i < 3; ++i) out.columns.push_back(property(schema_[first + i].type, i));
    if (batch.row_kinds != nullptr) {
      out.row_kinds = std::make_shared<Buffer>(out.row_count);
      for (uint32_t i = 0; i < out.row_count; ++i) {
        out.row_kinds->data()[i] = batch.row_kinds->data()[rows_[i]];
      }
    }
    for (const WatermarkRun& run : batch.watermarks) {
      const auto at = std::lower_bound(rows_.begin(), rows_.end(), run.row);
      const auto row = static_cast<uint32_t>(at - rows_.begin());
      const bool same = !out.watermarks.empty() && out.watermarks.back().row == row;
      if (same) out.watermarks.back().watermark = run.watermark;
      else out.watermarks.push_back({row, run.watermark});
    }
    return output.emit(std::move(out));
  }

 private:
  [[nodiscard]] bool repeats() const { return grid_.is_shared(); }

  // Fills rows_ with a batch row for each window it is in, and its bounds beside it.
  void assign(const Batch& batch) {
    rows_.clear();
    starts_.clear();
    ends_.clear();
    if (grid_.is_by_clock()) {
      const int64_t now = grid_.local_time(context_.now_ms());
      for_each_row(batch.selection(), [&](uint32_t row) { assign_row(row, now); });
      return;
    }
    const Column& time = *batch.columns[static_cast<size_t>(grid_.spec().rowtime)];
    for_each_row(batch.selection(), [&](uint32_t row) {
      if (time.is_null(row)) return;
      assign_row(row, grid_.local_time(time.data<int64_t>()[time.at(row)]));
    });
  }

  // In Flink's order: HOP from the latest window to the earliest, CUMULATE from the shortest.
  void assign_row(uint32_t row, int64_t time) {
    const WindowSpec& spec = grid_.spec();
    if (spec.kind == WindowKind::kCumulate) {
      const int64_t start = grid_.start_of(time, spec.size);
      for (int64_t end = grid_.start_of(time, spec.step) + spec.step; end <= start + spec.size;
           end += spec.step) {
        add(row, start, end);
      }
      return;
    }
    for (int64_t start = grid_.start_of(time, spec.step); start > time - spec.size;
         start -= spec.step) {
      add(row, start, start + spec.size);
    }
  }

  void add(uint32_t row, int64_t start, int64_t end) {
    rows_.push_back(row);
    starts_.push_back(start);
    ends_.push_back(end);
  }

  // 0: start, 1: end, on the wall clock; 2: time, the instant of the window's last millisecond,
  // of windows of the clock: now.
  ColumnPtr property(const DataType& type, size_t which) const {
    ColumnPtr column = make_column(type, static_cast<uint32_t>(rows_.size()));
    int64_t* const out = column->data<int64_t>();
    if (which == 2 && grid_.is_by_clock()) {
      std::fill_n(out, rows_.size(), context_.now_ms());
      return column;
    }
    const std::vector<int64_t>& from = which == 0 ? starts_ : ends_;
    for (size_t i = 0; i < from.size(); ++i) {
      out[i] = which == 2 ? grid_.instant(from[i] - 1) : from[i];
    }
    return column;
  }

  WindowGrid grid_;
  Schema schema_;
  OperatorContext context_;
  std::vector<uint32_t> rows_;
  std::vector<int64_t> starts_;
  std::vector<int64_t> ends_;
};

}  // namespace

Result<OperatorPtr> make_window_table_function(const PlanNode& node,
                                               const OperatorContext& context) {
  MR_TRY_ASSIGN(const WindowSpec spec, decode_window(*node.value));
  const size_t width = node.input_schemas[0].size();
  if (spec.rowtime >= static_cast<int64_t>(width) || node.schema.size() != width + 3) {
    return Status::error("MR9001", "window table function: columns do not fit the schema");
  }
  return OperatorPtr(std::make_unique<WindowTableFunction>(WindowGrid(spec), node.schema, context));
}

}  // namespace millrace
