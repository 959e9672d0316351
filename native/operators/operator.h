// The contract of a native operator; src/operators/operator.ts states the same for the
// TypeScript engine. An operator belongs to one task and is never entered twice at once.
//
//     restore*                     before anything else
//     process*                     batches, in order per input; may emit any number of batches
//     prepare_barrier, snapshot    between two batches; may be repeated
//     finish                       once, after every input ended (a MAX watermark came before)
//
// Emission is decided by rows and watermarks, never by a batch's edges.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "columnar/batch.h"
#include "columnar/types.h"

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
  std::string zone = "UTC";
  const int64_t* virtual_clock_ms = nullptr;  // null = system clock
};

class Operator {
 public:
  virtual ~Operator() = default;
  virtual Status process(Batch batch, uint32_t input, Output& output) = 0;
  virtual Status prepare_barrier(Output&) { return Status::ok(); }
  virtual Status finish(Output&) { return Status::ok(); }
  [[nodiscard]] virtual std::vector<StateTable> state_tables() const { return {}; }
  virtual Result<Batch> snapshot(const StateTable&) { return Batch{}; }
  virtual Status restore(const StateTable&, const Batch&) { return Status::ok(); }
  [[nodiscard]] virtual OperatorStats stats() const { return {}; }
};

// A source fills batches by itself; it runs on its task's thread.
class Source {
 public:
  enum class Poll : uint8_t { kBatch, kIdle, kEnd };
  virtual ~Source() = default;
  // kBatch: `batch` holds rows (maybe none). kIdle: nothing now, ask again later. kEnd: no more.
  virtual Result<Poll> poll(Batch& batch) = 0;
  [[nodiscard]] virtual std::vector<StateTable> state_tables() const { return {}; }
  virtual Result<Batch> snapshot(const StateTable&) { return Batch{}; }
  virtual Status restore(const StateTable&, const Batch&) { return Status::ok(); }
  [[nodiscard]] virtual OperatorStats stats() const { return {}; }
};

}  // namespace millrace
