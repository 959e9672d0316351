#include "operators/kept-condition.h"

#include "columnar/take.h"

namespace millrace {

Status mark_columns(const plan::Value& expression, std::vector<uint8_t>& used) {
  MR_TRY_ASSIGN(const std::string_view kind, expression.string_at("kind"));
  if (kind == "column") {
    MR_TRY_ASSIGN(const int64_t index, expression.int_at("index"));
    if (index < 0 || static_cast<size_t>(index) >= used.size()) {
      return Status::error("MR9001", "join: condition on an unknown column");
    }
    used[static_cast<size_t>(index)] = 1;
  }
  if (kind != "call") return Status::ok();
  MR_TRY_ASSIGN(const auto arguments, expression.list_at("arguments"));
  for (const plan::Value& argument : arguments) MR_TRY(mark_columns(argument, used));
  return Status::ok();
}

Result<std::unique_ptr<KeptCondition>> KeptCondition::create(const PlanNode& node) {
  const plan::Value* encoded = node.value->find("condition");
  if (encoded == nullptr || encoded->is_null()) return std::unique_ptr<KeptCondition>();
  auto condition = std::make_unique<KeptCondition>();
  condition->left_width_ = node.input_schemas[0].size();
  condition->used_.resize(condition->left_width_ + node.input_schemas[1].size());
  MR_TRY(mark_columns(*encoded, condition->used_));
  MR_TRY_ASSIGN(condition->expression_, compile_expression(*encoded));
  return condition;
}

Status KeptCondition::judge(const RowStore& left, const RowStore& right,
                            std::span<const uint32_t> left_ids,
                            std::span<const uint32_t> right_ids,
                            const EvaluationContext& context, std::vector<uint8_t>& meets) {
  Batch pairs;
  pairs.row_count = static_cast<uint32_t>(left_ids.size());
  pairs.columns.resize(used_.size());
  for (size_t i = 0; i < used_.size(); ++i) {
    if (used_[i] == 0) continue;
    pairs.columns[i] = i < left_width_
                           ? left.gather(static_cast<uint32_t>(i), left_ids)
                           : right.gather(static_cast<uint32_t>(i - left_width_), right_ids);
  }
  meets.assign(pairs.row_count, 0);
  if (pairs.row_count == 0) return Status::ok();
  MR_TRY_ASSIGN(const ColumnPtr truth,
                expression_->evaluate(pairs, pairs.selection(), context));
  select_true(*truth, pairs.selection(), places_);
  for (const uint32_t place : places_) meets[place] = 1;
  return Status::ok();
}

}  // namespace millrace
