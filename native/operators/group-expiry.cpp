#include "operators/group-expiry.h"

#include "operators/group-times.h"

namespace millrace {

GroupExpiry::GroupExpiry(std::span<const Field> keys, int64_t ttl_ms, Lifetime lifetime)
    : table_(group_times_table("expiry", keys, "written_ms")),
      expiry_(ttl_ms, lifetime == Lifetime::kWrite ? ttl_ms : ttl_ms * 3 / 2),
      is_on_(ttl_ms > 0) {}

Batch GroupExpiry::snapshot(const KeyedGroups& groups) const {
  std::vector<uint32_t> written;
  std::vector<int64_t> times;
  for (uint32_t group = 0; group < groups.size(); ++group) {
    if (expiry_.time(group) == Expiry::kUnset) continue;
    written.push_back(group);
    times.push_back(expiry_.time(group));
  }
  return save_group_times(table_, groups, written, times);
}

Status GroupExpiry::restore(const Batch& content, KeyedGroups& groups) {
  std::vector<uint32_t> found;
  std::vector<int64_t> times;
  MR_TRY(restore_group_times(table_, content, groups, found, times));
  resize(groups.size());
  for (size_t i = 0; i < found.size(); ++i) expiry_.restore(found[i], times[i]);
  return Status::ok();
}

void GroupExpiry::restored(uint32_t group, int64_t now_ms) {
  if (!is_on_) return;
  resize(group + 1);
  if (expiry_.time(group) == Expiry::kUnset) expiry_.restore(group, now_ms);
}

void GroupExpiry::restored_all(const KeyedGroups& groups, int64_t now_ms) {
  if (!is_on_) return;
  for (const uint32_t group : groups.alive_groups()) restored(group, now_ms);
}

}  // namespace millrace
