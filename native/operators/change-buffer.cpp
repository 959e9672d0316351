#include "operators/change-buffer.h"

#include <algorithm>
#include <cstring>

namespace millrace {

Status ChangeBuffer::flush(const RowStore& store, Output& output) {
  if (rows_.empty()) {
    if (runs_.empty()) return Status::ok();
    const int64_t watermark = runs_.back().watermark;
    runs_.clear();
    return output.emit(watermark_batch(schema_, watermark));
  }
  Batch batch;
  batch.row_count = static_cast<uint32_t>(rows_.size());
  const auto stored = static_cast<uint32_t>(schema_.size() - (with_rank_ ? 1 : 0));
  for (uint32_t column = 0; column < stored; ++column) {
    batch.columns.push_back(store.gather(column, rows_));
  }
  if (with_rank_) {
    ColumnPtr ranks = make_column(schema_.back().type, batch.row_count);
    std::memcpy(ranks->values->data(), ranks_.data(), ranks_.size() * sizeof(int64_t));
    batch.columns.push_back(std::move(ranks));
  }
  const auto is_insert = [](uint8_t kind) { return kind == 0; };
  if (!std::all_of(kinds_.begin(), kinds_.end(), is_insert)) {
    batch.row_kinds = std::make_shared<Buffer>(kinds_.size());
    std::memcpy(batch.row_kinds->data(), kinds_.data(), kinds_.size());
  }
  batch.watermarks = std::move(runs_);
  runs_ = {};
  rows_.clear();
  kinds_.clear();
  ranks_.clear();
  return output.emit(std::move(batch));
}

}  // namespace millrace
