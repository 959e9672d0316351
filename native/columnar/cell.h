// One value of any type as bytes that say themselves where they end: the form in which operators
// keep values of ROW, ARRAY, MAP and MULTISET types, and of types they do not know. Equal values
// have equal bytes (there is one NaN; -0.0 and 0.0 differ; a map's entries keep their order).
//
//     null                        0
//     any value                   1, then
//       fixed width               its bytes, lowest first
//       text                      u32 length, the bytes
//       row                       its fields
//       array, map, multiset      u32 count, the items of each child, entry by entry
//
// src/batch/cell.ts is the twin. Cells never leave an operator: snapshots hold columns.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "columnar/column.h"

namespace millrace {

// Appends the cell of a batch row.
void append_cell(const Column& column, uint32_t row, std::string& out);

// Whether two rows have equal cells.
[[nodiscard]] bool equal_cells(const Column& column, uint32_t a, uint32_t b);

// A column of the cells' values; an empty one is NULL. Text in it points into the cells; `owner`
// keeps them alive.
[[nodiscard]] ColumnPtr decode_cells(const DataType& type, std::span<const StringView> cells,
                                     const std::shared_ptr<const void>& owner);

}  // namespace millrace
