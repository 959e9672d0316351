// An operator under table.exec.mini-batch: it takes rows into a bundle and emits what comes of
// them at its end.
//
// A bundle ends by its number of rows, at a barrier, at the end, or when the task clock passes a
// multiple of the latency; never at a batch's edge, unless a batch is a bundle of the operator
// below. Watermarks wait for the bundle's end.
#pragma once

#include <vector>

#include "operators/factory.h"

namespace millrace {

struct BundleLimits {
  int64_t rows = 1;
  int64_t latency_ms = 0;  // 0 = no limit
  bool end_with_batch = false;  // a batch is a bundle of the operator below
};

// `miniBatch` of a plan node, which must be there.
[[nodiscard]] Result<BundleLimits> decode_bundle_limits(const PlanNode& node);

class BundledOperator : public Operator {
 public:
  Status process(Batch batch, uint32_t input, Output& output) final;
  Status prepare_barrier(Output& output) final { return flush(output); }
  Status finish(Output& output) final { return flush(output); }
  [[nodiscard]] int64_t deadline_ms() const final {
    return bundled_rows_ == 0 || limits_.latency_ms <= 0 ? kNoDeadline : end_ms_;
  }
  Status on_clock(int64_t now_ms, Output& output) final {
    return now_ms >= deadline_ms() ? flush(output) : Status::ok();
  }

 protected:
  BundledOperator(Schema schema, BundleLimits limits, OperatorContext context)
      : schema_(std::move(schema)), context_(std::move(context)), limits_(limits) {}

  // Takes physical rows of a batch into the bundle.
  virtual Status fold(const Batch& batch, const uint32_t* rows, uint32_t count) = 0;
  // Ends the bundle, which has rows; a batch without columns where it has nothing to send.
  virtual Result<Batch> end_bundle() = 0;

  Schema schema_;
  OperatorContext context_;

 private:
  Status flush(Output& output);

  BundleLimits limits_;
  int64_t bundled_rows_ = 0;
  int64_t end_ms_ = kNoDeadline;
  int64_t watermark_ = kMinWatermark;
  int64_t sent_watermark_ = kMinWatermark;
  std::vector<uint32_t> rows_;  // of one batch
};

}  // namespace millrace
