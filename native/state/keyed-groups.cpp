#include "state/keyed-groups.h"

namespace millrace {

std::vector<uint32_t> KeyedGroups::alive_groups() const {
  std::vector<uint32_t> groups;
  groups.reserve(alive_count());
  for (uint32_t group = 0; group < size(); ++group) {
    if (alive_[group] != 0) groups.push_back(group);
  }
  return groups;
}

void KeyedGroups::grow_to_table() {
  row_counts_.resize(table_.size());
  alive_.resize(table_.size(), 1);
}

void KeyedGroups::resolve_added(const uint32_t* rows, uint32_t count, ResolvedRows& out) {
  out.clear();
  out.rows.assign(rows, rows + count);
  out.groups.resize(count);
  out.created.resize(count);
  uint32_t next = table_.size();
  table_.find_or_insert(keys_, count, out.groups.data());
  for (uint32_t i = 0; i < count; ++i) {
    const bool is_new = out.groups[i] == next;
    out.created[i] = is_new ? 1 : 0;
    next += is_new ? 1 : 0;
  }
  grow_to_table();
}

void KeyedGroups::restore(std::span<const Column* const> keys, uint32_t count,
                          std::vector<uint32_t>& groups) {
  std::vector<uint32_t> rows(count);
  for (uint32_t i = 0; i < count; ++i) rows[i] = i;
  encode(keys, rows.data(), count);
  groups.resize(count);
  table_.find_or_insert(keys_, count, groups.data());
  grow_to_table();
}

std::vector<uint32_t> KeyedGroups::compact(std::vector<uint32_t>& new_ids) {
  const std::vector<uint32_t> kept = alive_groups();
  new_ids.assign(size(), UINT32_MAX);
  std::vector<int64_t> row_counts;
  for (uint32_t id = 0; id < kept.size(); ++id) {
    new_ids[kept[id]] = id;
    row_counts.push_back(row_counts_[kept[id]]);
  }
  table_.keep(kept);
  if (layout_.uses_pool()) {
    StringPool pool;
    for (uint32_t group = 0; group < table_.size(); ++group) {
      layout_.remap_strings(table_.words() + size_t{group} * table_.width(),
                            [&](uint32_t id) { return pool.intern(pool_[id]); });
    }
    pool_ = std::move(pool);
    table_.rehash_words();
  }
  row_counts_ = std::move(row_counts);
  alive_.assign(table_.size(), 1);
  dead_ = 0;
  return kept;
}

}  // namespace millrace
