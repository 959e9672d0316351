// Bitmaps of a call's arguments, and the rows a kernel may see.
#pragma once

#include <span>
#include <vector>

#include "columnar/batch.h"

namespace millrace {

// Whether an argument is a constant NULL, or of the type of a bare NULL.
[[nodiscard]] bool is_null_constant(const Column& column);

// A constant column that holds NULL.
[[nodiscard]] ColumnPtr make_null_constant(const DataType& type);

[[nodiscard]] BufferPtr copy_bitmap(const Buffer& bitmap, uint32_t length);

// The AND of the flat columns' bitmaps; null where every value is present. With one bitmap only,
// the result is that bitmap itself: copy it before changing it.
[[nodiscard]] BufferPtr intersect_validity(std::span<const Column* const> columns,
                                           uint32_t length);

// The selected rows whose bit is set, into `rows`. Works on 64 rows at a time.
void select_present(const Buffer& bitmap, const Selection& selection, std::vector<uint32_t>& rows);

}  // namespace millrace
