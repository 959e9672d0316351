// Rearranging rows: gather by index, concatenate, do away with selections and constants. Strings
// are not copied: the result holds the owners of what it views into.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "columnar/batch.h"

namespace millrace {

// Some rows of a column.
struct ColumnPiece {
  const Column* column;
  Selection rows;
};

// The rows of all pieces after each other, flat. The pieces are of one type.
[[nodiscard]] ColumnPtr gather(std::span<const ColumnPiece> pieces);

// The rows at `rows`, in that order (any order), flat.
[[nodiscard]] ColumnPtr take(const Column& column, const Selection& rows);

// In a list of rows: none.
constexpr uint32_t kNoRow = UINT32_MAX;

// NULLs.
[[nodiscard]] ColumnPtr null_column(const DataType& type, uint32_t count);

// The rows at `rows` under another type of the same form; kNoRow gives NULL.
[[nodiscard]] ColumnPtr take_or_null(const Column& column, std::span<const uint32_t> rows,
                                     const DataType& type);

// The same column, or a flat one of `row_count` values where it is constant.
[[nodiscard]] ColumnPtr flattened(const ColumnPtr& column, uint32_t row_count);

// `start` ... `start + count - 1`, flat.
[[nodiscard]] ColumnPtr slice(const Column& column, uint32_t start, uint32_t count);

// Some rows of a batch: rising physical rows, and no rows the batch does not have.
struct BatchPiece {
  const Batch* batch;
  Selection rows;
};

// The rows of all pieces in one batch without a selection. Its watermark runs are those of the
// pieces, moved with the rows they stand before. The pieces have the same columns.
[[nodiscard]] Batch gather(std::span<const BatchPiece> pieces);

// Moves runs to the rows of a gathered batch: `rows` are the physical rows kept, `offset` is the
// new index of the first. Runs are appended to `out`; a run that lands on the row of the one
// before it replaces that.
void remap_watermarks(const std::vector<WatermarkRun>& runs, const Selection& rows,
                      uint32_t offset, std::vector<WatermarkRun>& out);

// The batch without its selection.
[[nodiscard]] Batch compacted(Batch batch);

// Compacts where a selection keeps fewer than a quarter of the rows, so that what follows does
// not walk over dead rows and dead memory is let go.
[[nodiscard]] Batch compacted_if_sparse(Batch batch);

// A batch of no rows that raises the watermark; empty columns of the schema.
[[nodiscard]] Batch watermark_batch(const Schema& schema, int64_t watermark);

// A batch of no rows.
[[nodiscard]] Batch empty_batch(const Schema& schema);

}  // namespace millrace
