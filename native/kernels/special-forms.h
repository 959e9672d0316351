// The lazy forms of an expression. Each evaluates an argument only for the rows that need it.
#pragma once

#include <memory>
#include <vector>

#include "kernels/expression.h"

namespace millrace {

using ExpressionPtr = std::unique_ptr<Expression>;

// AND (absorbing FALSE) or OR (absorbing TRUE) of BOOLEAN expressions.
[[nodiscard]] ExpressionPtr make_connective(DataType type, std::vector<ExpressionPtr> parts,
                                            bool absorbing);
// when1, then1, when2, then2, ..., else.
[[nodiscard]] ExpressionPtr make_case(DataType type, std::vector<ExpressionPtr> parts);
[[nodiscard]] ExpressionPtr make_coalesce(DataType type, std::vector<ExpressionPtr> parts);
// Field `index` of a ROW.
[[nodiscard]] ExpressionPtr make_field(DataType type, ExpressionPtr row, uint32_t index);

}  // namespace millrace
