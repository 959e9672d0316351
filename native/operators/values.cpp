#include "operators/values.h"

#include <algorithm>
#include <string>
#include <utility>

#include "columnar/arena.h"
#include "columnar/take.h"

namespace millrace {
namespace {

template <typename T>
Status set_integer(const plan::Value& value, Column& column, uint32_t row) {
  MR_TRY_ASSIGN(const int64_t number, value.as_int());
  column.data<T>()[row] = static_cast<T>(number);
  return Status::ok();
}

Status set_text(const plan::Value& value, Arena& arena, Column& column, uint32_t row) {
  const bool is_string = column.physical == Physical::kString;
  MR_TRY_ASSIGN(const std::string_view text, is_string ? value.as_string() : value.as_bytes());
  column.data<StringView>()[row] = arena.copy(text.data(), text.size());
  return Status::ok();
}

Status set_literal(const plan::Value& value, Arena& arena, Column& column, uint32_t row) {
  if (value.is_null()) {
    const uint32_t width = physical_width(column.physical);
    if (width > 0) std::memset(column.data<uint8_t>() + size_t{row} * width, 0, width);
    if (column.physical != Physical::kNull) column.set_null(row);
    return Status::ok();
  }
  switch (column.physical) {
    case Physical::kBool: {
      MR_TRY_ASSIGN(const bool truth, value.as_bool());
      column.data<uint8_t>()[row] = truth ? 1 : 0;
      return Status::ok();
    }
    case Physical::kI8: return set_integer<int8_t>(value, column, row);
    case Physical::kI16: return set_integer<int16_t>(value, column, row);
    case Physical::kI32: return set_integer<int32_t>(value, column, row);
    case Physical::kI64: return set_integer<int64_t>(value, column, row);
    case Physical::kI128: {
      MR_TRY_ASSIGN(column.data<int128>()[row], value.as_int128());
      return Status::ok();
    }
    case Physical::kF32: {
      MR_TRY_ASSIGN(const double number, value.as_double());
      column.data<float>()[row] = static_cast<float>(number);
      return Status::ok();
    }
    case Physical::kF64: {
      MR_TRY_ASSIGN(column.data<double>()[row], value.as_double());
      return Status::ok();
    }
    case Physical::kString:
    case Physical::kBytes: return set_text(value, arena, column, row);
    default: return Status::error("MR2104", "native: VALUES of a nested type");
  }
}

// The whole list as columns, handed out in slices.
class Values final : public Source {
 public:
  Values(Batch rows, uint32_t batch_rows) : rows_(std::move(rows)), batch_rows_(batch_rows) {}

  Result<Poll> poll(Batch& batch) override {
    if (at_ >= rows_.row_count) return Poll::kEnd;
    const uint32_t count = std::min(batch_rows_, rows_.row_count - at_);
    batch = Batch{};
    batch.row_count = count;
    for (const ColumnPtr& column : rows_.columns) {
      batch.columns.push_back(slice(*column, at_, count));
    }
    at_ += count;
    return Poll::kBatch;
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    DataType type;
    type.root = TypeRoot::kBigint;
    type.nullable = false;
    return {{"position", {{"position", type}}, 0}};
  }

  Result<Batch> snapshot(const StateTable& table) override {
    Batch batch = empty_batch(table.fields);
    batch.row_count = 1;
    batch.columns[0] = make_column(table.fields[0].type, 1);
    batch.columns[0]->data<int64_t>()[0] = at_;
    return batch;
  }

  // Only subtask 0 has moved; the others say 0.
  Status restore(const StateTable& /*table*/, const Batch& content) override {
    for (uint32_t row = 0; row < content.row_count; ++row) {
      const int64_t position = content.columns[0]->data<int64_t>()[row];
      if (position < 0) return Status::error("MR5001", "values: position is negative");
      const auto bounded = std::min<int64_t>(position, rows_.row_count);
      at_ = std::max(at_, static_cast<uint32_t>(bounded));
    }
    return Status::ok();
  }

 private:
  Batch rows_;
  uint32_t batch_rows_;
  uint32_t at_ = 0;
};

}  // namespace

Result<SourcePtr> make_values(const PlanNode& node, const OperatorContext& context) {
  MR_TRY_ASSIGN(const auto rows, node.value->list_at("rows"));
  const auto row_count = context.subtask == 0 ? static_cast<uint32_t>(rows.size()) : 0;
  auto arena = std::make_shared<Arena>();
  Batch batch;
  batch.row_count = row_count;
  for (const Field& field : node.schema) {
    batch.columns.push_back(make_column(field.type, row_count));
    batch.columns.back()->owners.push_back(arena);
  }
  for (uint32_t row = 0; row < row_count; ++row) {
    MR_TRY_ASSIGN(const auto values, rows[row].as_list());
    if (values.size() != node.schema.size()) {
      return Status::error("MR9001", "values: row does not fit the schema");
    }
    for (size_t i = 0; i < values.size(); ++i) {
      MR_TRY(set_literal(values[i], *arena, *batch.columns[i], row));
    }
  }
  return SourcePtr(std::make_unique<Values>(std::move(batch), context.batch_rows));
}

}  // namespace millrace
