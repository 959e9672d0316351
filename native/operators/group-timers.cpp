#include "operators/group-timers.h"

#include <utility>

#include "columnar/take.h"

namespace millrace {
namespace {

const DataType kBigint{TypeRoot::kBigint, false, 0, 0, 0, {}};

}  // namespace

GroupTimers::GroupTimers(std::string name, Schema keys) {
  table_.name = std::move(name);
  table_.key_count = static_cast<uint32_t>(keys.size());
  table_.fields = std::move(keys);
  table_.fields.push_back({"timer_ms", kBigint});
}

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
  for (uint32_t group = 0; group < times_.size(); ++group) {
    if (times_[group] != kUnset) set.push_back(group);
  }
  Batch batch;
  batch.row_count = static_cast<uint32_t>(set.size());
  for (uint32_t key = 0; key < table_.key_count; ++key) {
    ColumnPtr column = make_column(table_.fields[key].type, batch.row_count);
    groups.decode(key, set, *column);
    batch.columns.push_back(std::move(column));
  }
  ColumnPtr times = make_column(kBigint, batch.row_count);
  for (size_t i = 0; i < set.size(); ++i) times->data<int64_t>()[i] = times_[set[i]];
  batch.columns.push_back(std::move(times));
  return batch;
}

Status GroupTimers::restore(const Batch& content, KeyedGroups& groups) {
  if (content.columns.size() != table_.fields.size()) {
    return Status::error("MR5001", "state table " + table_.name + " has other columns");
  }
  std::vector<const Column*> keys;
  for (uint32_t key = 0; key < table_.key_count; ++key) keys.push_back(content.columns[key].get());
  std::vector<uint32_t> found;
  groups.restore(keys, content.row_count, found);
  resize(groups.size());
  const Column& times = *content.columns.back();
  for (uint32_t row = 0; row < content.row_count; ++row) {
    set(found[row], times.data<int64_t>()[times.at(row)]);
  }
  return Status::ok();
}

}  // namespace millrace
