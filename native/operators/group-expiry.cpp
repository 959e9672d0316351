#include "operators/group-expiry.h"

#include "columnar/take.h"

namespace millrace {
namespace {

const DataType kBigint{TypeRoot::kBigint, false, 0, 0, 0, {}};

}  // namespace

GroupExpiry::GroupExpiry(std::span<const Field> keys, int64_t ttl_ms, Lifetime lifetime)
    : table_{"expiry", Schema(keys.begin(), keys.end()), static_cast<uint32_t>(keys.size())},
      expiry_(ttl_ms, lifetime == Lifetime::kWrite ? ttl_ms : ttl_ms * 3 / 2),
      is_on_(ttl_ms > 0) {
  table_.fields.push_back({"written_ms", kBigint});
}

Batch GroupExpiry::snapshot(const KeyedGroups& groups) const {
  std::vector<uint32_t> written;
  for (uint32_t group = 0; group < groups.size(); ++group) {
    if (expiry_.time(group) != Expiry::kUnset) written.push_back(group);
  }
  Batch batch;
  batch.row_count = static_cast<uint32_t>(written.size());
  for (uint32_t key = 0; key < table_.key_count; ++key) {
    ColumnPtr column = make_column(table_.fields[key].type, batch.row_count);
    groups.decode(key, written, *column);
    batch.columns.push_back(std::move(column));
  }
  ColumnPtr times = make_column(kBigint, batch.row_count);
  for (size_t i = 0; i < written.size(); ++i) {
    times->data<int64_t>()[i] = expiry_.time(written[i]);
  }
  batch.columns.push_back(std::move(times));
  return batch;
}

Status GroupExpiry::restore(const Batch& content, KeyedGroups& groups) {
  if (content.columns.size() != table_.fields.size()) {
    return Status::error("MR5002", "table expiry has other columns");
  }
  std::vector<const Column*> keys;
  for (uint32_t key = 0; key < table_.key_count; ++key) keys.push_back(content.columns[key].get());
  std::vector<uint32_t> found;
  groups.restore(keys, content.row_count, found);
  resize(groups.size());
  const Column& times = *content.columns.back();
  for (uint32_t row = 0; row < content.row_count; ++row) {
    expiry_.restore(found[row], times.data<int64_t>()[times.at(row)]);
  }
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
