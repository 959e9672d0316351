// When state goes that is no longer written: entries (groups or rows, by number) in the order of
// their last write, so that what has outlived its time is found without a search. The same as
// src/state/expiry.ts.
//
// An entry is kept for `keep_ms` after the write that was noted last; a write is noted only where
// the entry would else go within `ttl_ms`. With both equal each write counts, which is a state
// descriptor's time to live in Flink; with keep_ms half as long again it is Flink's cleanup timer.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace millrace {

// How many entries are let go after a batch of so many rows: more than it can have made.
[[nodiscard]] constexpr uint64_t sweep_limit(uint64_t row_count) { return 1024 + 2 * row_count; }

class Expiry {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;
  // The time of an entry that holds nothing, or is kept for ever.
  static constexpr int64_t kUnset = std::numeric_limits<int64_t>::min();

  Expiry(int64_t ttl_ms, int64_t keep_ms) : ttl_ms_(ttl_ms), keep_ms_(keep_ms) {}

  // Room for so many entries.
  void resize(uint32_t count) {
    if (count <= times_.size()) return;
    times_.resize(count, kUnset);
    next_.resize(count);
    previous_.resize(count);
  }
  // The time of the last write noted; kUnset where there is none.
  [[nodiscard]] int64_t time(uint32_t id) const {
    return id < times_.size() ? times_[id] : kUnset;
  }
  [[nodiscard]] bool is_expired(uint32_t id, int64_t now_ms) const {
    const int64_t written = time(id);
    return written != kUnset && written + keep_ms_ <= now_ms;
  }
  // The entry is written. A clock that runs back changes nothing.
  void touch(uint32_t id, int64_t now_ms);
  // An entry that may not go yet is taken for written each time that its time came.
  void renew(uint32_t id, int64_t now_ms);
  // The entry holds nothing any more.
  void forget(uint32_t id);
  // The entry that was not written for the longest time, if its time is up; kNone = none.
  [[nodiscard]] uint32_t oldest_expired(int64_t now_ms);
  // Of a restored entry; entries are restored before anything else happens.
  void restore(uint32_t id, int64_t time) {
    times_[id] = time;
    is_ordered_ = false;
  }
  // Entries get new numbers; `kept` are the old ones in their new order.
  void renumber(std::span<const uint32_t> kept);
  [[nodiscard]] size_t bytes() const { return times_.capacity() * 16; }

 private:
  void order();
  void insert_in_order(uint32_t id);
  void link(uint32_t id, uint32_t before);
  void unlink(uint32_t id);

  int64_t ttl_ms_;
  int64_t keep_ms_;
  std::vector<int64_t> times_;
  std::vector<uint32_t> next_;  // neighbours in the order of the writes
  std::vector<uint32_t> previous_;
  uint32_t first_ = kNone;
  uint32_t last_ = kNone;
  bool is_ordered_ = true;  // restored times are put in order when they are first needed
};

}  // namespace millrace
