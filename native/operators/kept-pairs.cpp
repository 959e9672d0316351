#include "operators/kept-pairs.h"

#include <algorithm>
#include <cstring>

#include "columnar/take.h"

namespace millrace {
namespace {

ColumnPtr nulls(const DataType& type, uint32_t count) {
  ColumnPtr column = make_column(type, count);
  if (column->values != nullptr) {
    std::memset(column->values->data(), 0, column->values->size());
  }
  column->validity = zeroed_buffer((count + 7) / 8);
  return column;
}

}  // namespace

ColumnPtr gather_or_null(const RowStore& store, uint32_t column, const std::vector<uint32_t>& ids,
                         bool has_absent, const DataType& type) {
  const auto count = static_cast<uint32_t>(ids.size());
  if (has_absent && store.capacity() == 0) return nulls(type, count);
  ColumnPtr out;
  if (has_absent) {
    std::vector<uint32_t> present(count);
    std::transform(ids.begin(), ids.end(), present.begin(),
                   [](uint32_t id) { return id == kAbsentRow ? 0 : id; });
    out = store.gather(column, present);
    for (uint32_t i = 0; i < count; ++i) {
      if (ids[i] == kAbsentRow) out->set_null(i);
    }
  } else {
    out = store.gather(column, ids);
  }
  out->type = type;
  return out;
}

Status KeptPairs::flush(const RowStore& left, const RowStore& right, Output& output) {
  if (kinds_.empty()) {
    if (runs_.empty()) return Status::ok();
    const int64_t watermark = runs_.back().watermark;
    runs_.clear();
    return output.emit(watermark_batch(schema_, watermark));
  }
  Batch out;
  out.row_count = static_cast<uint32_t>(kinds_.size());
  for (uint32_t i = 0; i < schema_.size(); ++i) {
    const uint32_t side = i < left_width_ ? 0 : 1;
    out.columns.push_back(gather_or_null(side == 0 ? left : right,
                                         side == 0 ? i : i - left_width_, ids_[side],
                                         has_absent_[side], schema_[i].type));
  }
  if (has_changes_) {
    out.row_kinds = std::make_shared<Buffer>(kinds_.size());
    std::memcpy(out.row_kinds->data(), kinds_.data(), kinds_.size());
  }
  out.watermarks = std::move(runs_);
  runs_ = {};
  for (uint32_t side = 0; side < 2; ++side) {
    ids_[side].clear();
    has_absent_[side] = false;
  }
  kinds_.clear();
  has_changes_ = false;
  return output.emit(std::move(out));
}

}  // namespace millrace
