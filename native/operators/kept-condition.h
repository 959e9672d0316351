// The part of a join's condition that is no equality of keys, over pairs of kept rows.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "kernels/expression.h"
#include "operators/factory.h"
#include "operators/row-store.h"

namespace millrace {

class KeptCondition {
 public:
  // Null where the node has no condition.
  static Result<std::unique_ptr<KeptCondition>> create(const PlanNode& node);

  // One byte a pair: 1 = they meet.
  Status judge(const RowStore& left, const RowStore& right, std::span<const uint32_t> left_ids,
               std::span<const uint32_t> right_ids, const EvaluationContext& context,
               std::vector<uint8_t>& meets);

 private:
  std::unique_ptr<Expression> expression_;
  std::vector<uint8_t> used_;  // one an input column, left and right side by side
  size_t left_width_ = 0;
  std::vector<uint32_t> places_;
};

// Marks the columns that an encoded expression reads.
Status mark_columns(const plan::Value& expression, std::vector<uint8_t>& used);

}  // namespace millrace
