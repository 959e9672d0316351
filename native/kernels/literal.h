// Literals of a plan as constant columns, made once when an expression is compiled.
#pragma once

#include "columnar/column.h"
#include "plan/value.h"

namespace millrace {

// `value` in the form LiteralValue of src/plan/physical/plan.ts; null makes a NULL of the type.
[[nodiscard]] Result<ColumnPtr> make_literal(const DataType& type, const plan::Value* value);

}  // namespace millrace
