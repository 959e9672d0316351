// Texts and bytes against the lengths of their types, the same as src/operators/text-fit.ts:
// CHAR(n) and BINARY(n) have exactly n characters or bytes, VARCHAR(n) and VARBINARY(n) at most n.
#pragma once

#include <string>

#include "columnar/batch.h"

namespace millrace {

// Whether values of the type may be too long or too short.
[[nodiscard]] bool is_bounded(const DataType& type);

// `CHAR(3)`, of a bounded type.
[[nodiscard]] std::string bounded_type_name(const DataType& type);

// Characters or bytes of the value, or -1 where it is NULL or as its bounded type says.
[[nodiscard]] int64_t wrong_length(const Column& column, uint32_t row, const DataType& type);

// The column with the selected values cut, or filled up with spaces or zero bytes; itself where all
// are right.
[[nodiscard]] ColumnPtr fit_texts(const ColumnPtr& column, const Selection& rows,
                                  const DataType& type);

}  // namespace millrace
