// The changes that a join makes of a batch, in order: rows of the batch beside kept rows of the
// other input, either of which may be absent (its columns are NULL).
#pragma once

#include <cstdint>
#include <vector>

#include "columnar/take.h"
#include "operators/operator.h"
#include "operators/row-store.h"

namespace millrace {

class PairBuffer {
 public:
  static constexpr uint32_t kAbsent = UINT32_MAX;

  // `right_from`: index of the first output column that is one of the right input.
  PairBuffer(Schema schema, uint32_t right_from)
      : schema_(std::move(schema)), right_from_(right_from) {}

  void add(RowKind kind, uint32_t row, uint32_t id) {
    rows_.push_back(row);
    ids_.push_back(id);
    kinds_.push_back(static_cast<uint8_t>(kind));
    has_absent_rows_ |= row == kAbsent;
    has_absent_ids_ |= id == kAbsent;
    has_changes_ |= kind != RowKind::kInsert;
  }
  void watermark(int64_t watermark) {
    const auto at = static_cast<uint32_t>(rows_.size());
    if (!runs_.empty() && runs_.back().row == at) runs_.back().watermark = watermark;
    else runs_.push_back({at, watermark});
  }
  [[nodiscard]] bool is_full() const { return rows_.size() >= kMostRows; }

  // `batch` is of input `input`, `other` keeps the rows of the other one.
  Status flush(const Batch& batch, uint32_t input, const RowStore& other, Output& output);

 private:
  static constexpr size_t kMostRows = 16 * 1024;

  [[nodiscard]] ColumnPtr column_of(uint32_t index, const Batch& batch, uint32_t input,
                                    const RowStore& other);
  void clear();

  Schema schema_;
  uint32_t right_from_;
  std::vector<uint32_t> rows_;
  std::vector<uint32_t> ids_;
  std::vector<uint8_t> kinds_;
  std::vector<WatermarkRun> runs_;
  std::vector<uint32_t> present_;  // scratch: absent places point to row 0
  bool has_absent_rows_ = false;
  bool has_absent_ids_ = false;
  bool has_changes_ = false;
};

}  // namespace millrace
