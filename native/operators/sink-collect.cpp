#include "operators/sink-collect.h"

#include "columnar/take.h"

namespace millrace {
namespace {

class CollectSink final : public Operator {
 public:
  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    return output.emit(compacted(std::move(batch)));
  }
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
  return OperatorPtr(std::make_unique<CollectSink>());
}

Result<OperatorPtr> make_sink_blackhole(const PlanNode& /*node*/,
                                        const OperatorContext& /*context*/) {
  return OperatorPtr(std::make_unique<BlackholeSink>());
}

}  // namespace millrace
