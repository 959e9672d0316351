// One pool of worker threads for the whole process, shared by all pipelines of all Node
// environments. It runs tasks that say they are runnable and wakes sleeping ones at a time.
//
// The threads are started with the first task and stopped when the process exits. The pool is
// never destroyed: threads may outlive static objects.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

namespace millrace {

// What the pool runs. `run` is never entered twice at once for one object (its own affair, see
// Task); it returns soon, a few milliseconds at most.
class Runnable {
 public:
  virtual ~Runnable() = default;
  virtual void run() = 0;
  // Called at the time given to wake_at.
  virtual void wake() = 0;
};

class WorkerPool {
 public:
  using Clock = std::chrono::steady_clock;

  static WorkerPool& instance();

  void push(std::shared_ptr<Runnable> runnable);
  void wake_at(Clock::time_point when, std::shared_ptr<Runnable> runnable);
  // Whether a runnable should give its thread back: others wait, or the process ends.
  [[nodiscard]] bool wants_thread() const {
    return waiting_.load(std::memory_order_relaxed) > 0 || is_stopping();
  }
  [[nodiscard]] bool is_stopping() const { return stopping_.load(std::memory_order_acquire); }
  // No thread runs any more, and none will.
  [[nodiscard]] bool has_stopped() const { return stopped_.load(std::memory_order_acquire); }
  // Lets the threads finish what they run, then joins them; what is queued stays undone.
  void shut_down();

 private:
  struct Timer {
    Clock::time_point when;
    uint64_t order;
    std::shared_ptr<Runnable> runnable;
    bool operator>(const Timer& other) const {
      return when != other.when ? when > other.when : order > other.order;
    }
  };

  WorkerPool();
  void start();
  void work();
  void fire_timers(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Runnable>> queue_;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
  std::vector<std::thread> threads_;
  std::atomic<uint32_t> waiting_{0};
  uint32_t thread_count_;
  uint64_t timer_order_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> stopped_{false};
};

}  // namespace millrace
