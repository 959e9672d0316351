// The doors of a pipeline: queues between tasks and the JavaScript thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "columnar/packed-batch.h"
#include "columnar/watermark.h"
#include "pipeline/channel.h"
#include "pipeline/events.h"

namespace millrace {

// Batches offered from JavaScript, packed; the task unpacks them.
class InputPort {
 public:
  InputPort(uint32_t number, size_t capacity, PipelineEvents& events)
      : number_(number), capacity_(capacity), events_(events) {}

  struct Entry {
    InputKind kind = InputKind::kNothing;
    uint64_t barrier = 0;
    PackedBatch batch;
  };

  void set_consumer(Runnable* consumer) { consumer_ = consumer; }
  // False: full, not taken; input_room comes later.
  bool offer(PackedBatch batch);
  // Barriers and the end are always taken.
  void push_control(InputKind kind, uint64_t barrier);
  bool pop(Entry& entry);

 private:
  uint32_t number_;
  size_t capacity_;
  PipelineEvents& events_;
  Runnable* consumer_ = nullptr;
  std::mutex mutex_;
  std::deque<Entry> entries_;
  bool refused_ = false;  // an offer was turned away since the last pop
};

// Batches for JavaScript, from all subtasks of a sink; their watermarks are merged. A lane of a
// border has one writer and carries barriers and the end too, in order.
class OutputPort {
 public:
  OutputPort(uint32_t number, size_t capacity, size_t writer_count, bool is_border,
             PipelineEvents& events)
      : number_(number),
        capacity_(capacity),
        is_border_(is_border),
        events_(events),
        watermarks_(writer_count, true) {}

  struct Entry {
    InputKind kind = InputKind::kNothing;
    uint64_t barrier = 0;
    PackedBatch batch;
  };

  void add_producer(Runnable* producer) { producers_.push_back(producer); }
  Status push(Batch batch, size_t writer);
  // Nothing where this is no border: there the pipeline's events tell it.
  void push_control(InputKind kind, uint64_t barrier);
  // Of one writer. What that raises is told with the next batch.
  void push_status(bool is_idle, size_t writer);
  // kNothing: empty.
  Entry poll();
  [[nodiscard]] bool has_room() const {
    return size_.load(std::memory_order_acquire) < capacity_;
  }
  [[nodiscard]] bool is_empty() const { return size_.load(std::memory_order_acquire) == 0; }

 private:
  uint32_t number_;
  size_t capacity_;
  bool is_border_;
  PipelineEvents& events_;
  std::vector<Runnable*> producers_;
  std::mutex mutex_;
  InputWatermarks watermarks_;
  std::deque<Entry> entries_;
  std::atomic<size_t> size_{0};
};

}  // namespace millrace
