// The time to live of an operator's keys: when each was last written. Without one (a time to live
// of 0) state is kept for ever, nothing is noted and there is no table.
//
// State table "expiry": the key, written_ms. Keys that are restored without it, because state was
// kept for ever then, count as written at that moment.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "operators/operator.h"
#include "state/expiry.h"
#include "state/keyed-groups.h"

namespace millrace {

// How long state lives: since its last write, or until Flink's cleanup timer fires.
enum class Lifetime : uint8_t { kWrite, kCleanupTimer };

class GroupExpiry {
 public:
  GroupExpiry(std::span<const Field> keys, int64_t ttl_ms, Lifetime lifetime = Lifetime::kWrite);

  [[nodiscard]] bool is_on() const { return is_on_; }
  // Room for so many groups.
  void resize(uint32_t group_count) {
    if (is_on_) expiry_.resize(group_count);
  }
  [[nodiscard]] bool is_expired(uint32_t group, int64_t now_ms) const {
    return is_on_ && expiry_.is_expired(group, now_ms);
  }
  // The group's state is written.
  void touch(uint32_t group, int64_t now_ms) {
    if (is_on_) expiry_.touch(group, now_ms);
  }
  // The group's time is up, but its rows wait for the watermark: it gets another lifetime.
  void renew(uint32_t group, int64_t now_ms) { expiry_.renew(group, now_ms); }
  // The group holds nothing any more.
  void forget(uint32_t group) {
    if (is_on_) expiry_.forget(group);
  }

  // Lets go of groups that nobody has written for their time, the oldest first: as many as a batch
  // of `row_count` rows has to. `drop` frees what the operator keeps, or renews the group.
  template <typename F>
  void sweep(int64_t now_ms, uint64_t row_count, F&& drop) {
    if (!is_on_) return;
    for (uint64_t left = sweep_limit(row_count); left > 0; --left) {
      const uint32_t group = expiry_.oldest_expired(now_ms);
      if (group == Expiry::kNone) return;
      drop(group);
    }
  }
  // The same for all of them, before a snapshot.
  template <typename F>
  void sweep_all(int64_t now_ms, F&& drop) {
    sweep(now_ms, uint64_t{1} << 40, drop);
  }

  // Groups get new numbers; `kept` are the old ones in their new order.
  void renumber(std::span<const uint32_t> kept) {
    if (is_on_) expiry_.renumber(kept);
  }

  // Adds the table to an operator's, where there is one.
  void add_table(std::vector<StateTable>& tables) const {
    if (is_on_) tables.push_back(table_);
  }
  [[nodiscard]] bool owns(const StateTable& table) const { return table.name == table_.name; }
  [[nodiscard]] Batch snapshot(const KeyedGroups& groups) const;
  Status restore(const Batch& content, KeyedGroups& groups);
  // The group has restored state; table "expiry" may say more, before or after.
  void restored(uint32_t group, int64_t now_ms);
  // All groups have.
  void restored_all(const KeyedGroups& groups, int64_t now_ms);
  [[nodiscard]] size_t bytes() const { return expiry_.bytes(); }

 private:
  StateTable table_;
  Expiry expiry_;
  bool is_on_;
};

}  // namespace millrace
