// A source of which only so many rows are asked for. It counts anew when it is restored: who asks
// for the limit holds it, this only spares the reading.
// src/connectors/limited-source.ts is the same in TypeScript.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "operators/factory.h"

namespace millrace {

class LimitedSource final : public Source {
 public:
  LimitedSource(SourcePtr source, uint64_t limit) : source_(std::move(source)), left_(limit) {}

  Result<Poll> poll(Batch& batch) override {
    if (left_ == 0) return Poll::kEnd;
    MR_TRY_ASSIGN(const Poll polled, source_->poll(batch));
    if (polled == Poll::kBatch) left_ -= std::min<uint64_t>(left_, batch.active_count());
    return polled;
  }
  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    return source_->state_tables();
  }
  Result<Batch> snapshot(const StateTable& table) override { return source_->snapshot(table); }
  Status restore(const StateTable& table, const Batch& content) override {
    return source_->restore(table, content);
  }
  [[nodiscard]] OperatorStats stats() const override { return source_->stats(); }

 private:
  SourcePtr source_;
  uint64_t left_;
};

}  // namespace millrace
