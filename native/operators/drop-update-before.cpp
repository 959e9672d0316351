#include "operators/drop-update-before.h"

#include <utility>

#include "columnar/take.h"

namespace millrace {
namespace {

class DropUpdateBefore final : public Operator {
 public:
  explicit DropUpdateBefore(Schema schema) : schema_(std::move(schema)) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    if (batch.row_kinds == nullptr) return output.emit(std::move(batch));
    auto kept = std::make_shared<std::vector<uint32_t>>();
    for_each_row(batch.selection(), [&](uint32_t row) {
      if (batch.kind(row) != RowKind::kUpdateBefore) kept->push_back(row);
    });
    if (kept->empty()) {
      if (batch.watermarks.empty()) return Status::ok();
      return output.emit(watermark_batch(schema_, batch.watermarks.back().watermark));
    }
    batch.selected = std::move(kept);
    return output.emit(std::move(batch));
  }

 private:
  Schema schema_;
};

}  // namespace

Result<OperatorPtr> make_drop_update_before(const PlanNode& node,
                                            const OperatorContext& /*context*/) {
  return OperatorPtr(std::make_unique<DropUpdateBefore>(node.schema));
}

}  // namespace millrace
