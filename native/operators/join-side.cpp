#include "operators/join-side.h"

#include <algorithm>
#include <numeric>

#include "columnar/take.h"
#include "state/key-group.h"

namespace millrace {
namespace {

DataType not_null(TypeRoot root) {
  DataType type;
  type.root = root;
  type.nullable = false;
  return type;
}

}  // namespace

JoinSide::JoinSide(std::string name, const Schema& schema, JoinInput input, RowStore store,
                   bool tracks_partners, int64_t ttl_ms)
    : input_(std::move(input)),
      store_(std::move(store)),
      tracks_partners_(tracks_partners),
      expires_(ttl_ms > 0),
      expiry_{ttl_ms, ttl_ms} {
  all_.resize(schema.size());
  std::iota(all_.begin(), all_.end(), 0u);
  identity_ = input_.uniqueness == Uniqueness::kUniqueKey ? input_.unique_key : all_;
  state_order_ = input_.keys;
  for (const uint32_t column : all_) {
    const bool is_key = std::ranges::find(input_.keys, column) != input_.keys.end();
    if (!is_key) state_order_.push_back(column);
  }
  table_.name = std::move(name);
  table_.key_count = static_cast<uint32_t>(input_.keys.size());
  for (const uint32_t column : state_order_) table_.fields.push_back(schema[column]);
  if (tracks_partners_) table_.fields.push_back({"associations", not_null(TypeRoot::kInteger)});
  if (expires_) table_.fields.push_back({"updated_ms", not_null(TypeRoot::kBigint)});
}

void JoinSide::add(uint32_t id, const std::vector<ColumnPtr>& columns, uint32_t row,
                   uint32_t group, int32_t partners, int64_t now_ms) {
  if (input_.uniqueness != Uniqueness::kNone) {
    const uint32_t old = find(columns, row, group);
    if (old != kNone) remove(old, group);
  }
  link(id, group, partners);
  if (expires_) expiry_.touch(id, now_ms);
  if (indexes_.empty()) return;
  const auto index = indexes_.find(group);
  if (index == indexes_.end()) return;
  links_.resize(store_.capacity());
  index->second.add(links_, id, hash_of(columns, row));
}

void JoinSide::sweep(int64_t now_ms, uint64_t row_count) {
  if (!expires_) return;
  for (uint64_t left = sweep_limit(row_count); left > 0; --left) {
    const uint32_t id = expiry_.oldest_expired(now_ms);
    if (id == Expiry::kNone) return;
    remove(id, group_of_[id]);
  }
}

void JoinSide::retract(const std::vector<ColumnPtr>& columns, uint32_t row, uint32_t group) {
  const uint32_t id = find(columns, row, group);
  if (id != kNone) remove(id, group);
}

void JoinSide::remove(uint32_t id, uint32_t group) {
  const uint32_t before = previous_[id];
  const uint32_t after = next_[id];
  if (before == kNone) heads_[group] = after;
  else next_[before] = after;
  if (after == kNone) tails_[group] = before;
  else previous_[after] = before;
  release(id);
  if (indexes_.empty()) return;
  const auto index = indexes_.find(group);
  if (index == indexes_.end()) return;
  if (before == kNone && after == kNone) indexes_.erase(index);
  else index->second.remove(links_, id);
}

void JoinSide::release(uint32_t id) {
  if (expires_) expiry_.forget(id);
  store_.free(id);
}

void JoinSide::drop(uint32_t group) {
  for (uint32_t id = heads_[group]; id != kNone; id = next_[id]) release(id);
  heads_[group] = kNone;
  tails_[group] = kNone;
  indexes_.erase(group);
}

// The first of the group's rows with this identity.
uint32_t JoinSide::find(const std::vector<ColumnPtr>& columns, uint32_t row, uint32_t group) {
  const uint32_t first = heads_[group];
  if (input_.uniqueness == Uniqueness::kJoinKey) return first;
  if (!indexes_.empty()) {
    const auto index = indexes_.find(group);
    if (index != indexes_.end()) return find_in(index->second, columns, row);
  }
  uint32_t looked = 0;
  for (uint32_t id = first; id != kNone; id = next_[id]) {
    if (store_.equals(id, identity_, columns, row)) return id;
    if (++looked > kLongSearch) return find_in(make_index(group), columns, row);
  }
  return kNone;
}

uint32_t JoinSide::find_in(const RowIndex& index, const std::vector<ColumnPtr>& columns,
                           uint32_t row) const {
  uint32_t id = index.first(links_, hash_of(columns, row));
  while (id != kNone && !store_.equals(id, identity_, columns, row)) {
    id = RowIndex::after(links_, id);
  }
  return id;
}

RowIndex& JoinSide::make_index(uint32_t group) {
  std::vector<uint32_t> ids;
  for (uint32_t id = heads_[group]; id != kNone; id = next_[id]) ids.push_back(id);
  std::vector<ColumnPtr> gathered;
  std::vector<const Column*> columns;
  for (const uint32_t column : identity_) {
    columns.push_back(gathered.emplace_back(store_.gather(column, ids)).get());
  }
  std::vector<uint32_t> hashes;
  // Every type of a kept row has a hash.
  (void)hash_keys(columns, Selection{nullptr, static_cast<uint32_t>(ids.size())}, hashes);
  links_.resize(store_.capacity());
  RowIndex& index = indexes_[group];
  for (size_t i = 0; i < ids.size(); ++i) index.add(links_, ids[i], hashes[i]);
  return index;
}

uint32_t JoinSide::hash_of(const std::vector<ColumnPtr>& columns, uint32_t row) const {
  std::vector<const Column*> keys;
  for (const uint32_t column : identity_) keys.push_back(columns[column].get());
  std::vector<uint32_t> hashes;
  (void)hash_keys(keys, Selection{&row, 1}, hashes);
  return hashes[0];
}

void JoinSide::link(uint32_t id, uint32_t group, int32_t partners) {
  if (id >= next_.size()) {
    const size_t count = std::max<size_t>(id + 1, next_.size() * 2);
    next_.resize(count, kNone);
    previous_.resize(count, kNone);
    if (tracks_partners_) partners_.resize(count);
    if (expires_) {
      group_of_.resize(count);
      expiry_.resize(static_cast<uint32_t>(count));
    }
  }
  const uint32_t last = tails_[group];
  previous_[id] = last;
  next_[id] = kNone;
  if (last == kNone) heads_[group] = id;
  else next_[last] = id;
  tails_[group] = id;
  if (tracks_partners_) partners_[id] = partners;
  if (expires_) group_of_[id] = group;
}

void JoinSide::renumber(std::span<const uint32_t> kept) {
  std::vector<uint32_t> heads(kept.size(), kNone);
  std::vector<uint32_t> tails(kept.size(), kNone);
  for (size_t group = 0; group < kept.size(); ++group) {
    if (kept[group] >= heads_.size()) continue;
    heads[group] = heads_[kept[group]];
    tails[group] = tails_[kept[group]];
  }
  heads_ = std::move(heads);
  tails_ = std::move(tails);
  std::unordered_map<uint32_t, RowIndex> indexes;
  for (uint32_t group = 0; group < kept.size(); ++group) {
    const auto index = indexes_.find(kept[group]);
    if (index != indexes_.end()) indexes.emplace(group, std::move(index->second));
    if (!expires_) continue;
    for (uint32_t id = heads_[group]; id != kNone; id = next_[id]) group_of_[id] = group;
  }
  indexes_ = std::move(indexes);
}

Batch JoinSide::snapshot() const {
  std::vector<uint32_t> ids;
  for (const uint32_t head : heads_) {
    for (uint32_t id = head; id != kNone; id = next_[id]) ids.push_back(id);
  }
  Batch batch;
  batch.row_count = static_cast<uint32_t>(ids.size());
  for (const uint32_t column : state_order_) batch.columns.push_back(store_.gather(column, ids));
  if (tracks_partners_) {
    ColumnPtr column = make_column(not_null(TypeRoot::kInteger), batch.row_count);
    for (size_t i = 0; i < ids.size(); ++i) column->data<int32_t>()[i] = partners_[ids[i]];
    batch.columns.push_back(std::move(column));
  }
  if (expires_) {
    ColumnPtr column = make_column(not_null(TypeRoot::kBigint), batch.row_count);
    for (size_t i = 0; i < ids.size(); ++i) column->data<int64_t>()[i] = expiry_.time(ids[i]);
    batch.columns.push_back(std::move(column));
  }
  return batch;
}

Status JoinSide::restore(const Batch& content, KeyedGroups& groups) {
  if (content.columns.size() != table_.fields.size()) {
    return Status::error("MR5001", "join: state table " + table_.name + " has other columns");
  }
  std::vector<ColumnPtr> columns(all_.size());
  for (size_t i = 0; i < state_order_.size(); ++i) {
    columns[state_order_[i]] = content.columns[i];
  }
  std::vector<const Column*> keys;
  for (const uint32_t column : input_.keys) keys.push_back(columns[column].get());
  std::vector<uint32_t> found;
  groups.restore(keys, content.row_count, found);
  resize(groups.size());
  const Column* const partners =
      tracks_partners_ ? content.columns[state_order_.size()].get() : nullptr;
  const Column* const updated = expires_ ? content.columns.back().get() : nullptr;
  for (uint32_t row = 0; row < content.row_count; ++row) {
    const int32_t count = partners == nullptr ? 0 : partners->data<int32_t>()[partners->at(row)];
    const uint32_t id = store_.add(columns, row);
    link(id, found[row], count);
    if (updated != nullptr) expiry_.restore(id, updated->data<int64_t>()[updated->at(row)]);
  }
  return Status::ok();
}

}  // namespace millrace
