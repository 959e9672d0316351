#include "operators/over-stage.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "columnar/cell.h"
#include "columnar/take.h"

namespace millrace {
namespace {

template <typename T>
bool values_differ(const Column& column, uint32_t a, uint32_t b) {
  return !(column.data<T>()[a] == column.data<T>()[b]);
}

// As Flink's record equaliser: a NaN equals nothing, -0.0 equals 0.0.
bool differs(const Column& column, uint32_t a, uint32_t b) {
  const bool is_null = column.is_null(a);
  if (is_null || column.is_null(b)) return is_null != column.is_null(b);
  switch (column.type.physical()) {
    case Physical::kF32: return values_differ<float>(column, a, b);
    case Physical::kF64: return values_differ<double>(column, a, b);
    case Physical::kString:
    case Physical::kBytes: return values_differ<StringView>(column, a, b);
    case Physical::kRow:
    case Physical::kArray:
    case Physical::kMap: return !equal_cells(column, a, b);
    default: {
      const size_t width = physical_width(column.type.physical());
      const uint8_t* const values = column.values->data();
      return std::memcmp(values + a * width, values + b * width, width) != 0;
    }
  }
}

}  // namespace

OverStage::OverStage(Schema schema, size_t input_width, std::span<const AggregateCall> calls,
                     std::vector<PickCall> picks)
    : schema_(std::move(schema)),
      input_width_(input_width),
      picks_(std::move(picks)),
      picked_(picks_.size()) {
  for (uint32_t i = 0; i < calls.size(); ++i) {
    const auto is_this = [i](const PickCall& pick) { return pick.index == i; };
    if (std::any_of(picks_.begin(), picks_.end(), is_this)) continue;
    folded_.push_back(i);
    used_.insert(used_.end(), calls[i].arguments.begin(), calls[i].arguments.end());
  }
  std::sort(used_.begin(), used_.end());
  used_.erase(std::unique(used_.begin(), used_.end()), used_.end());
}

// One column a folded call: slot 2i + 1 holds its value after event i.
void OverStage::fold(const RowStore& store, AggregateSet& aggregates,
                     std::vector<ColumnPtr>& pairs) {
  Batch batch;
  batch.row_count = static_cast<uint32_t>(events_.size());
  batch.columns.resize(input_width_);
  for (const uint32_t column : used_) batch.columns[column] = store.gather(column, events_);
  numbers_.resize(events_.size());
  std::iota(numbers_.begin(), numbers_.end(), 0);
  changed_.assign(events_.size(), 0);
  const AggregateRows rows{numbers_.data(), event_groups_.data(),
                           retracts_ ? retract_.data() : nullptr, batch.row_count};
  aggregates.update(batch, rows, true, nullptr, changed_.data(), pairs);
}

// Rows go whose aggregates are those after their partner; watermarks stay where they stood.
void OverStage::drop_unchanged(std::span<const ColumnPtr> pairs) {
  size_t kept = 0;
  size_t run = 0;
  for (size_t i = 0; i < rows_.size(); ++i) {
    for (; run < runs_.size() && runs_[run].row <= i; ++run) {
      runs_[run].row = static_cast<uint32_t>(kept);
    }
    const uint32_t after = 2 * slots_[i] + 1;
    const auto changed = [&](const ColumnPtr& column) {
      return differs(*column, after, 2 * partners_[i] + 1);
    };
    if (partners_[i] != kNoEvent && std::none_of(pairs.begin(), pairs.end(), changed)) continue;
    rows_[kept] = rows_[i];
    slots_[kept] = slots_[i];
    kinds_[kept++] = kinds_[i];
  }
  for (; run < runs_.size(); ++run) runs_[run].row = static_cast<uint32_t>(kept);
  rows_.resize(kept);
  slots_.resize(kept);
  kinds_.resize(kept);
  std::vector<WatermarkRun> merged;
  for (const WatermarkRun& own : runs_) {
    if (!merged.empty() && merged.back().row == own.row) merged.back() = own;
    else merged.push_back(own);
  }
  runs_ = std::move(merged);
}

// Values of the picked rows, or what is shown where there is none.
ColumnPtr OverStage::picked_column(const RowStore& store, size_t pick) const {
  const PickCall& call = picks_[pick];
  const std::vector<uint32_t>& picked = picked_[pick];
  std::vector<uint32_t> present;
  std::vector<uint32_t> lacking;  // shown rows for which there is none
  for (size_t i = 0; i < picked.size(); ++i) {
    if (picked[i] == kNoRow) lacking.push_back(rows_[i]);
    else present.push_back(picked[i]);
  }
  const ColumnPtr values = store.gather(call.argument, present);
  if (lacking.empty()) return values;
  const bool has_column = call.absent_column != PickCall::kNoColumn;
  const ColumnPtr fill =
      has_column ? store.gather(call.absent_column, lacking) : flattened(call.absent, 1);
  const auto count = static_cast<uint32_t>(present.size());
  const auto fill_count = static_cast<uint32_t>(has_column ? lacking.size() : 1);
  const ColumnPtr all = gather(std::vector<ColumnPiece>{{values.get(), {nullptr, count}},
                                                        {fill.get(), {nullptr, fill_count}}});
  std::vector<uint32_t> places;
  uint32_t next = 0;
  uint32_t next_fill = count;
  for (const uint32_t id : picked) {
    if (id != kNoRow) places.push_back(next++);
    else places.push_back(has_column ? next_fill++ : next_fill);
  }
  return take(*all, {places.data(), static_cast<uint32_t>(places.size())});
}

Status OverStage::flush(const RowStore& store, AggregateSet& aggregates, Output& output) {
  std::vector<ColumnPtr> pairs;
  if (!events_.empty()) fold(store, aggregates, pairs);
  MR_TRY(aggregates.failure());
  if (changes_) drop_unchanged(pairs);
  if (rows_.empty()) {
    if (runs_.empty()) return Status::ok();
    const int64_t watermark = runs_.back().watermark;
    clear();
    return output.emit(watermark_batch(schema_, watermark));
  }
  Batch batch;
  batch.row_count = static_cast<uint32_t>(rows_.size());
  batch.columns.resize(schema_.size());
  for (uint32_t i = 0; i < input_width_; ++i) batch.columns[i] = store.gather(i, rows_);
  for (uint32_t& slot : slots_) slot = 2 * slot + 1;
  for (size_t i = 0; i < folded_.size(); ++i) {
    batch.columns[input_width_ + folded_[i]] = take(*pairs[i], {slots_.data(), batch.row_count});
  }
  for (size_t i = 0; i < picks_.size(); ++i) {
    batch.columns[input_width_ + picks_[i].index] = picked_column(store, i);
  }
  if (changes_) {
    batch.row_kinds = std::make_shared<Buffer>(kinds_.size());
    std::memcpy(batch.row_kinds->data(), kinds_.data(), kinds_.size());
  }
  batch.watermarks = std::move(runs_);
  clear();
  return output.emit(std::move(batch));
}

void OverStage::clear() {
  events_.clear();
  event_groups_.clear();
  retract_.clear();
  retracts_ = false;
  rows_.clear();
  slots_.clear();
  partners_.clear();
  kinds_.clear();
  changes_ = false;
  for (std::vector<uint32_t>& picked : picked_) picked.clear();
  runs_.clear();
}

}  // namespace millrace
