// The groups of a keyed operator: which of them are alive, how many rows each has, when it was
// last written. Compacts itself when dead groups outweigh the living.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "state/group-table.h"

namespace millrace {

// A batch's rows after their keys were looked up. Rows that a retraction leaves without effect
// are not in it.
struct ResolvedRows {
  std::vector<uint32_t> rows;
  std::vector<uint32_t> groups;
  std::vector<uint8_t> retract;
  std::vector<uint8_t> created;  // the row made its group
  std::vector<uint8_t> deletes;  // the row took the last row of its group
  void clear() {
    rows.clear();
    groups.clear();
    retract.clear();
    created.clear();
    deletes.clear();
  }
  [[nodiscard]] uint32_t count() const { return static_cast<uint32_t>(rows.size()); }
};

class KeyedGroups {
 public:
  explicit KeyedGroups(KeyLayout layout) : layout_(std::move(layout)), table_(layout_.width()) {}

  [[nodiscard]] uint32_t size() const { return table_.size(); }
  [[nodiscard]] uint32_t alive_count() const { return size() - dead_; }
  [[nodiscard]] bool is_alive(uint32_t group) const { return alive_[group] != 0; }
  [[nodiscard]] std::vector<uint32_t> alive_groups() const;
  [[nodiscard]] size_t bytes() const {
    return table_.bytes() + pool_.bytes() + row_counts_.capacity() * 8;
  }

  void encode(std::span<const Column* const> keys, const uint32_t* rows, uint32_t count) {
    layout_.encode(keys, rows, count, pool_, keys_);
  }
  // Groups of encoded rows where none is ever taken back.
  void resolve_added(const uint32_t* rows, uint32_t count, ResolvedRows& out);
  // One row at a time: counts rows, lets groups die and return. `expired(group)` says whether the
  // state of a live group is too old to be seen. Inside a bundle a group whose count reaches 0
  // lives on: the bundle's end decides.
  template <bool kBundled, typename F>
  void resolve_changes(const uint32_t* rows, const uint8_t* kinds, uint32_t count, F&& expired,
                       ResolvedRows& out);
  // As resolve_changes inside a bundle, of rows that each stand for several: counts[row] says for
  // how many more or fewer than before; null: nobody asks.
  template <typename F>
  void resolve_merged(const uint32_t* rows, const Column* counts, uint32_t count, F&& expired,
                      ResolvedRows& out);
  void kill(uint32_t group) {
    alive_[group] = 0;
    ++dead_;
  }

  [[nodiscard]] int64_t row_count(uint32_t group) const { return row_counts_[group]; }
  void set_row_count(uint32_t group, int64_t count) { row_counts_[group] = count; }
  void decode(uint32_t column, std::span<const uint32_t> groups, Column& out) const {
    layout_.decode(column, table_.words(), table_.hashes(), groups, pool_, out);
  }
  // Groups for restored keys: those that are there already, new ones appended.
  void restore(std::span<const Column* const> keys, uint32_t count,
               std::vector<uint32_t>& groups);

  [[nodiscard]] bool should_compact() const { return dead_ > kMostDead && dead_ > size() / 2; }
  // Keeps the living. Returns old ids in their new order; fills new_ids (UINT32_MAX = gone).
  std::vector<uint32_t> compact(std::vector<uint32_t>& new_ids);

 private:
  static constexpr uint32_t kMostDead = 1024;
  void grow_to_table();

  KeyLayout layout_;
  StringPool pool_;
  GroupTable table_;
  EncodedKeys keys_;
  std::vector<int64_t> row_counts_;
  std::vector<uint8_t> alive_;
  uint32_t dead_ = 0;
};

[[nodiscard]] inline bool takes_back(uint8_t kind) {
  return (kind & 1) != 0;  // UPDATE_BEFORE = 1, DELETE = 3
}

template <bool kBundled, typename F>
void KeyedGroups::resolve_changes(const uint32_t* rows, const uint8_t* kinds, uint32_t count,
                                  F&& expired, ResolvedRows& out) {
  out.clear();
  const uint32_t width = table_.width();
  for (uint32_t i = 0; i < count; ++i) {
    if (i + GroupTable::kPrefetchDistance < count) {
      table_.prefetch(keys_.hashes[i + GroupTable::kPrefetchDistance]);
    }
    const bool taken_back = kinds != nullptr && takes_back(kinds[rows[i]]);
    const uint64_t* key = keys_.words.data() + size_t{i} * width;
    uint32_t group = table_.find(key, keys_.hashes[i]);
    if (group != GroupTable::kNone && alive_[group] != 0 && expired(group)) kill(group);
    const bool absent = group == GroupTable::kNone || alive_[group] == 0;
    if (absent) {
      if (taken_back) continue;
      group = group == GroupTable::kNone ? table_.find_or_insert(key, keys_.hashes[i])
                                         : table_.replace(group);
      grow_to_table();
    }
    row_counts_[group] += taken_back ? -1 : 1;
    const bool deletes = !kBundled && row_counts_[group] == 0;
    if (deletes) kill(group);
    out.rows.push_back(rows[i]);
    out.groups.push_back(group);
    out.retract.push_back(taken_back ? 1 : 0);
    out.created.push_back(absent ? 1 : 0);
    out.deletes.push_back(deletes ? 1 : 0);
  }
}

template <typename F>
void KeyedGroups::resolve_merged(const uint32_t* rows, const Column* counts, uint32_t count,
                                 F&& expired, ResolvedRows& out) {
  out.clear();
  const uint32_t width = table_.width();
  for (uint32_t i = 0; i < count; ++i) {
    const uint64_t* key = keys_.words.data() + size_t{i} * width;
    uint32_t group = table_.find(key, keys_.hashes[i]);
    if (group != GroupTable::kNone && alive_[group] != 0 && expired(group)) kill(group);
    const bool absent = group == GroupTable::kNone || alive_[group] == 0;
    if (absent) {
      group = group == GroupTable::kNone ? table_.find_or_insert(key, keys_.hashes[i])
                                         : table_.replace(group);
      grow_to_table();
    }
    row_counts_[group] += counts == nullptr ? 1 : counts->data<int64_t>()[counts->at(rows[i])];
    out.rows.push_back(rows[i]);
    out.groups.push_back(group);
    out.created.push_back(absent ? 1 : 0);
  }
}

}  // namespace millrace
