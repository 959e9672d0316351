#include "operators/union.h"

#include "columnar/take.h"
#include "columnar/watermark.h"

namespace millrace {
namespace {

DataType not_null(TypeRoot root) {
  DataType type;
  type.root = root;
  type.nullable = false;
  return type;
}

class Union final : public Operator {
 public:
  explicit Union(size_t input_count) : watermarks_(input_count) {}

  Status process(Batch batch, uint32_t input, Output& output) override {
    watermarks_.merge(input, batch.watermarks);
    if (batch.active_count() == 0 && batch.watermarks.empty()) return Status::ok();
    return output.emit(std::move(batch));
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    Schema fields{{"input", not_null(TypeRoot::kInteger)},
                  {"watermark", not_null(TypeRoot::kBigint)}};
    return {{"watermarks", std::move(fields), 0}};
  }

  Result<Batch> snapshot(const StateTable& table) override {
    Batch batch = empty_batch(table.fields);
    const std::vector<int64_t>& inputs = watermarks_.inputs();
    batch.row_count = static_cast<uint32_t>(inputs.size());
    batch.columns[0] = make_column(table.fields[0].type, batch.row_count);
    batch.columns[1] = make_column(table.fields[1].type, batch.row_count);
    for (uint32_t input = 0; input < batch.row_count; ++input) {
      batch.columns[0]->data<int32_t>()[input] = static_cast<int32_t>(input);
      batch.columns[1]->data<int64_t>()[input] = inputs[input];
    }
    return batch;
  }

  // The rows of several subtasks: the lowest of an input counts.
  Status restore(const StateTable& /*table*/, const Batch& content) override {
    std::vector<int64_t> lowest(watermarks_.inputs().size(), kMaxWatermark);
    for (uint32_t row = 0; row < content.row_count; ++row) {
      const auto input = static_cast<uint32_t>(content.columns[0]->data<int32_t>()[row]);
      if (input >= lowest.size()) return Status::error("MR5002", "union: unknown input");
      lowest[input] = std::min(lowest[input], content.columns[1]->data<int64_t>()[row]);
    }
    if (content.row_count == 0) return Status::ok();
    InputWatermarks restored(lowest.size());
    for (uint32_t input = 0; input < lowest.size(); ++input) {
      const int64_t before = watermarks_.inputs()[input];
      const bool first = before == kMinWatermark;
      restored.raise(input, first ? lowest[input] : std::min(before, lowest[input]));
    }
    watermarks_ = restored;
    return Status::ok();
  }

 private:
  InputWatermarks watermarks_;
};

}  // namespace

Result<OperatorPtr> make_union(const PlanNode& node, const OperatorContext& /*context*/) {
  return OperatorPtr(std::make_unique<Union>(node.inputs.size()));
}

}  // namespace millrace
