#include "operators/not-null-sink.h"

#include <string>
#include <utility>

namespace millrace {
namespace {

// What is looked at inside columns.
enum class Nested : uint8_t { kNone, kRows, kCollections };

bool null_inside(const Column& column, uint32_t row, Nested nested, std::string& path);

// Whether a value inside another is, or holds, a NULL that may not be; `path` is then its name.
bool null_at(const Column& child, uint32_t at, const std::string& suffix, Nested nested,
             std::string& path) {
  const bool is_null = child.is_null(at);
  if (is_null && child.type.nullable) return false;
  const size_t length = path.size();
  path += suffix;
  if (is_null || null_inside(child, at, nested, path)) return true;
  path.resize(length);
  return false;
}

bool null_inside(const Column& column, uint32_t row, Nested nested, std::string& path) {
  if (column.children.empty() || column.is_null(row)) return false;
  const uint32_t at = column.at(row);
  if (column.physical == Physical::kRow) {
    for (size_t i = 0; i < column.children.size(); ++i) {
      const std::string suffix = "." + column.type.fields[i].name;
      if (null_at(*column.children[i], at, suffix, nested, path)) return true;
    }
    return false;
  }
  if (nested != Nested::kCollections) return false;
  const Range range = column.data<Range>()[at];
  for (uint32_t k = 0; k < range.length; ++k) {
    for (size_t i = 0; i < column.children.size(); ++i) {
      const bool is_array = column.physical == Physical::kArray;
      const std::string part = is_array ? std::to_string(k) : i == 0 ? "key" : "value";
      const std::string suffix = "[" + part + "]";
      if (null_at(*column.children[i], range.start + k, suffix, nested, path)) return true;
    }
  }
  return false;
}

class NotNullSink final : public Operator {
 public:
  NotNullSink(OperatorPtr sink, std::vector<uint32_t> columns, bool drops, Nested nested,
              Schema schema)
      : sink_(std::move(sink)),
        columns_(std::move(columns)),
        drops_(drops),
        nested_(nested),
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
    if (suspects_.empty() && nested_ == Nested::kNone) return Status::ok();
    auto kept = std::make_shared<std::vector<uint32_t>>();
    const Selection rows = batch.selection();
    kept->reserve(rows.count);
    for (uint32_t i = 0; i < rows.count; ++i) {
      if (!has_null(batch, rows[i])) {
        kept->push_back(rows[i]);
      } else if (!drops_) {
        return Status::error("MR3004", path_, rows[i]);
      }
    }
    if (kept->size() < rows.count) batch.selected = std::move(kept);
    return Status::ok();
  }

  // Leaves the name of the first NULL in path_.
  bool has_null(const Batch& batch, uint32_t row) {
    for (const uint32_t index : suspects_) {
      if (!batch.columns[index]->is_null(row)) continue;
      path_ = schema_[index].name;
      return true;
    }
    if (nested_ == Nested::kNone) return false;
    for (size_t i = 0; i < batch.columns.size(); ++i) {
      path_ = schema_[i].name;
      if (null_inside(*batch.columns[i], row, nested_, path_)) return true;
    }
    return false;
  }

  OperatorPtr sink_;
  std::vector<uint32_t> columns_;
  bool drops_;
  Nested nested_;
  std::string path_;
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
  Nested nested = Nested::kNone;
  if (check->find("nested") != nullptr) {
    MR_TRY_ASSIGN(const std::string_view inside, check->string_at("nested"));
    nested = inside == "collections" ? Nested::kCollections : Nested::kRows;
  }
  return OperatorPtr(std::make_unique<NotNullSink>(std::move(sink), std::move(columns), drops,
                                                   nested, node.schema));
}

}  // namespace millrace
