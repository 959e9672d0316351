// ORDER BY columns as 64-bit words whose unsigned order is the rows' order, a batch at a time.
//
//     a column   marker word (0 = NULL first, 1 = value, 2 = NULL last), then the value's words,
//                all bits turned over where it is descending
//     text       the first 8 bytes as one word; where two are equal the texts decide
//
// -0.0 and 0.0 are equal and NaN is the largest, as Java's Double.compare has it for NaN.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"
#include "columnar/batch.h"
#include "operators/row-store.h"
#include "plan/value.h"

namespace millrace {

// One key of an ORDER BY.
struct SortOrder {
  uint32_t column = 0;
  bool descending = false;
  bool nulls_first = false;
};

class SortKeys {
 public:
  // `order`: the plan's list of {column, descending, nullsFirst}. MR2104 for types without order.
  static Result<SortKeys> create(std::span<const plan::Value> order, const Schema& schema);
  static Result<SortKeys> create(std::span<const SortOrder> order, const Schema& schema);

  // Keys of batch rows, numbered 0 .. count-1. The batch must live while they are used.
  void encode(const std::vector<ColumnPtr>& columns, const uint32_t* rows, uint32_t count);
  // Keeps a copy of an encoded key as that of a row of the store.
  void keep(uint32_t encoded, uint32_t id);
  // Order of an encoded key and a kept one: negative, 0 or positive.
  [[nodiscard]] int compare(uint32_t encoded, uint32_t id, const RowStore& store) const {
    const uint64_t* const a = encoded_.data() + size_t{encoded} * width_;
    const uint64_t* const b = kept_.data() + size_t{id} * width_;
    if (has_text_) return compare_text(encoded, a, id, b, store);
    for (uint32_t i = 0; i < width_; ++i) {
      if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    }
    return 0;
  }
  [[nodiscard]] size_t bytes() const { return kept_.capacity() * 8; }

 private:
  struct SortColumn {
    uint32_t column = 0;
    Physical physical = Physical::kNull;
    bool descending = false;
    bool nulls_first = false;
    uint32_t word = 0;   // of the marker
    uint32_t words = 0;  // marker included
    bool is_text = false;
  };
  void encode_column(const SortColumn& own, const Column& column, const uint32_t* rows,
                     uint32_t count);
  int compare_text(uint32_t encoded, const uint64_t* a, uint32_t id, const uint64_t* b,
                   const RowStore& store) const;

  std::vector<SortColumn> columns_;
  uint32_t width_ = 0;
  bool has_text_ = false;
  std::vector<uint64_t> encoded_;
  std::vector<uint64_t> kept_;
  const std::vector<ColumnPtr>* batch_ = nullptr;
  const uint32_t* rows_ = nullptr;
};

}  // namespace millrace
