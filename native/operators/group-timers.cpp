#include "operators/group-timers.h"

#include <utility>

#include "operators/group-times.h"

namespace millrace {

GroupTimers::GroupTimers(std::string name, std::span<const Field> keys)
    : table_(group_times_table(std::move(name), keys, "timer_ms")) {}

int64_t GroupTimers::next_time() const {
  while (!queue_.is_empty() && times_[queue_.next_row()] != queue_.next_time()) queue_.take();
  return queue_.is_empty() ? kUnset : queue_.next_time();
}

uint32_t GroupTimers::take_due(int64_t until) {
  const int64_t time = next_time();
  if (time == kUnset || time > until) return kNoGroup;
  const uint32_t group = queue_.take();
  times_[group] = kUnset;
  --count_;
  return group;
}

void GroupTimers::renumber(std::span<const uint32_t> kept) {
  std::vector<int64_t> times(kept.size(), kUnset);
  queue_ = WaitingRows();
  for (uint32_t group = 0; group < kept.size(); ++group) {
    times[group] = times_[kept[group]];
    if (times[group] != kUnset) queue_.add(times[group], group);
  }
  times_ = std::move(times);
}

Batch GroupTimers::snapshot(const KeyedGroups& groups) const {
  std::vector<uint32_t> set;
  std::vector<int64_t> times;
  for (uint32_t group = 0; group < times_.size(); ++group) {
    if (times_[group] == kUnset) continue;
    set.push_back(group);
    times.push_back(times_[group]);
  }
  return save_group_times(table_, groups, set, times);
}

Status GroupTimers::restore(const Batch& content, KeyedGroups& groups) {
  std::vector<uint32_t> found;
  std::vector<int64_t> times;
  MR_TRY(restore_group_times(table_, content, groups, found, times));
  resize(groups.size());
  for (size_t i = 0; i < found.size(); ++i) set(found[i], times[i]);
  return Status::ok();
}

}  // namespace millrace
