// Where an input of a task gets its batches from: a channel, a source, or the JavaScript thread.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>

#include "base/status.h"
#include "pipeline/chain.h"
#include "pipeline/channel.h"
#include "pipeline/ports.h"

namespace millrace {

class Feed {
 public:
  virtual ~Feed() = default;
  // kNothing: ask again after a wake, or after a while where needs_polling() is true.
  virtual Result<InputKind> next(Batch& batch, uint64_t& barrier) = 0;
  [[nodiscard]] virtual bool needs_polling() const { return false; }
  // Where it needs polling: the ms of the clock at which there is more, if that is known.
  [[nodiscard]] virtual int64_t due_ms() const { return kNoDeadline; }
  // A barrier from the coordinator; feeds behind a link get theirs from upstream.
  virtual void inject_barrier(uint64_t /*id*/) {}
};

class ChannelFeed final : public Feed {
 public:
  explicit ChannelFeed(Channel& channel) : channel_(channel) {}
  Result<InputKind> next(Batch& batch, uint64_t& barrier) override {
    Message message;
    if (!channel_.pop(message)) return InputKind::kNothing;
    batch = std::move(message.batch);
    barrier = message.barrier;
    return message.kind;
  }

 private:
  Channel& channel_;
};

// A source of this task. Without one (an external source's other subtasks) it ends at once, before
// the first barrier: an end behind a barrier would raise the watermark for rows in front of it.
// It is idle before it ends, so that it never counts.
class SourceFeed final : public Feed {
 public:
  explicit SourceFeed(ChainNode& node) : node_(node) {}

  Result<InputKind> next(Batch& batch, uint64_t& barrier) override {
    if (node_.source == nullptr && !has_ended_) {
      if (said_idle_) return end();
      said_idle_ = true;
      return InputKind::kIdle;
    }
    if (take_barrier(barrier)) return InputKind::kBarrier;
    is_idle_ = false;
    if (has_ended_) return InputKind::kNothing;
    Result<Source::Poll> polled = node_.source->poll(batch);
    if (!polled.is_ok()) return node_.blamed(polled.status());
    if (polled.value() == Source::Poll::kEnd) return end();
    is_idle_ = polled.value() == Source::Poll::kIdle;
    return is_idle_ ? InputKind::kNothing : InputKind::kBatch;
  }
  [[nodiscard]] bool needs_polling() const override { return is_idle_; }
  [[nodiscard]] int64_t due_ms() const override { return node_.source->due_ms(); }
  void inject_barrier(uint64_t id) override {
    const std::lock_guard lock(mutex_);
    barriers_.push_back(id);
  }

 private:
  InputKind end() {
    has_ended_ = true;
    return InputKind::kEnd;
  }
  bool take_barrier(uint64_t& barrier) {
    const std::lock_guard lock(mutex_);
    if (barriers_.empty()) return false;
    barrier = barriers_.front();
    barriers_.pop_front();
    return true;
  }

  ChainNode& node_;
  bool has_ended_ = false;
  bool is_idle_ = false;
  bool said_idle_ = false;
  std::mutex mutex_;
  std::deque<uint64_t> barriers_;
};

class ExternalFeed final : public Feed {
 public:
  // At a border barriers come from the other side, in order.
  ExternalFeed(InputPort& port, ChainNode& node, bool is_border)
      : port_(port), node_(node), is_border_(is_border) {}

  Result<InputKind> next(Batch& batch, uint64_t& barrier) override {
    InputPort::Entry entry;
    if (!port_.pop(entry)) return InputKind::kNothing;
    barrier = entry.barrier;
    if (entry.kind != InputKind::kBatch) return entry.kind;
    Result<Batch> unpacked = unpack(entry.batch.view(), node_.plan().schema);
    if (!unpacked.is_ok()) return node_.blamed(unpacked.status());
    batch = std::move(unpacked.value());
    return InputKind::kBatch;
  }
  void inject_barrier(uint64_t id) override {
    if (!is_border_) port_.push_control(InputKind::kBarrier, id);
  }

 private:
  InputPort& port_;
  ChainNode& node_;
  bool is_border_;
};

}  // namespace millrace
