// The changes that an operator makes of a batch, in order, as ids of rows in a RowStore; written
// out as columns at the end. Watermarks stand between the changes where the input had them.
#pragma once

#include <cstdint>
#include <vector>

#include "columnar/take.h"
#include "operators/operator.h"
#include "operators/row-store.h"

namespace millrace {

class ChangeBuffer {
 public:
  // Output columns: those of the store, then the rank where `with_rank`.
  ChangeBuffer(Schema schema, bool with_rank)
      : schema_(std::move(schema)), with_rank_(with_rank) {}

  void add(RowKind kind, uint32_t row, int64_t rank) {
    rows_.push_back(row);
    kinds_.push_back(static_cast<uint8_t>(kind));
    if (with_rank_) ranks_.push_back(rank);
  }
  void watermark(int64_t watermark) {
    const auto at = static_cast<uint32_t>(rows_.size());
    if (!runs_.empty() && runs_.back().row == at) runs_.back().watermark = watermark;
    else runs_.push_back({at, watermark});
  }
  // Time to write out: one row may shift many.
  [[nodiscard]] bool is_full() const { return rows_.size() >= kMostRows; }

  Status flush(const RowStore& store, Output& output);

 private:
  static constexpr size_t kMostRows = 16 * 1024;
  Schema schema_;
  bool with_rank_;
  std::vector<uint32_t> rows_;
  std::vector<uint8_t> kinds_;
  std::vector<int64_t> ranks_;
  std::vector<WatermarkRun> runs_;
};

}  // namespace millrace
