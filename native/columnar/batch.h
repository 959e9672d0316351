// A batch: columns of equal length, an optional selection, an optional row-kind column, and the
// watermarks raised between its rows. A batch of no rows carries a watermark alone.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "columnar/column.h"

namespace millrace {

enum class RowKind : uint8_t { kInsert = 0, kUpdateBefore = 1, kUpdateAfter = 2, kDelete = 3 };

constexpr int64_t kMaxWatermark = std::numeric_limits<int64_t>::max();
constexpr int64_t kMinWatermark = std::numeric_limits<int64_t>::min();

// `watermark` (ms) holds for the physical rows at index `row` and after. Both rise along a list.
struct WatermarkRun {
  uint32_t row;
  int64_t watermark;
};

// Rising physical row indexes; null indexes = the rows 0 .. count-1.
struct Selection {
  const uint32_t* indexes = nullptr;
  uint32_t count = 0;
  [[nodiscard]] bool is_dense() const { return indexes == nullptr; }
  [[nodiscard]] uint32_t operator[](uint32_t position) const {
    return indexes == nullptr ? position : indexes[position];
  }
};

// Calls f(row) for each selected row, in order.
template <typename F>
inline void for_each_row(const Selection& selection, F&& f) {
  if (selection.is_dense()) {
    for (uint32_t row = 0; row < selection.count; ++row) f(row);
  } else {
    for (uint32_t i = 0; i < selection.count; ++i) f(selection.indexes[i]);
  }
}

struct Batch {
  uint32_t row_count = 0;
  std::vector<ColumnPtr> columns;
  std::shared_ptr<std::vector<uint32_t>> selected;  // null = every row
  BufferPtr row_kinds;                              // RowKind a physical row; null = all insert
  std::vector<WatermarkRun> watermarks;

  [[nodiscard]] Selection selection() const {
    if (selected == nullptr) return {nullptr, row_count};
    return {selected->data(), static_cast<uint32_t>(selected->size())};
  }
  [[nodiscard]] uint32_t active_count() const { return selection().count; }
  [[nodiscard]] RowKind kind(uint32_t row) const {
    return row_kinds == nullptr ? RowKind::kInsert
                                : static_cast<RowKind>(row_kinds->data()[row]);
  }
};

}  // namespace millrace
