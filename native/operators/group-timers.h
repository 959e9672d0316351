// At most one timer a key. State table: the key, timer_ms.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "operators/operator.h"
#include "operators/waiting-rows.h"
#include "state/keyed-groups.h"

namespace millrace {

class GroupTimers {
 public:
  static constexpr int64_t kUnset = std::numeric_limits<int64_t>::max();
  static constexpr uint32_t kNoGroup = UINT32_MAX;

  GroupTimers(std::string name, std::span<const Field> keys);

  // Room for so many groups.
  void resize(uint32_t group_count) {
    if (group_count > times_.size()) times_.resize(group_count, kUnset);
  }
  [[nodiscard]] uint32_t count() const { return count_; }
  [[nodiscard]] bool is_set(uint32_t group) const { return times_[group] != kUnset; }
  // kUnset where none is set.
  [[nodiscard]] int64_t time(uint32_t group) const { return times_[group]; }
  void set(uint32_t group, int64_t time) {
    if (times_[group] == kUnset) ++count_;
    times_[group] = time;
    queue_.add(time, group);
  }
  // The group's timer, if one is set, will not come.
  void clear(uint32_t group) {
    if (times_[group] == kUnset) return;
    times_[group] = kUnset;
    --count_;
  }
  // Takes the first timer up to this time; its group, or kNoGroup.
  uint32_t take_due(int64_t until);
  // The time of the next timer; kUnset where there is none.
  [[nodiscard]] int64_t next_time() const;

  // Groups get new numbers; `kept` are the old ones in their new order.
  void renumber(std::span<const uint32_t> kept);

  [[nodiscard]] const StateTable& state_table() const { return table_; }
  [[nodiscard]] Batch snapshot(const KeyedGroups& groups) const;
  Status restore(const Batch& content, KeyedGroups& groups);

 private:
  StateTable table_;
  std::vector<int64_t> times_;  // by group
  mutable WaitingRows queue_;   // groups; times that are no longer their group's are passed over
  uint32_t count_ = 0;
};

}  // namespace millrace
