#include "operators/ranked-rows.h"

#include <algorithm>
#include <numeric>

#include "columnar/take.h"

namespace millrace {

namespace {

DataType bigint() {
  DataType type;
  type.root = TypeRoot::kBigint;
  type.nullable = false;
  return type;
}

}  // namespace

Status check_columns(std::span<const uint32_t> columns, const Schema& schema) {
  for (const uint32_t column : columns) {
    if (column >= schema.size()) return Status::error("MR9001", "column is not in the schema");
  }
  return Status::ok();
}

std::vector<DataType> types_of(std::span<const uint32_t> columns, const Schema& schema) {
  std::vector<DataType> types;
  for (const uint32_t column : columns) types.push_back(schema[column].type);
  return types;
}

Schema keys_of(std::span<const uint32_t> columns, const Schema& schema) {
  Schema keys;
  for (const uint32_t column : columns) keys.push_back(schema[column]);
  return keys;
}

RankedRows::RankedRows(Schema schema, std::vector<uint32_t> partition, RowStore store,
                       SortKeys keys, int64_t ttl_ms)
    : partition_(std::move(partition)),
      store_(std::move(store)),
      keys_(std::move(keys)),
      ttl_ms_{ttl_ms} {
  all_.resize(schema.size());
  std::iota(all_.begin(), all_.end(), 0);
  state_order_ = partition_;
  for (const uint32_t column : all_) {
    const bool is_key = std::find(partition_.begin(), partition_.end(), column) != partition_.end();
    if (!is_key) state_order_.push_back(column);
  }
  table_.name = "rows";
  for (const uint32_t column : state_order_) table_.fields.push_back(schema[column]);
  table_.fields.push_back({"position", bigint()});
  if (ttl_ms > 0) table_.fields.push_back({"written_ms", bigint()});
  table_.key_count = static_cast<uint32_t>(partition_.size());
}

uint32_t RankedRows::position_after_equals(uint32_t list, uint32_t encoded) const {
  const auto rows = lists_.rows(list);
  const auto at = std::partition_point(rows.begin(), rows.end(), [&](uint32_t id) {
    return keys_.compare(encoded, id, store_) >= 0;
  });
  return static_cast<uint32_t>(at - rows.begin());
}

int64_t RankedRows::find(uint32_t list, std::span<const uint32_t> columns, const Batch& batch,
                         uint32_t row) const {
  const auto rows = lists_.rows(list);
  for (size_t at = 0; at < rows.size(); ++at) {
    if (store_.equals(rows[at], columns, batch.columns, row)) return static_cast<int64_t>(at);
  }
  return -1;
}

int64_t RankedRows::find_equal_row(uint32_t list, uint32_t encoded, const Batch& batch,
                                   uint32_t row) const {
  const auto rows = lists_.rows(list);
  auto at = std::partition_point(rows.begin(), rows.end(), [&](uint32_t id) {
    return keys_.compare(encoded, id, store_) > 0;
  });
  for (; at != rows.end() && keys_.compare(encoded, *at, store_) == 0; ++at) {
    if (store_.equals(*at, all_, batch.columns, row)) return at - rows.begin();
  }
  return -1;
}

Result<Batch> RankedRows::snapshot(const StateTable& table, const KeyedGroups& groups) const {
  std::vector<uint32_t> ids;
  std::vector<int64_t> positions;
  for (const uint32_t group : groups.alive_groups()) {
    const auto rows = lists_.rows(group);
    for (size_t at = 0; at < rows.size(); ++at) {
      ids.push_back(rows[at]);
      positions.push_back(static_cast<int64_t>(at));
    }
  }
  Batch batch = empty_batch(table.fields);
  batch.row_count = static_cast<uint32_t>(ids.size());
  for (size_t i = 0; i < state_order_.size(); ++i) {
    batch.columns[i] = store_.gather(state_order_[i], ids);
  }
  ColumnPtr position = make_column(bigint(), batch.row_count);
  std::copy(positions.begin(), positions.end(), position->data<int64_t>());
  batch.columns[state_order_.size()] = std::move(position);
  if (ttl_ms_ > 0) {
    ColumnPtr written = make_column(bigint(), batch.row_count);
    for (size_t i = 0; i < ids.size(); ++i) written->data<int64_t>()[i] = written_ms_[ids[i]];
    batch.columns.back() = std::move(written);
  }
  return batch;
}

// Chunks may come in any order: each row goes to its position among those restored so far.
Status RankedRows::restore(const Batch& content, KeyedGroups& groups) {
  if (content.columns.size() != table_.fields.size()) {
    return Status::error("MR5001", "rank: state table rows has other columns");
  }
  Batch batch;
  batch.row_count = content.row_count;
  batch.columns.resize(all_.size());
  for (size_t i = 0; i < state_order_.size(); ++i) {
    batch.columns[state_order_[i]] = content.columns[i];
  }
  std::vector<const Column*> keys;
  for (const uint32_t column : partition_) keys.push_back(batch.columns[column].get());
  std::vector<uint32_t> found;
  groups.restore(keys, content.row_count, found);
  lists_.resize(groups.size());
  std::vector<uint32_t> numbers(content.row_count);
  std::iota(numbers.begin(), numbers.end(), 0);
  encode(batch.columns, numbers.data(), content.row_count);
  const Column& position = *content.columns[state_order_.size()];
  const Column* const written = ttl_ms_ > 0 ? content.columns.back().get() : nullptr;
  for (uint32_t row = 0; row < content.row_count; ++row) {
    const uint32_t list = found[row];
    const int64_t place = position.data<int64_t>()[position.at(row)];
    const uint32_t id =
        add(batch, row, row, written == nullptr ? 0 : written->data<int64_t>()[written->at(row)]);
    if (restored_positions_.size() <= id) restored_positions_.resize(id + 1);
    restored_positions_[id] = place;
    const auto rows = lists_.rows(list);
    const auto at = std::partition_point(rows.begin(), rows.end(), [&](uint32_t other) {
      return restored_positions_[other] < place;
    });
    insert(list, static_cast<uint32_t>(at - rows.begin()), id);
    groups.set_row_count(list, groups.row_count(list) + 1);
  }
  return Status::ok();
}

void RankedRows::note_oldest(uint32_t list, uint32_t id) {
  if (list >= oldest_ms_.size()) oldest_ms_.resize(list + 1);
  const int64_t written = written_ms_[id];
  oldest_ms_[list] = lists_.size(list) == 0 ? written : std::min(oldest_ms_[list], written);
}

void RankedRows::drop_expired(uint32_t list, int64_t now_ms) {
  if (ttl_ms_ == 0 || lists_.size(list) == 0 || oldest_ms_[list] + ttl_ms_ > now_ms) return;
  const auto all = lists_.rows(list);
  const std::vector<uint32_t> rows(all.begin(), all.end());
  lists_.release(list);
  for (const uint32_t id : rows) {
    if (written_ms_[id] + ttl_ms_ <= now_ms) store_.free(id);
    else insert(list, lists_.size(list), id);
  }
}

void RankedRows::renumber(std::span<const uint32_t> kept, std::span<const uint32_t> new_ids) {
  lists_.renumber(new_ids, static_cast<uint32_t>(kept.size()));
  if (ttl_ms_ == 0) return;
  std::vector<int64_t> oldest;
  for (const uint32_t old : kept) oldest.push_back(old < oldest_ms_.size() ? oldest_ms_[old] : 0);
  oldest_ms_ = std::move(oldest);
}

}  // namespace millrace
