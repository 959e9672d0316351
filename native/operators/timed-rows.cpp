#include "operators/timed-rows.h"

#include <algorithm>

#include "columnar/take.h"

namespace millrace {
namespace {

DataType not_null(TypeRoot root) {
  DataType type;
  type.root = root;
  type.nullable = false;
  return type;
}

ColumnPtr bigints(std::span<const uint32_t> ids, const std::vector<int64_t>& values) {
  ColumnPtr column = make_column(not_null(TypeRoot::kBigint), static_cast<uint32_t>(ids.size()));
  for (size_t i = 0; i < ids.size(); ++i) column->data<int64_t>()[i] = values[ids[i]];
  return column;
}

}  // namespace

Result<TimedRows> TimedRows::create(const Schema& schema, TimedRowsSpec spec) {
  MR_TRY_ASSIGN(RowStore store, RowStore::create(schema));
  return TimedRows(schema, std::move(spec), std::move(store));
}

TimedRows::TimedRows(const Schema& schema, TimedRowsSpec spec, RowStore store)
    : spec_(std::move(spec)), store_(std::move(store)) {
  state_order_ = spec_.keys;
  for (uint32_t column = 0; column < schema.size(); ++column) {
    const bool is_key = std::ranges::find(spec_.keys, column) != spec_.keys.end();
    if (!is_key) state_order_.push_back(column);
  }
  table_.name = spec_.name;
  table_.key_count = static_cast<uint32_t>(spec_.keys.size());
  for (const uint32_t column : state_order_) table_.fields.push_back(schema[column]);
  if (keeps_time()) table_.fields.push_back({"time_ms", not_null(TypeRoot::kBigint)});
  if (!spec_.flag.empty()) table_.fields.push_back({spec_.flag, not_null(TypeRoot::kInteger)});
  if (spec_.is_ordered) table_.fields.push_back({"position", not_null(TypeRoot::kBigint)});
}

void TimedRows::link(uint32_t id, uint32_t group, int64_t time, uint8_t flag) {
  if (id >= next_.size()) {
    const size_t count = std::max<size_t>(id + 1, next_.size() * 2);
    next_.resize(count, kNone);
    previous_.resize(count, kNone);
    times_.resize(count);
    flags_.resize(count);
    if (spec_.is_ordered) positions_.resize(count);
  }
  times_[id] = time;
  flags_[id] = flag;
  if (spec_.is_ordered) positions_[id] = next_position_++;
  uint32_t before = tails_[group];
  while (before != kNone && times_[before] > time) before = previous_[before];
  const uint32_t after = before == kNone ? heads_[group] : next_[before];
  previous_[id] = before;
  next_[id] = after;
  if (before == kNone) heads_[group] = id;
  else next_[before] = id;
  if (after == kNone) tails_[group] = id;
  else previous_[after] = id;
}

void TimedRows::remove(uint32_t id, uint32_t group) {
  const uint32_t before = previous_[id];
  const uint32_t after = next_[id];
  if (before == kNone) heads_[group] = after;
  else next_[before] = after;
  if (after == kNone) tails_[group] = before;
  else previous_[after] = before;
  store_.free(id);
}

void TimedRows::renumber(std::span<const uint32_t> kept) {
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

Batch TimedRows::snapshot() const {
  std::vector<uint32_t> ids;
  for (const uint32_t head : heads_) {
    for (uint32_t id = head; id != kNone; id = next_[id]) ids.push_back(id);
  }
  Batch batch;
  batch.row_count = static_cast<uint32_t>(ids.size());
  for (const uint32_t column : state_order_) batch.columns.push_back(store_.gather(column, ids));
  if (keeps_time()) batch.columns.push_back(bigints(ids, times_));
  if (!spec_.flag.empty()) {
    ColumnPtr flags = make_column(not_null(TypeRoot::kInteger), batch.row_count);
    for (size_t i = 0; i < ids.size(); ++i) flags->data<int32_t>()[i] = flags_[ids[i]];
    batch.columns.push_back(std::move(flags));
  }
  if (spec_.is_ordered) batch.columns.push_back(bigints(ids, positions_));
  return batch;
}

// Those of one time stand in their order.
Status TimedRows::restore(const Batch& content, KeyedGroups& groups) {
  if (content.columns.size() != table_.fields.size()) {
    return Status::error("MR5001", "state table " + table_.name + " has other columns");
  }
  std::vector<ColumnPtr> columns(state_order_.size());
  for (size_t i = 0; i < state_order_.size(); ++i) columns[state_order_[i]] = content.columns[i];
  std::vector<const Column*> keys;
  for (const uint32_t column : spec_.keys) keys.push_back(columns[column].get());
  std::vector<uint32_t> found;
  groups.restore(keys, content.row_count, found);
  resize(groups.size());
  size_t at = state_order_.size();
  const Column& times = keeps_time() ? *content.columns[at++] : *columns[spec_.time];
  const Column* const flags = spec_.flag.empty() ? nullptr : content.columns[at++].get();
  const Column* const positions = spec_.is_ordered ? content.columns[at].get() : nullptr;
  int64_t last = next_position_;
  for (uint32_t row = 0; row < content.row_count; ++row) {
    const uint32_t id = store_.add(columns, row);
    const int32_t flag = flags == nullptr ? 0 : flags->data<int32_t>()[flags->at(row)];
    link(id, found[row], times.data<int64_t>()[times.at(row)], static_cast<uint8_t>(flag));
    if (positions == nullptr) continue;
    positions_[id] = positions->data<int64_t>()[positions->at(row)];
    last = std::max(last, positions_[id] + 1);
  }
  next_position_ = last;
  return Status::ok();
}

}  // namespace millrace
