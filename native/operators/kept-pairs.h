// What a join of kept rows puts out, in order: pairs of a left and a right row, either of which
// may be absent (its columns are NULL), and the watermarks between them.
#pragma once

#include <cstdint>
#include <vector>

#include "operators/operator.h"
#include "operators/row-store.h"

namespace millrace {

constexpr uint32_t kAbsentRow = UINT32_MAX;

// Kept rows of one column under a type of the same physical form; NULL where the id is absent.
[[nodiscard]] ColumnPtr gather_or_null(const RowStore& store, uint32_t column,
                                       const std::vector<uint32_t>& ids, bool has_absent,
                                       const DataType& type);

class KeptPairs {
 public:
  KeptPairs(Schema schema, uint32_t left_width)
      : schema_(std::move(schema)), left_width_(left_width) {}

  void add(RowKind kind, uint32_t left, uint32_t right) {
    ids_[0].push_back(left);
    ids_[1].push_back(right);
    kinds_.push_back(static_cast<uint8_t>(kind));
    has_absent_[0] |= left == kAbsentRow;
    has_absent_[1] |= right == kAbsentRow;
    has_changes_ |= kind != RowKind::kInsert;
  }
  void watermark(int64_t watermark) {
    const auto at = static_cast<uint32_t>(kinds_.size());
    if (!runs_.empty() && runs_.back().row == at) runs_.back().watermark = watermark;
    else runs_.push_back({at, watermark});
  }
  [[nodiscard]] bool is_full() const { return kinds_.size() >= kMostRows; }

  Status flush(const RowStore& left, const RowStore& right, Output& output);

 private:
  static constexpr size_t kMostRows = 16 * 1024;

  Schema schema_;
  uint32_t left_width_;
  std::vector<uint32_t> ids_[2];
  std::vector<uint8_t> kinds_;
  std::vector<WatermarkRun> runs_;
  bool has_absent_[2] = {false, false};
  bool has_changes_ = false;
};

}  // namespace millrace
