#include "operators/watermark-assigner.h"

#include <algorithm>
#include <utility>

#include "columnar/take.h"
#include "kernels/expression.h"

namespace millrace {
namespace {

DataType bigint() {
  DataType type;
  type.root = TypeRoot::kBigint;
  type.nullable = false;
  return type;
}

class WatermarkAssigner final : public Operator {
 public:
  WatermarkAssigner(uint32_t rowtime, std::string column_name,
                    std::unique_ptr<Expression> watermark, OperatorContext context)
      : rowtime_(rowtime),
        column_name_(std::move(column_name)),
        watermark_(std::move(watermark)),
        context_(std::move(context)) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    const bool at_end = !batch.watermarks.empty() &&
                        batch.watermarks.back().watermark == kMaxWatermark;
    batch.watermarks.clear();
    if (restored_) batch.watermarks.push_back({0, current_});
    restored_ = false;
    if (batch.active_count() > 0) MR_TRY(assign(batch));
    if (at_end) {
      current_ = kMaxWatermark;
      batch.watermarks.push_back({batch.row_count, kMaxWatermark});
    }
    if (batch.active_count() == 0 && batch.watermarks.empty()) return Status::ok();
    return output.emit(std::move(batch));
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    return {{"watermark", {{"watermark", bigint()}}, 0}};
  }

  Result<Batch> snapshot(const StateTable& table) override {
    Batch batch = empty_batch(table.fields);
    if (current_ == kMinWatermark) return batch;
    batch.row_count = 1;
    batch.columns[0] = make_column(table.fields[0].type, 1);
    batch.columns[0]->data<int64_t>()[0] = current_;
    return batch;
  }

  // The rows of several subtasks: the lowest counts.
  Status restore(const StateTable& /*table*/, const Batch& content) override {
    for (uint32_t row = 0; row < content.row_count; ++row) {
      const int64_t watermark = content.columns[0]->data<int64_t>()[row];
      current_ = restored_ ? std::min(current_, watermark) : watermark;
      restored_ = true;
    }
    return Status::ok();
  }

 private:
  // A row goes out before the watermark that it raises.
  Status assign(Batch& batch) {
    const Selection rows = batch.selection();
    MR_TRY(check_row_times(*batch.columns[rowtime_], rows));
    MR_TRY_ASSIGN(const ColumnPtr column,
                  watermark_->evaluate(batch, rows, {context_.now_ms(), &context_.zone}));
    const auto* values = column->data<int64_t>();
    int64_t current = current_;
    for_each_row(rows, [&](uint32_t row) {
      if (column->is_null(row)) return;
      const int64_t watermark = values[column->at(row)];
      if (watermark <= current) return;
      current = watermark;
      batch.watermarks.push_back({row + 1, watermark});
    });
    current_ = current;
    return Status::ok();
  }

  Status check_row_times(const Column& rowtime, const Selection& rows) const {
    if (rowtime.validity == nullptr && rowtime.physical != Physical::kNull) return Status::ok();
    for (uint32_t i = 0; i < rows.count; ++i) {
      if (rowtime.is_null(rows[i])) return Status::error("MR3004", column_name_, rows[i]);
    }
    return Status::ok();
  }

  uint32_t rowtime_;
  std::string column_name_;
  std::unique_ptr<Expression> watermark_;
  OperatorContext context_;
  int64_t current_ = kMinWatermark;
  bool restored_ = false;
};

}  // namespace

Result<OperatorPtr> make_watermark_assigner(const PlanNode& node, const OperatorContext& context) {
  MR_TRY_ASSIGN(const int64_t rowtime, node.value->int_at("rowtime"));
  if (rowtime < 0 || rowtime >= static_cast<int64_t>(node.schema.size())) {
    return Status::error("MR9001", "watermark-assigner: no such row time column");
  }
  MR_TRY_ASSIGN(const plan::Value* encoded, node.value->member("watermark"));
  MR_TRY_ASSIGN(std::unique_ptr<Expression> watermark, compile_expression(*encoded));
  const DataType& type = watermark->type();
  if (type.physical() != Physical::kI64 || type.precision > 3) {
    return Status::error("MR9001", "watermark-assigner: the watermark counts no milliseconds");
  }
  const auto column = static_cast<uint32_t>(rowtime);
  return OperatorPtr(std::make_unique<WatermarkAssigner>(column, node.schema[column].name,
                                                         std::move(watermark), context));
}

}  // namespace millrace
