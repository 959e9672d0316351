// A compiled expression: the plan's expression tree bound to kernels.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "columnar/batch.h"
#include "kernels/kernel.h"
#include "plan/value.h"

namespace millrace {

struct EvaluationContext {
  int64_t now_ms = 0;
  const std::string* zone = nullptr;
};

class Expression {
 public:
  virtual ~Expression() = default;
  // The value of every selected row, at the row's own index. Rows outside the selection hold
  // anything. May return a column of the batch itself, or a constant one. A failure is that of
  // the lowest failing row.
  virtual Result<ColumnPtr> evaluate(const Batch& batch, const Selection& selection,
                                     const EvaluationContext& context) = 0;
  [[nodiscard]] virtual const DataType& type() const = 0;
  // Cannot fail and costs next to nothing a row, so that it may be evaluated where it need not be.
  [[nodiscard]] virtual bool is_cheap() const { return false; }
};

// Fails with MR9002 where the plan names a kernel this build lacks.
[[nodiscard]] Result<std::unique_ptr<Expression>> compile_expression(const plan::Value& expression);

// The rows of `selection` for which a BOOLEAN column is TRUE, appended to `rows` (cleared first).
void select_true(const Column& condition, const Selection& selection, std::vector<uint32_t>& rows);

}  // namespace millrace
