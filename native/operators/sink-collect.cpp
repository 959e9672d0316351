#include "operators/sink-collect.h"

#include "columnar/take.h"

namespace millrace {
namespace {

// Whoever reads the output wants the progress of time, seldom each step of it.
class CollectSink final : public Operator {
 public:
  explicit CollectSink(bool keeps_runs) : keeps_runs_(keeps_runs) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    if (!keeps_runs_ && batch.watermarks.size() > 1) {
      batch.watermarks.erase(batch.watermarks.begin(), batch.watermarks.end() - 1);
    }
    return output.emit(compacted(std::move(batch)));
  }

 private:
  bool keeps_runs_;
};

class BlackholeSink final : public Operator {
 public:
  Status process(Batch /*batch*/, uint32_t /*input*/, Output& /*output*/) override {
    return Status::ok();
  }
};

}  // namespace

Result<OperatorPtr> make_sink_collect(const PlanNode& node, const OperatorContext& /*context*/) {
  if (!node.has_option("output")) return Status::error("MR2009", "output");
  return OperatorPtr(std::make_unique<CollectSink>(node.option("watermarks") == "exact"));
}

Result<OperatorPtr> make_sink_blackhole(const PlanNode& /*node*/,
                                        const OperatorContext& /*context*/) {
  return OperatorPtr(std::make_unique<BlackholeSink>());
}

}  // namespace millrace
