#include "operators/to-changelog.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "columnar/take.h"

namespace millrace {
namespace {

// By the byte of a row kind; none: rows of the kind are dropped.
using Codes = std::array<std::optional<std::string>, 4>;

class ToChangelog final : public Operator {
 public:
  ToChangelog(Schema schema, Codes codes)
      : schema_(std::move(schema)), codes_(std::make_shared<const Codes>(std::move(codes))) {
    for (size_t kind = 0; kind < views_.size(); ++kind) {
      const auto& code = (*codes_)[kind];
      if (code.has_value()) views_[kind] = StringView(*code);
    }
  }

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    auto kept = std::make_shared<std::vector<uint32_t>>();
    for_each_row(batch.selection(), [&](uint32_t row) {
      if ((*codes_)[static_cast<size_t>(batch.kind(row))].has_value()) kept->push_back(row);
    });
    if (kept->empty()) {
      if (batch.watermarks.empty()) return Status::ok();
      return output.emit(watermark_batch(schema_, batch.watermarks.back().watermark));
    }
    batch.columns.insert(batch.columns.begin(), codes_of(batch));
    if (kept->size() != batch.active_count()) batch.selected = std::move(kept);
    batch.row_kinds = nullptr;
    return output.emit(std::move(batch));
  }

 private:
  ColumnPtr codes_of(const Batch& batch) const {
    const bool is_constant = batch.row_kinds == nullptr;
    ColumnPtr column = make_column(schema_[0].type, is_constant ? 1 : batch.row_count);
    column->constant = is_constant;
    column->owners.push_back(codes_);
    auto* values = column->data<StringView>();
    for (uint32_t row = 0; row < column->length; ++row) {
      values[row] = views_[static_cast<size_t>(batch.kind(row))];
    }
    return column;
  }

  Schema schema_;
  std::shared_ptr<const Codes> codes_;
  std::array<StringView, 4> views_;
};

}  // namespace

Result<OperatorPtr> make_to_changelog(const PlanNode& node, const OperatorContext& /*context*/) {
  MR_TRY_ASSIGN(const auto items, node.value->list_at("codes"));
  Codes codes;
  if (items.size() != codes.size()) return Status::error("MR9001", "to-changelog: one code a kind");
  for (size_t kind = 0; kind < codes.size(); ++kind) {
    if (items[kind].is_null()) continue;
    MR_TRY_ASSIGN(const std::string_view code, items[kind].as_string());
    codes[kind] = std::string(code);
  }
  return OperatorPtr(std::make_unique<ToChangelog>(node.schema, std::move(codes)));
}

}  // namespace millrace
