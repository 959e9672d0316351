// A batch as one block of bytes: the form in which batches cross between C++ and JavaScript
// (src/batch/packed.ts reads and writes the same).
//
//     i32 words, little-endian: the header
//       0 'MRB1'   1 physical rows
//       2 selection: offset   3 selection: count      (offset -1: every row)
//       4 row kinds: offset                           (-1: all inserts)
//       5 watermark runs: count   6 their rows, u32: offset   7 their values, f64: offset
//       8 columns
//     then for each column, children behind their parent, kColumnWords words
//       0 physical   1 length   2 constant   3 values: offset   4 validity: offset
//       5 starts: offset   6 lengths: offset   7 heap: offset   8 heap: bytes   9 children
//     then the data, each part 8-byte aligned
//
// Offsets count bytes from the block's start; -1 means absent. Watermark values are doubles of ms,
// the infinities for "before the first" and "ended".
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/status.h"
#include "columnar/batch.h"

namespace millrace {

struct PackedBatch {
  std::unique_ptr<uint8_t[]> bytes;
  size_t size = 0;
  uint32_t row_count = 0;
  [[nodiscard]] std::span<const uint8_t> view() const { return {bytes.get(), size}; }
};

// MR9001 where the block would pass 2 GB. The batch must have no selection.
[[nodiscard]] Result<PackedBatch> pack(const Batch& batch);

// Copies everything out of the block. MR5001 where the block is damaged or is not of the schema.
[[nodiscard]] Result<Batch> unpack(std::span<const uint8_t> block, const Schema& schema);

}  // namespace millrace
