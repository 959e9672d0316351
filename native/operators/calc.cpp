#include "operators/calc.h"

#include <optional>
#include <utility>

#include "columnar/take.h"
#include "kernels/shared-parts.h"

namespace millrace {
namespace {

using ExpressionPtr = std::unique_ptr<Expression>;

class Calc final : public Operator {
 public:
  Calc(Schema schema, OperatorContext context, std::unique_ptr<SharedParts> parts,
       ExpressionPtr condition, std::vector<ExpressionPtr> projections,
       std::optional<DataType> watermark_type)
      : schema_(std::move(schema)),
        context_(std::move(context)),
        parts_(std::move(parts)),
        condition_(std::move(condition)),
        projections_(std::move(projections)),
        watermark_type_(std::move(watermark_type)) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    const EvaluationContext evaluation{context_.now_ms(), &context_.zone};
    if (watermark_type_.has_value()) add_watermark(batch);
    parts_->forget();
    if (condition_ != nullptr && batch.active_count() > 0) MR_TRY(filter(batch, evaluation));
    if (batch.active_count() == 0) return pass_watermarks(batch, output);
    std::vector<ColumnPtr> columns;
    columns.reserve(projections_.size());
    for (const ExpressionPtr& projection : projections_) {
      MR_TRY_ASSIGN(ColumnPtr column,
                    projection->evaluate(batch, batch.selection(), evaluation));
      columns.push_back(std::move(column));
    }
    batch.columns = std::move(columns);
    parts_->forget();
    return output.emit(compacted_if_sparse(std::move(batch)));
  }

 private:
  // The watermark before each row, behind the columns of the batch.
  void add_watermark(Batch& batch) {
    ColumnPtr column = make_column(*watermark_type_, batch.row_count);
    auto* const values = column->data<int64_t>();
    const std::vector<WatermarkRun>& runs = batch.watermarks;
    size_t run = 0;
    for (uint32_t row = 0; row < batch.row_count; ++row) {
      while (run < runs.size() && runs[run].row <= row) watermark_ = runs[run++].watermark;
      values[row] = watermark_;
      if (watermark_ == kMinWatermark) column->set_null(row);
    }
    if (!runs.empty()) watermark_ = runs.back().watermark;
    batch.columns.push_back(std::move(column));
  }

  Status filter(Batch& batch, const EvaluationContext& evaluation) {
    const Selection before = batch.selection();
    MR_TRY_ASSIGN(const ColumnPtr truth, condition_->evaluate(batch, before, evaluation));
    auto rows = std::make_shared<std::vector<uint32_t>>();
    select_true(*truth, before, *rows);
    if (rows->size() != before.count) batch.selected = std::move(rows);
    return Status::ok();
  }

  Status pass_watermarks(const Batch& batch, Output& output) {
    if (batch.watermarks.empty()) return Status::ok();
    return output.emit(watermark_batch(schema_, batch.watermarks.back().watermark));
  }

  Schema schema_;
  OperatorContext context_;
  std::unique_ptr<SharedParts> parts_;
  ExpressionPtr condition_;
  std::vector<ExpressionPtr> projections_;
  std::optional<DataType> watermark_type_;
  int64_t watermark_ = kMinWatermark;
};

}  // namespace

Result<OperatorPtr> make_calc(const PlanNode& node, const OperatorContext& context) {
  auto parts = std::make_unique<SharedParts>();
  ExpressionPtr condition;
  const plan::Value* encoded = node.value->find("condition");
  const bool has_condition = encoded != nullptr && !encoded->is_null();
  MR_TRY_ASSIGN(const auto items, node.value->list_at("projections"));
  if (has_condition) parts->count(*encoded);
  for (const plan::Value& item : items) parts->count(item);
  if (has_condition) {
    MR_TRY_ASSIGN(condition, parts->compile(*encoded));
  }
  std::vector<ExpressionPtr> projections;
  for (const plan::Value& item : items) {
    MR_TRY_ASSIGN(ExpressionPtr projection, parts->compile(item));
    projections.push_back(std::move(projection));
  }
  if (projections.size() != node.schema.size()) {
    return Status::error("MR9001", "calc: projections do not fit the schema");
  }
  std::optional<DataType> watermark_type;
  if (const plan::Value* type = node.value->find("watermarkType"); type != nullptr) {
    MR_TRY_ASSIGN(watermark_type, plan::decode_type(*type));
  }
  return OperatorPtr(std::make_unique<Calc>(node.schema, context, std::move(parts),
                                            std::move(condition), std::move(projections),
                                            std::move(watermark_type)));
}

}  // namespace millrace
