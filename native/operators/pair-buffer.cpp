#include "operators/pair-buffer.h"

#include <algorithm>
#include <cstring>

#include "operators/kept-pairs.h"

namespace millrace {

Status PairBuffer::flush(const Batch& batch, uint32_t input, const RowStore& other,
                         Output& output) {
  if (rows_.empty()) {
    if (runs_.empty()) return Status::ok();
    const int64_t watermark = runs_.back().watermark;
    runs_.clear();
    return output.emit(watermark_batch(schema_, watermark));
  }
  Batch out;
  out.row_count = static_cast<uint32_t>(rows_.size());
  for (uint32_t index = 0; index < schema_.size(); ++index) {
    out.columns.push_back(column_of(index, batch, input, other));
  }
  if (has_changes_) {
    out.row_kinds = std::make_shared<Buffer>(kinds_.size());
    std::memcpy(out.row_kinds->data(), kinds_.data(), kinds_.size());
  }
  out.watermarks = std::move(runs_);
  clear();
  return output.emit(std::move(out));
}

ColumnPtr PairBuffer::column_of(uint32_t index, const Batch& batch, uint32_t input,
                                const RowStore& other) {
  const bool is_right = index >= right_from_;
  const uint32_t column = is_right ? index - right_from_ : index;
  const bool is_own = is_right == (input == 1);
  const std::vector<uint32_t>& from = is_own ? rows_ : ids_;
  const bool has_absent = is_own ? has_absent_rows_ : has_absent_ids_;
  const auto count = static_cast<uint32_t>(from.size());
  const DataType& type = schema_[index].type;
  if (!is_own) return gather_or_null(other, column, from, has_absent, type);
  ColumnPtr out;
  if (!has_absent) {
    out = take(*batch.columns[column], {from.data(), count});
  } else {
    present_.resize(count);
    std::transform(from.begin(), from.end(), present_.begin(),
                   [](uint32_t place) { return place == kAbsent ? 0 : place; });
    out = take(*batch.columns[column], {present_.data(), count});
    for (uint32_t i = 0; i < count; ++i) {
      if (from[i] == kAbsent) out->set_null(i);
    }
  }
  out->type = type;
  return out;
}

void PairBuffer::clear() {
  rows_.clear();
  ids_.clear();
  kinds_.clear();
  runs_ = {};
  has_absent_rows_ = has_absent_ids_ = has_changes_ = false;
}

}  // namespace millrace
