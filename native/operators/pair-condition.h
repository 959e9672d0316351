// The part of a join's condition that is no equality of keys, judged for many pairs at once.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "kernels/expression.h"
#include "operators/factory.h"
#include "operators/row-store.h"

namespace millrace {

class PairCondition {
 public:
  // Null where the node has no condition.
  static Result<std::unique_ptr<PairCondition>> create(const PlanNode& node);

  // `ids[starts[i]] .. ids[starts[i + 1] - 1]` are the kept rows that rows[i] of the batch, which
  // is of input `input`, may meet; those that it does not meet are taken out.
  Status filter(const Batch& batch, uint32_t input, std::span<const uint32_t> rows,
                const RowStore& other, const EvaluationContext& context,
                std::vector<uint32_t>& ids, std::vector<uint32_t>& starts);

 private:
  std::unique_ptr<Expression> expression_;
  std::vector<uint8_t> used_;  // one an input column, left and right side by side
  size_t left_width_ = 0;
  std::vector<uint32_t> pair_rows_;
  std::vector<uint32_t> places_;
};

}  // namespace millrace
