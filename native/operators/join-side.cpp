#include "operators/join-side.h"

#include <algorithm>
#include <numeric>

#include "columnar/take.h"

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
      ttl_ms_(ttl_ms) {
  all_.resize(schema.size());
  std::iota(all_.begin(), all_.end(), 0u);
  state_order_ = input_.keys;
  for (const uint32_t column : all_) {
    const bool is_key = std::ranges::find(input_.keys, column) != input_.keys.end();
    if (!is_key) state_order_.push_back(column);
  }
  table_.name = std::move(name);
  table_.key_count = static_cast<uint32_t>(input_.keys.size());
  for (const uint32_t column : state_order_) table_.fields.push_back(schema[column]);
  if (tracks_partners_) table_.fields.push_back({"associations", not_null(TypeRoot::kInteger)});
  if (ttl_ms_ > 0) table_.fields.push_back({"updated_ms", not_null(TypeRoot::kBigint)});
}

void JoinSide::add(uint32_t id, const std::vector<ColumnPtr>& columns, uint32_t row,
                   uint32_t group, int32_t partners, int64_t now_ms) {
  if (input_.uniqueness != Uniqueness::kNone) {
    const uint32_t old = find(columns, row, group);
    if (old != kNone) remove(old, group);
  }
  link(id, group, partners, now_ms);
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
  store_.free(id);
}

void JoinSide::drop(uint32_t group) {
  for (uint32_t id = heads_[group]; id != kNone; id = next_[id]) store_.free(id);
  heads_[group] = kNone;
  tails_[group] = kNone;
}

uint32_t JoinSide::find(const std::vector<ColumnPtr>& columns, uint32_t row,
                        uint32_t group) const {
  const uint32_t first = heads_[group];
  if (input_.uniqueness == Uniqueness::kJoinKey) return first;
  const bool is_unique = input_.uniqueness == Uniqueness::kUniqueKey;
  const std::vector<uint32_t>& which = is_unique ? input_.unique_key : all_;
  for (uint32_t id = first; id != kNone; id = next_[id]) {
    if (store_.equals(id, which, columns, row)) return id;
  }
  return kNone;
}

void JoinSide::link(uint32_t id, uint32_t group, int32_t partners, int64_t updated_ms) {
  if (id >= next_.size()) {
    const size_t count = std::max<size_t>(id + 1, next_.size() * 2);
    next_.resize(count, kNone);
    previous_.resize(count, kNone);
    if (tracks_partners_) partners_.resize(count);
    if (ttl_ms_ > 0) updated_ms_.resize(count);
  }
  const uint32_t last = tails_[group];
  previous_[id] = last;
  next_[id] = kNone;
  if (last == kNone) heads_[group] = id;
  else next_[last] = id;
  tails_[group] = id;
  if (tracks_partners_) partners_[id] = partners;
  if (ttl_ms_ > 0) updated_ms_[id] = updated_ms;
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
  if (ttl_ms_ > 0) {
    ColumnPtr column = make_column(not_null(TypeRoot::kBigint), batch.row_count);
    for (size_t i = 0; i < ids.size(); ++i) column->data<int64_t>()[i] = updated_ms_[ids[i]];
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
  const Column* const updated = ttl_ms_ > 0 ? content.columns.back().get() : nullptr;
  for (uint32_t row = 0; row < content.row_count; ++row) {
    const int32_t count = partners == nullptr ? 0 : partners->data<int32_t>()[partners->at(row)];
    const int64_t time = updated == nullptr ? 0 : updated->data<int64_t>()[updated->at(row)];
    link(store_.add(columns, row), found[row], count, time);
  }
  return Status::ok();
}

}  // namespace millrace
