// The contract of a native operator; src/operators/operator.ts states the same for the
// TypeScript engine. An operator belongs to one task and is never entered twice at once.
//
//     restore*                     before anything else
//     process*                     batches, in order per input; may emit any number of batches
//     prepare_barrier, snapshot    between two batches; may be repeated
//     finish                       once, after every input ended (a MAX watermark came before)
//     on_clock                     between two batches, at the operator's own deadline
//
// Columns of a batch are immutable once emitted: several receivers may share them.
// Emission is decided by rows and watermarks, never by a batch's edges.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/status.h"
#include "columnar/batch.h"
#include "columnar/types.h"
#include "columnar/watermark.h"

namespace millrace {

class Output {
 public:
  virtual ~Output() = default;
  virtual Status emit(Batch batch) = 0;
};

// A named table of state; the runtime adds the INT column key_group before `fields`.
struct StateTable {
  std::string name;
  Schema fields;
  uint32_t key_count = 0;
};

struct OperatorStats {
  uint64_t late_rows = 0;
  uint64_t bad_records = 0;
  uint64_t state_rows = 0;
  uint64_t state_bytes = 0;
};

struct OperatorContext {
  uint32_t subtask = 0;
  uint32_t parallelism = 1;
  uint32_t max_parallelism = 128;
  uint32_t batch_rows = 4096;
  uint32_t flush_ms = 10;  // longest time a source holds rows back; 0 = none
  std::string zone = "UTC";
  const std::atomic<int64_t>* virtual_clock_ms = nullptr;  // null = system clock

  // The task clock, ms since the epoch.
  [[nodiscard]] int64_t now_ms() const {
    if (virtual_clock_ms != nullptr) return virtual_clock_ms->load(std::memory_order_relaxed);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  }
};

// No clock call wanted.
constexpr int64_t kNoDeadline = std::numeric_limits<int64_t>::max();

class Operator {
 public:
  virtual ~Operator() = default;
  virtual Status process(Batch batch, uint32_t input, Output& output) = 0;
  virtual Status prepare_barrier(Output&) { return Status::ok(); }
  virtual Status finish(Output&) { return Status::ok(); }
  // When the task clock reaches deadline_ms (asked after each call), on_clock is called.
  [[nodiscard]] virtual int64_t deadline_ms() const { return kNoDeadline; }
  virtual Status on_clock(int64_t /*now_ms*/, Output&) { return Status::ok(); }
  // The checkpoint of the last barrier is durable: what was prepared may be committed.
  virtual Status checkpoint_complete() { return Status::ok(); }
  [[nodiscard]] virtual std::vector<StateTable> state_tables() const { return {}; }
  virtual Result<Batch> snapshot(const StateTable&) { return Batch{}; }
  virtual Status restore(const StateTable&, const Batch&) { return Status::ok(); }
  [[nodiscard]] virtual OperatorStats stats() const { return {}; }
  // Of an operator of several inputs, which merges them in process: its task marks idle inputs
  // there and passes an empty batch where that raises time. No operator sees status otherwise.
  [[nodiscard]] virtual InputWatermarks* input_watermarks() { return nullptr; }
};

// A source fills batches by itself; it runs on its task's thread.
class Source {
 public:
  enum class Poll : uint8_t { kBatch, kIdle, kEnd };
  virtual ~Source() = default;
  // kBatch: `batch` holds rows (maybe none). kIdle: nothing now, ask again later. kEnd: no more.
  virtual Result<Poll> poll(Batch& batch) = 0;
  // After kIdle: the ms of the clock at which there is more; kNoDeadline: not known.
  [[nodiscard]] virtual int64_t due_ms() const { return kNoDeadline; }
  [[nodiscard]] virtual std::vector<StateTable> state_tables() const { return {}; }
  virtual Result<Batch> snapshot(const StateTable&) { return Batch{}; }
  virtual Status restore(const StateTable&, const Batch&) { return Status::ok(); }
  [[nodiscard]] virtual OperatorStats stats() const { return {}; }
};

}  // namespace millrace
