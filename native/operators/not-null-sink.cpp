#include "operators/not-null-sink.h"

#include <utility>

namespace millrace {
namespace {

class NotNullSink final : public Operator {
 public:
  NotNullSink(OperatorPtr sink, std::vector<uint32_t> columns, bool drops, Schema schema)
      : sink_(std::move(sink)),
        columns_(std::move(columns)),
        drops_(drops),
        schema_(std::move(schema)) {}

  Status process(Batch batch, uint32_t input, Output& output) override {
    MR_TRY(check(batch));
    return sink_->process(std::move(batch), input, output);
  }

  Status prepare_barrier(Output& output) override { return sink_->prepare_barrier(output); }
  Status finish(Output& output) override { return sink_->finish(output); }
  [[nodiscard]] int64_t deadline_ms() const override { return sink_->deadline_ms(); }
  Status on_clock(int64_t now_ms, Output& output) override {
    return sink_->on_clock(now_ms, output);
  }
  Status checkpoint_complete() override { return sink_->checkpoint_complete(); }
  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    return sink_->state_tables();
  }
  Result<Batch> snapshot(const StateTable& table) override { return sink_->snapshot(table); }
  Status restore(const StateTable& table, const Batch& content) override {
    return sink_->restore(table, content);
  }
  [[nodiscard]] OperatorStats stats() const override { return sink_->stats(); }

 private:
  // Leaves the rows without such a NULL selected, or fails with the lowest row that has one.
  Status check(Batch& batch) {
    suspects_.clear();
    for (const uint32_t index : columns_) {
      const Column& column = *batch.columns[index];
      const bool has_nulls = column.validity != nullptr || column.physical == Physical::kNull;
      if (has_nulls) suspects_.push_back(index);
    }
    if (suspects_.empty()) return Status::ok();
    auto kept = std::make_shared<std::vector<uint32_t>>();
    const Selection rows = batch.selection();
    kept->reserve(rows.count);
    for (uint32_t i = 0; i < rows.count; ++i) {
      const uint32_t* failing = first_null(batch, rows[i]);
      if (failing == nullptr) {
        kept->push_back(rows[i]);
      } else if (!drops_) {
        return Status::error("MR3004", schema_[*failing].name, rows[i]);
      }
    }
    if (kept->size() < rows.count) batch.selected = std::move(kept);
    return Status::ok();
  }

  const uint32_t* first_null(const Batch& batch, uint32_t row) const {
    for (const uint32_t& index : suspects_) {
      if (batch.columns[index]->is_null(row)) return &index;
    }
    return nullptr;
  }

  OperatorPtr sink_;
  std::vector<uint32_t> columns_;
  bool drops_;
  Schema schema_;
  std::vector<uint32_t> suspects_;  // the columns of the batch at hand that may hold a NULL
};

}  // namespace

Result<OperatorPtr> with_not_null_check(OperatorPtr sink, const PlanNode& node) {
  const plan::Value* check = node.value->find("notNull");
  if (check == nullptr) return sink;
  MR_TRY_ASSIGN(std::vector<uint32_t> columns, check->indexes_at("columns"));
  for (const uint32_t column : columns) {
    if (column >= node.schema.size()) return Status::error("MR9001", "NOT NULL column of a sink");
  }
  MR_TRY_ASSIGN(const bool drops, check->bool_at("drops"));
  return OperatorPtr(std::make_unique<NotNullSink>(std::move(sink), std::move(columns), drops,
                                                   node.schema));
}

}  // namespace millrace
