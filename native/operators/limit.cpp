#include "operators/limit.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "columnar/take.h"

namespace millrace {
namespace {

DataType bigint() {
  DataType type;
  type.root = TypeRoot::kBigint;
  type.nullable = false;
  return type;
}

class Limit final : public Operator {
 public:
  Limit(Schema schema, int64_t offset, int64_t count)
      : schema_(std::move(schema)), offset_(offset) {
    const int64_t most = std::numeric_limits<int64_t>::max();
    end_ = count > most - offset ? most : offset + count;
  }

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    if (batch.row_kinds != nullptr) {
      return Status::error("MR2104", "native: LIMIT over an updating input");
    }
    const Selection rows = batch.selection();
    const auto count = static_cast<int64_t>(rows.count);
    const int64_t first = std::clamp<int64_t>(offset_ - seen_, 0, count);
    const int64_t last = std::clamp<int64_t>(end_ - seen_, first, count);
    seen_ += count;
    if (first == 0 && last == count) return output.emit(std::move(batch));
    if (first == last) {
      if (batch.watermarks.empty()) return Status::ok();
      return output.emit(watermark_batch(schema_, batch.watermarks.back().watermark));
    }
    auto kept = std::make_shared<std::vector<uint32_t>>();
    for (int64_t i = first; i < last; ++i) kept->push_back(rows[static_cast<uint32_t>(i)]);
    batch.selected = std::move(kept);
    return output.emit(std::move(batch));
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    return {{"seen", {{"seen", bigint()}}, 0}};
  }

  Result<Batch> snapshot(const StateTable& table) override {
    Batch batch = empty_batch(table.fields);
    batch.row_count = 1;
    batch.columns[0] = make_column(table.fields[0].type, 1);
    batch.columns[0]->data<int64_t>()[0] = seen_;
    return batch;
  }

  Status restore(const StateTable& /*table*/, const Batch& content) override {
    for (uint32_t row = 0; row < content.row_count; ++row) {
      const int64_t seen = content.columns[0]->data<int64_t>()[row];
      if (seen < 0 || seen > std::numeric_limits<int64_t>::max() / 2 - seen_) {
        return Status::error("MR5001", "limit: " + std::to_string(seen) + " rows seen");
      }
      seen_ += seen;
    }
    return Status::ok();
  }

  [[nodiscard]] OperatorStats stats() const override { return {0, 0, 1, sizeof(seen_)}; }

 private:
  Schema schema_;
  int64_t offset_;
  int64_t end_;
  int64_t seen_ = 0;
};

}  // namespace

Result<OperatorPtr> make_limit(const PlanNode& node, const OperatorContext& /*context*/) {
  MR_TRY_ASSIGN(const int64_t offset, node.value->int_at("offset"));
  MR_TRY_ASSIGN(const int64_t count, node.value->int_at("count"));
  if (offset < 0 || count < 0) return Status::error("MR9001", "limit: negative count");
  return OperatorPtr(std::make_unique<Limit>(node.schema, offset, count));
}

}  // namespace millrace
