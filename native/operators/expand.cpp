#include "operators/expand.h"

#include <memory>
#include <utility>
#include <vector>

#include "columnar/take.h"
#include "kernels/expression.h"

namespace millrace {
namespace {

using Projection = std::vector<std::unique_ptr<Expression>>;

class Expand final : public Operator {
 public:
  Expand(Schema schema, OperatorContext context, std::vector<Projection> projections)
      : schema_(std::move(schema)),
        context_(std::move(context)),
        projections_(std::move(projections)) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    const Selection rows = batch.selection();
    if (rows.count == 0) {
      if (batch.watermarks.empty()) return Status::ok();
      return output.emit(watermark_batch(schema_, batch.watermarks.back().watermark));
    }
    const auto copies = static_cast<uint32_t>(projections_.size());
    order_.clear();
    for (uint32_t row = 0; row < rows.count; ++row) {
      for (uint32_t copy = 0; copy < copies; ++copy) order_.push_back(copy * rows.count + row);
    }
    Batch out;
    out.row_count = rows.count * copies;
    for (size_t i = 0; i < schema_.size(); ++i) {
      MR_TRY_ASSIGN(ColumnPtr column, values(batch, rows, i));
      out.columns.push_back(take(*column, {order_.data(), out.row_count}));
    }
    if (batch.row_kinds != nullptr) {
      out.row_kinds = std::make_shared<Buffer>(out.row_count);
      for (uint32_t i = 0; i < out.row_count; ++i) {
        out.row_kinds->data()[i] = batch.row_kinds->data()[rows[i / copies]];
      }
    }
    remap_watermarks(batch.watermarks, rows, 0, out.watermarks);
    for (WatermarkRun& run : out.watermarks) run.row *= copies;
    return output.emit(std::move(out));
  }

 private:
  // One column of all projections, one after the other.
  Result<ColumnPtr> values(const Batch& batch, const Selection& rows, size_t index) {
    const EvaluationContext evaluation{context_.now_ms(), &context_.zone};
    std::vector<ColumnPtr> parts;
    std::vector<ColumnPiece> pieces;
    for (const Projection& projection : projections_) {
      MR_TRY_ASSIGN(const ColumnPtr value, projection[index]->evaluate(batch, rows, evaluation));
      parts.push_back(take(*value, rows));
    }
    for (const ColumnPtr& part : parts) pieces.push_back({part.get(), {nullptr, rows.count}});
    return gather(pieces);
  }

  Schema schema_;
  OperatorContext context_;
  std::vector<Projection> projections_;
  std::vector<uint32_t> order_;
};

}  // namespace

Result<OperatorPtr> make_expand(const PlanNode& node, const OperatorContext& context) {
  std::vector<Projection> projections;
  MR_TRY_ASSIGN(const auto projects, node.value->list_at("projects"));
  for (const plan::Value& project : projects) {
    MR_TRY_ASSIGN(const auto items, project.as_list());
    Projection projection;
    for (const plan::Value& item : items) {
      MR_TRY_ASSIGN(auto expression, compile_expression(item));
      projection.push_back(std::move(expression));
    }
    if (projection.size() != node.schema.size()) {
      return Status::error("MR9001", "expand: projections do not fit the schema");
    }
    projections.push_back(std::move(projection));
  }
  if (projections.empty()) return Status::error("MR9001", "expand: no projections");
  return OperatorPtr(std::make_unique<Expand>(node.schema, context, std::move(projections)));
}

}  // namespace millrace
