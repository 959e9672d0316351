// What a pipeline tells its owner. Called from worker threads; implementations return soon and do
// not call back into the pipeline.
#pragma once

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "pipeline/snapshot.h"

namespace millrace {

class PipelineEvents {
 public:
  virtual ~PipelineEvents() = default;
  // An output that was empty has a batch.
  virtual void output_ready(uint32_t output) = 0;
  // An input that was full has room.
  virtual void input_room(uint32_t input) = 0;
  virtual void snapshot_complete(uint64_t barrier, std::vector<StateChunk> chunks) = 0;
  // Every task has ended and every output was polled empty.
  virtual void finished() = 0;
  virtual void failed(const ErrorInfo& error) = 0;
  // After a cancel: no task runs any more.
  virtual void closed() = 0;
};

}  // namespace millrace
