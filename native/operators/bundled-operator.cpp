#include "operators/bundled-operator.h"

#include <algorithm>
#include <utility>

#include "columnar/take.h"

namespace millrace {

Result<BundleLimits> decode_bundle_limits(const PlanNode& node) {
  const plan::Value* value = node.value->find("miniBatch");
  if (value == nullptr || value->is_null()) return Status::error("MR9001", "no mini-batch");
  BundleLimits limits;
  MR_TRY_ASSIGN(limits.rows, value->int_at("size"));
  MR_TRY_ASSIGN(limits.latency_ms, value->int_at("latencyMs"));
  limits.end_with_batch = value->find("endsWithBatch") != nullptr;
  if (limits.rows <= 0) return Status::error("MR9001", "mini-batch: size must be positive");
  return limits;
}

Status BundledOperator::process(Batch batch, uint32_t /*input*/, Output& output) {
  MR_TRY(on_clock(context_.now_ms(), output));
  const Selection selection = batch.selection();
  rows_.resize(selection.count);
  for (uint32_t i = 0; i < selection.count; ++i) rows_[i] = selection[i];
  for (uint32_t start = 0; start < selection.count;) {
    const int64_t room = limits_.rows - bundled_rows_;
    const auto count = static_cast<uint32_t>(std::min<int64_t>(room, selection.count - start));
    if (bundled_rows_ == 0 && limits_.latency_ms > 0) {
      const int64_t now = context_.now_ms();
      end_ms_ = now - now % limits_.latency_ms + limits_.latency_ms;
    }
    bundled_rows_ += count;
    MR_TRY(fold(batch, rows_.data() + start, count));
    start += count;
    if (bundled_rows_ >= limits_.rows) MR_TRY(flush(output));
  }
  if (!batch.watermarks.empty()) watermark_ = batch.watermarks.back().watermark;
  const bool is_over = limits_.end_with_batch || bundled_rows_ == 0;
  if (is_over || watermark_ == kMaxWatermark) return flush(output);
  return Status::ok();
}

Status BundledOperator::flush(Output& output) {
  Batch out;
  if (bundled_rows_ > 0) {
    MR_TRY_ASSIGN(out, end_bundle());
  }
  if (out.columns.empty()) out = empty_batch(schema_);
  bundled_rows_ = 0;
  if (watermark_ > sent_watermark_) {
    out.watermarks.push_back({out.row_count, watermark_});
    sent_watermark_ = watermark_;
  }
  if (out.row_count == 0 && out.watermarks.empty()) return Status::ok();
  return output.emit(std::move(out));
}

}  // namespace millrace
