#include "operators/union.h"

#include "operators/input-watermark-table.h"

namespace millrace {
namespace {

class Union final : public Operator {
 public:
  explicit Union(size_t input_count) : watermarks_(input_count, true) {}

  Status process(Batch batch, uint32_t input, Output& output) override {
    watermarks_.merge(input, batch.watermarks);
    if (batch.active_count() == 0 && batch.watermarks.empty()) return Status::ok();
    return output.emit(std::move(batch));
  }

  [[nodiscard]] InputWatermarks* input_watermarks() override { return &watermarks_; }
  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    return {input_watermark_table()};
  }
  Result<Batch> snapshot(const StateTable& /*table*/) override {
    return input_watermark_content(watermarks_);
  }
  Status restore(const StateTable& /*table*/, const Batch& content) override {
    return restore_input_watermarks(content, watermarks_);
  }

 private:
  InputWatermarks watermarks_;
};

}  // namespace

Result<OperatorPtr> make_union(const PlanNode& node, const OperatorContext& /*context*/) {
  return OperatorPtr(std::make_unique<Union>(node.inputs.size()));
}

}  // namespace millrace
