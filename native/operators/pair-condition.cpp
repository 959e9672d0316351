#include "operators/pair-condition.h"

#include "columnar/take.h"
#include "operators/kept-condition.h"

namespace millrace {
Result<std::unique_ptr<PairCondition>> PairCondition::create(const PlanNode& node) {
  const plan::Value* encoded = node.value->find("condition");
  if (encoded == nullptr || encoded->is_null()) return std::unique_ptr<PairCondition>();
  auto condition = std::make_unique<PairCondition>();
  condition->left_width_ = node.input_schemas[0].size();
  condition->used_.resize(condition->left_width_ + node.input_schemas[1].size());
  MR_TRY(mark_columns(*encoded, condition->used_));
  MR_TRY_ASSIGN(condition->expression_, compile_expression(*encoded));
  return condition;
}

Status PairCondition::filter(const Batch& batch, uint32_t input, std::span<const uint32_t> rows,
                             const RowStore& other, const EvaluationContext& context,
                             std::vector<uint32_t>& ids, std::vector<uint32_t>& starts) {
  if (ids.empty()) return Status::ok();
  pair_rows_.clear();
  for (size_t i = 0; i < rows.size(); ++i) {
    pair_rows_.insert(pair_rows_.end(), starts[i + 1] - starts[i], rows[i]);
  }
  Batch pairs;
  pairs.row_count = static_cast<uint32_t>(ids.size());
  pairs.columns.resize(used_.size());
  for (size_t i = 0; i < used_.size(); ++i) {
    if (used_[i] == 0) continue;
    const bool is_right = i >= left_width_;
    const auto column = static_cast<uint32_t>(is_right ? i - left_width_ : i);
    pairs.columns[i] = is_right == (input == 1)
                           ? take(*batch.columns[column], {pair_rows_.data(), pairs.row_count})
                           : other.gather(column, ids);
  }
  MR_TRY_ASSIGN(const ColumnPtr truth,
                expression_->evaluate(pairs, pairs.selection(), context));
  select_true(*truth, pairs.selection(), places_);
  if (places_.size() == ids.size()) return Status::ok();
  size_t kept = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const uint32_t end = starts[i + 1];
    starts[i] = static_cast<uint32_t>(kept);
    for (; kept < places_.size() && places_[kept] < end; ++kept) ids[kept] = ids[places_[kept]];
  }
  starts[rows.size()] = static_cast<uint32_t>(kept);
  ids.resize(kept);
  return Status::ok();
}

}  // namespace millrace
