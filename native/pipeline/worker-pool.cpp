#include "pipeline/worker-pool.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#ifndef _WIN32
#include <dlfcn.h>
#endif
#ifdef __linux__
#include <pthread.h>
#include <sched.h>
#endif

namespace millrace {
namespace {

// A worker_threads environment that ends unloads its addons; our threads must keep their code.
void keep_library_loaded() {
#ifndef _WIN32
  Dl_info info{};
  if (::dladdr(reinterpret_cast<void*>(&keep_library_loaded), &info) != 0 &&
      info.dli_fname != nullptr) {
    ::dlopen(info.dli_fname, RTLD_NOW | RTLD_NODELETE | RTLD_NOLOAD);
  }
#endif
}

// A worker that wakes up must not take the processor from the JavaScript thread that woke it: a
// batch thread has the same share of the processor, but waits for its turn.
void yield_to_those_who_wake_us() {
#ifdef __linux__
  const sched_param none{};
  ::pthread_setschedparam(::pthread_self(), SCHED_BATCH, &none);
#endif
}

uint32_t wanted_threads() {
  const char* text = std::getenv("MILLRACE_THREADS");
  const long wanted = text == nullptr ? 0 : std::strtol(text, nullptr, 10);
  if (wanted >= 1 && wanted <= 256) return static_cast<uint32_t>(wanted);
  return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

WorkerPool& WorkerPool::instance() {
  static WorkerPool* pool = new WorkerPool();
  return *pool;
}

WorkerPool::WorkerPool() : thread_count_(wanted_threads()) {}

// Under the lock.
void WorkerPool::start() {
  if (!threads_.empty() || stopping_) return;
  keep_library_loaded();
  std::atexit([] { WorkerPool::instance().shut_down(); });
  for (uint32_t i = 0; i < thread_count_; ++i) threads_.emplace_back([this] { work(); });
}

void WorkerPool::push(std::shared_ptr<Runnable> runnable) {
  {
    const std::lock_guard lock(mutex_);
    start();
    queue_.push_back(std::move(runnable));
    waiting_.store(static_cast<uint32_t>(queue_.size()), std::memory_order_relaxed);
  }
  changed_.notify_one();
}

void WorkerPool::wake_at(Clock::time_point when, std::shared_ptr<Runnable> runnable) {
  {
    const std::lock_guard lock(mutex_);
    start();
    timers_.push({when, timer_order_++, std::move(runnable)});
  }
  changed_.notify_one();
}

// Wakes what is due, without the lock: wake() pushes.
void WorkerPool::fire_timers(std::unique_lock<std::mutex>& lock) {
  while (!timers_.empty() && timers_.top().when <= Clock::now()) {
    std::shared_ptr<Runnable> due = timers_.top().runnable;
    timers_.pop();
    lock.unlock();
    due->wake();
    due.reset();
    lock.lock();
  }
}

void WorkerPool::work() {
  yield_to_those_who_wake_us();
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    fire_timers(lock);
    if (stopping_) return;
    if (queue_.empty()) {
      if (timers_.empty()) {
        changed_.wait(lock);
      } else {
        const Clock::time_point next = timers_.top().when;
        changed_.wait_until(lock, next);
      }
      continue;
    }
    std::shared_ptr<Runnable> next = std::move(queue_.front());
    queue_.pop_front();
    waiting_.store(static_cast<uint32_t>(queue_.size()), std::memory_order_relaxed);
    lock.unlock();
    next->run();
    next.reset();
    lock.lock();
  }
}

void WorkerPool::shut_down() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    threads.swap(threads_);
  }
  changed_.notify_all();
  for (std::thread& thread : threads) {
    if (thread.get_id() == std::this_thread::get_id()) {
      thread.detach();
    } else {
      thread.join();
    }
  }
  stopped_ = true;
}

}  // namespace millrace
