// A bounded queue of batches and control, from one task to another. The bound is soft:
// a producer looks for room before it takes new input, and may then push what that input makes.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <utility>

#include "columnar/batch.h"
#include "pipeline/worker-pool.h"

namespace millrace {

// What an input of a task gives next. kIdle, kActive: watermark status, in order with the rest.
enum class InputKind : uint8_t { kNothing, kBatch, kBarrier, kIdle, kActive, kEnd };

[[nodiscard]] inline InputKind status_kind(bool is_idle) {
  return is_idle ? InputKind::kIdle : InputKind::kActive;
}

struct Message {
  InputKind kind = InputKind::kNothing;
  uint64_t barrier = 0;
  Batch batch;
};

class Channel {
 public:
  // `producer` is woken when a full channel has room again, `consumer` when there is something.
  Channel(size_t capacity, Runnable* producer, Runnable* consumer)
      : capacity_(capacity), producer_(producer), consumer_(consumer) {}

  void push(Message message) {
    bool was_empty;
    {
      const std::lock_guard lock(mutex_);
      was_empty = messages_.empty();
      messages_.push_back(std::move(message));
      size_.store(messages_.size(), std::memory_order_release);
    }
    if (was_empty) consumer_->wake();
  }

  // False where there is nothing.
  bool pop(Message& message) {
    if (size_.load(std::memory_order_acquire) == 0) return false;
    bool was_full;
    {
      const std::lock_guard lock(mutex_);
      was_full = messages_.size() >= capacity_;
      message = std::move(messages_.front());
      messages_.pop_front();
      size_.store(messages_.size(), std::memory_order_release);
      was_full = was_full && messages_.size() < capacity_;
    }
    if (was_full) producer_->wake();
    return true;
  }

  [[nodiscard]] bool has_room() const {
    return size_.load(std::memory_order_acquire) < capacity_;
  }

 private:
  size_t capacity_;
  Runnable* producer_;
  Runnable* consumer_;
  std::mutex mutex_;
  std::deque<Message> messages_;
  std::atomic<size_t> size_{0};
};

}  // namespace millrace
