#include "aggregates/distinct-gate.h"

#include <algorithm>

#include "aggregates/arithmetic.h"
#include "state/hash.h"

namespace millrace {

Result<std::unique_ptr<DistinctGate>> DistinctGate::create(const DataType& value) {
  MR_TRY_ASSIGN(KeyLayout layout, KeyLayout::create(std::span(&value, 1)));
  return std::unique_ptr<DistinctGate>(new DistinctGate(std::move(layout), value));
}

void DistinctGate::find_entries(const uint32_t* rows, const uint32_t* groups, uint32_t count,
                                const Column& values) {
  const Column* column = &values;
  layout_.encode(std::span(&column, 1), rows, count, pool_, encoded_);
  const uint32_t width = entries_.width();
  keys_.width = width;
  keys_.words.resize(size_t{count} * width);
  keys_.hashes.resize(count);
  for (uint32_t i = 0; i < count; ++i) {
    uint64_t* key = keys_.words.data() + size_t{i} * width;
    key[0] = groups[i];
    std::memcpy(key + 1, encoded_.words.data() + size_t{i} * (width - 1), (width - 1) * 8);
    keys_.hashes[i] = hash_words(key, width);
  }
  found_.resize(count);
  for (uint32_t i = 0; i < count; ++i) group_limit_ = std::max(group_limit_, groups[i] + 1);
  const uint32_t known = entries_.size();
  entries_.find_or_insert(keys_, count, found_.data());
  counts_.resize(entries_.size());
  unused_ += entries_.size() - known;
}

void DistinctGate::change_count(uint32_t entry, int64_t change) {
  const bool was_used = counts_[entry] != 0;
  (void)checked_add(counts_[entry], change, counts_[entry]);  // a snapshot may hold any count
  unused_ = unused_ + (was_used ? 1 : 0) - (counts_[entry] != 0 ? 1 : 0);
}

// Values that are gone keep their entry until they outweigh the others.
void DistinctGate::drop_unused() {
  constexpr size_t kMostUnused = 1024;
  if (unused_ <= kMostUnused || unused_ <= entries_.size() / 2) return;
  std::vector<uint32_t> same(group_limit_);
  for (uint32_t group = 0; group < group_limit_; ++group) same[group] = group;
  keep(same);
}

const uint8_t* DistinctGate::open(const AggregateRows& rows, const Column& values,
                                  const uint8_t* mask) {
  drop_unused();
  pass_.assign(rows.count, 0);
  kept_rows_.clear();
  kept_groups_.clear();
  kept_at_.clear();
  for (uint32_t i = 0; i < rows.count; ++i) {
    if (mask != nullptr && mask[i] == 0) continue;
    kept_rows_.push_back(rows.rows[i]);
    kept_groups_.push_back(rows.groups[i]);
    kept_at_.push_back(i);
  }
  const auto count = static_cast<uint32_t>(kept_at_.size());
  find_entries(kept_rows_.data(), kept_groups_.data(), count, values);
  for (uint32_t k = 0; k < count; ++k) {
    const bool taken_back = rows.retract != nullptr && rows.retract[kept_at_[k]] != 0;
    change_count(found_[k], taken_back ? -1 : 1);
    pass_[kept_at_[k]] = counts_[found_[k]] == (taken_back ? 0 : 1);
  }
  answered_ = true;
  return pass_.data();
}

const uint8_t* DistinctGate::merge(const AggregateRows& rows, const Column& values,
                                   const Column& counts, std::vector<uint8_t>& retract) {
  drop_unused();
  find_entries(rows.rows, rows.groups, rows.count, values);
  pass_.assign(rows.count, 0);
  retract.assign(rows.count, 0);
  for (uint32_t i = 0; i < rows.count; ++i) {
    const bool was_seen = counts_[found_[i]] > 0;
    change_count(found_[i], counts.data<int64_t>()[counts.at(rows.rows[i])]);
    const bool is_seen = counts_[found_[i]] > 0;
    pass_[i] = was_seen != is_seen ? 1 : 0;
    retract[i] = was_seen && !is_seen ? 1 : 0;
  }
  return pass_.data();
}

void DistinctGate::keep(std::span<const uint32_t> new_ids) {
  std::vector<uint32_t> kept;
  std::vector<int64_t> counts;
  const uint32_t width = entries_.width();
  for (uint32_t entry = 0; entry < entries_.size(); ++entry) {
    const uint64_t group = entries_.words()[size_t{entry} * width];
    if (counts_[entry] == 0 || new_ids[group] == UINT32_MAX) continue;
    kept.push_back(entry);
    counts.push_back(counts_[entry]);
  }
  entries_.keep(kept);
  unused_ = 0;
  of_groups_.clear();
  listed_ = 0;
  counts_ = std::move(counts);
  StringPool pool;
  for (uint32_t entry = 0; entry < entries_.size(); ++entry) {
    uint64_t* key = entries_.words() + size_t{entry} * width;
    key[0] = new_ids[key[0]];
    layout_.remap_strings(key + 1, [&](uint32_t id) { return pool.intern(pool_[id]); });
  }
  if (layout_.uses_pool()) pool_ = std::move(pool);
  entries_.rehash_words();
}

void DistinctGate::clear() {
  unused_ = 0;
  group_limit_ = 0;
  of_groups_.clear();
  listed_ = 0;
  entries_.clear();
  counts_.clear();
  pool_.clear();
}

void DistinctGate::save(std::vector<uint32_t>& groups, ColumnPtr& values, ColumnPtr& counts) {
  std::vector<uint32_t> saved;
  const uint32_t width = entries_.width();
  for (uint32_t entry = 0; entry < entries_.size(); ++entry) {
    if (counts_[entry] == 0) continue;
    saved.push_back(entry);
    groups.push_back(static_cast<uint32_t>(entries_.words()[size_t{entry} * width]));
  }
  save_entries(saved, values, counts);
}

void DistinctGate::save_of(uint32_t group, ColumnPtr& values, ColumnPtr& counts) {
  of_groups_.resize(std::max<size_t>(of_groups_.size(), std::max(group_limit_, group + 1)));
  for (; listed_ < entries_.size(); ++listed_) {
    of_groups_[entries_.words()[size_t{listed_} * entries_.width()]].push_back(listed_);
  }
  std::vector<uint32_t> saved;
  for (const uint32_t entry : of_groups_[group]) {
    if (counts_[entry] != 0) saved.push_back(entry);
  }
  save_entries(saved, values, counts);
}

void DistinctGate::save_entries(std::span<const uint32_t> entries, ColumnPtr& values,
                                ColumnPtr& counts) {
  const auto count = static_cast<uint32_t>(entries.size());
  const uint32_t width = entries_.width();
  // The value's words without the group before them, one after the other.
  std::vector<uint64_t> words(size_t{count} * (width - 1));
  std::vector<uint64_t> hashes(count);
  std::vector<uint32_t> identity(count);
  counts = make_column(DataType{TypeRoot::kBigint, false, 0, 0, 0, {}}, count);
  for (uint32_t i = 0; i < count; ++i) {
    const uint64_t* key = entries_.words() + size_t{entries[i]} * width + 1;
    std::memcpy(words.data() + size_t{i} * (width - 1), key, (width - 1) * 8);
    identity[i] = i;
    counts->data<int64_t>()[i] = counts_[entries[i]];
  }
  values = make_column(value_, count);
  layout_.decode(0, words.data(), hashes.data(), identity, pool_, *values);
}

void DistinctGate::restore(std::span<const uint32_t> groups, const Column& values,
                           const Column& counts) {
  const auto count = static_cast<uint32_t>(groups.size());
  std::vector<uint32_t> rows(count);
  for (uint32_t i = 0; i < count; ++i) rows[i] = i;
  find_entries(rows.data(), groups.data(), count, values);
  for (uint32_t i = 0; i < count; ++i) {
    change_count(found_[i], counts.data<int64_t>()[counts.at(i)]);
  }
}

}  // namespace millrace
