#include "pipeline/ports.h"

#include <utility>

namespace millrace {

bool InputPort::offer(PackedBatch batch) {
  {
    const std::lock_guard lock(mutex_);
    if (entries_.size() >= capacity_) {
      refused_ = true;
      return false;
    }
    entries_.push_back({InputKind::kBatch, 0, std::move(batch)});
  }
  consumer_->wake();
  return true;
}

void InputPort::push_control(InputKind kind, uint64_t barrier) {
  {
    const std::lock_guard lock(mutex_);
    entries_.push_back({kind, barrier, {}});
  }
  consumer_->wake();
}

bool InputPort::pop(Entry& entry) {
  bool has_room_again;
  {
    const std::lock_guard lock(mutex_);
    if (entries_.empty()) return false;
    entry = std::move(entries_.front());
    entries_.pop_front();
    // Half empty before it asks for more, so that the JavaScript thread is not woken for each.
    has_room_again = refused_ && entries_.size() <= capacity_ / 2;
    if (has_room_again) refused_ = false;
  }
  if (has_room_again) events_.input_room(number_);
  return true;
}

Status OutputPort::push(Batch batch, size_t writer) {
  const bool is_merged = watermarks_.count() > 1;
  PackedBatch packed;
  if (!is_merged) {
    MR_TRY_ASSIGN(packed, pack(batch));
  }
  bool was_empty;
  {
    const std::lock_guard lock(mutex_);
    if (is_merged) {
      watermarks_.merge(writer, batch.watermarks);
      if (batch.row_count == 0 && batch.watermarks.empty()) return Status::ok();
      MR_TRY_ASSIGN(packed, pack(batch));
    }
    was_empty = entries_.empty();
    entries_.push_back({InputKind::kBatch, 0, std::move(packed)});
    size_.store(entries_.size(), std::memory_order_release);
  }
  if (was_empty) events_.output_ready(number_);
  return Status::ok();
}

void OutputPort::push_control(InputKind kind, uint64_t barrier) {
  if (!is_border_) return;
  bool was_empty;
  {
    const std::lock_guard lock(mutex_);
    was_empty = entries_.empty();
    entries_.push_back({kind, barrier, {}});
    size_.store(entries_.size(), std::memory_order_release);
  }
  if (was_empty) events_.output_ready(number_);
}

void OutputPort::push_status(bool is_idle, size_t writer) {
  push_control(status_kind(is_idle), 0);
  if (is_border_ || watermarks_.count() == 1) return;
  const std::lock_guard lock(mutex_);
  watermarks_.set_idle(writer, is_idle);
}

OutputPort::Entry OutputPort::poll() {
  Entry entry;
  bool has_room_again;
  {
    const std::lock_guard lock(mutex_);
    if (entries_.empty()) return entry;
    const bool was_full = entries_.size() >= capacity_;
    entry = std::move(entries_.front());
    entries_.pop_front();
    size_.store(entries_.size(), std::memory_order_release);
    has_room_again = was_full && entries_.size() < capacity_;
  }
  if (has_room_again) {
    for (Runnable* producer : producers_) producer->wake();
  }
  return entry;
}

}  // namespace millrace
