#include "operators/from-changelog.h"

#include <string>
#include <utility>
#include <vector>

#include "columnar/take.h"

namespace millrace {
namespace {

struct ChangeCode {
  std::string code;
  uint8_t kind;
};

class FromChangelog final : public Operator {
 public:
  FromChangelog(Schema schema, uint32_t op_column, std::vector<ChangeCode> codes)
      : schema_(std::move(schema)), op_column_(op_column), codes_(std::move(codes)) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    if (batch.active_count() == 0) {
      if (batch.watermarks.empty()) return Status::ok();
      return output.emit(watermark_batch(schema_, batch.watermarks.back().watermark));
    }
    MR_TRY(read_kinds(batch));
    batch.columns.erase(batch.columns.begin() + op_column_);
    return output.emit(std::move(batch));
  }

 private:
  Status read_kinds(Batch& batch) const {
    const Column& op = *batch.columns[op_column_];
    BufferPtr kinds = zeroed_buffer(batch.row_count);
    const Selection rows = batch.selection();
    for (uint32_t i = 0; i < rows.count; ++i) {
      const uint32_t row = rows[i];
      if (op.is_null(row)) return Status::error("MR3006", "NULL as op code", row);
      const std::string_view text = op.data<StringView>()[op.at(row)].view();
      const ChangeCode* code = find(text);
      if (code == nullptr) {
        return Status::error("MR3006", "op code '" + std::string(text) + "'", row);
      }
      kinds->data()[row] = code->kind;
    }
    batch.row_kinds = std::move(kinds);
    return Status::ok();
  }

  [[nodiscard]] const ChangeCode* find(std::string_view text) const {
    for (const ChangeCode& code : codes_) {
      if (code.code == text) return &code;
    }
    return nullptr;
  }

  Schema schema_;
  uint32_t op_column_;
  std::vector<ChangeCode> codes_;
};

}  // namespace

Result<OperatorPtr> make_from_changelog(const PlanNode& node, const OperatorContext& /*context*/) {
  MR_TRY_ASSIGN(const int64_t op_column, node.value->int_at("opColumn"));
  MR_TRY_ASSIGN(const auto texts, node.value->list_at("codes"));
  MR_TRY_ASSIGN(const std::vector<uint32_t> kinds, node.value->indexes_at("kinds"));
  const Schema& input = node.input_schemas[0];
  const bool is_column = op_column >= 0 && static_cast<size_t>(op_column) < input.size() &&
                         input[static_cast<size_t>(op_column)].type.physical() == Physical::kString;
  if (!is_column || texts.size() != kinds.size() || node.schema.size() + 1 != input.size()) {
    return Status::error("MR9001", "from-changelog: codes do not fit the schema");
  }
  std::vector<ChangeCode> codes;
  for (size_t i = 0; i < kinds.size(); ++i) {
    MR_TRY_ASSIGN(const std::string_view code, texts[i].as_string());
    if (kinds[i] > 3) return Status::error("MR9001", "from-changelog: no such row kind");
    codes.push_back({std::string(code), static_cast<uint8_t>(kinds[i])});
  }
  return OperatorPtr(std::make_unique<FromChangelog>(
      node.schema, static_cast<uint32_t>(op_column), std::move(codes)));
}

}  // namespace millrace
