// Rows in order of rank, a list a partition: the state of rank and window-rank.
//
// State table "rows": the partition columns, the other columns, then `position`, the row's place
// in its partition from 0, [written_ms]. Rows of equal sort keys stand as they came, so the
// positions carry their order of arrival.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "operators/operator.h"
#include "operators/row-lists.h"
#include "operators/row-store.h"
#include "operators/sort-key.h"
#include "state/keyed-groups.h"

namespace millrace {

[[nodiscard]] Status check_columns(std::span<const uint32_t> columns, const Schema& schema);
[[nodiscard]] std::vector<DataType> types_of(std::span<const uint32_t> columns,
                                             const Schema& schema);
[[nodiscard]] Schema keys_of(std::span<const uint32_t> columns, const Schema& schema);

class RankedRows {
 public:
  // Each row is kept for `ttl_ms`; 0: until it is removed.
  RankedRows(Schema schema, std::vector<uint32_t> partition, RowStore store, SortKeys keys,
             int64_t ttl_ms = 0);
  // Only so many partition columns, from the first, spread the rows: the rest name a window.
  void set_key_count(uint32_t key_count) { table_.key_count = key_count; }

  [[nodiscard]] RowLists& lists() { return lists_; }
  [[nodiscard]] const RowStore& store() const { return store_; }
  [[nodiscard]] std::span<const uint32_t> rows(uint32_t list) const { return lists_.rows(list); }

  // Sort keys of a batch's rows, which are then named by their number among `rows`.
  void encode(const std::vector<ColumnPtr>& columns, const uint32_t* rows, uint32_t count) {
    keys_.encode(columns, rows, count);
  }
  // Keeps the batch's row `row`, whose key is `encoded`; in no list yet.
  uint32_t add(const Batch& batch, uint32_t row, uint32_t encoded, int64_t now_ms = 0) {
    const uint32_t id = store_.add(batch.columns, row);
    keys_.keep(encoded, id);
    if (ttl_ms_ > 0) {
      if (id >= written_ms_.size()) written_ms_.resize(store_.capacity());
      written_ms_[id] = now_ms;
    }
    return id;
  }
  void insert(uint32_t list, uint32_t position, uint32_t id) {
    if (ttl_ms_ > 0) note_oldest(list, id);
    lists_.insert(list, position, id);
  }
  // Frees the rows of a list that are too old to be seen.
  void drop_expired(uint32_t list, int64_t now_ms);
  // After groups were compacted.
  void renumber(std::span<const uint32_t> kept, std::span<const uint32_t> new_ids);
  void replace(uint32_t list, uint32_t position, uint32_t id) {
    store_.free(lists_.rows(list)[position]);
    lists_.set(list, position, id);
  }
  void remove(uint32_t list, uint32_t position) {
    store_.free(lists_.rows(list)[position]);
    lists_.erase(list, position);
  }
  // Frees all rows of a list.
  void drop(uint32_t list) {
    for (const uint32_t id : lists_.rows(list)) store_.free(id);
    lists_.release(list);
  }
  void settle() { store_.settle(); }

  [[nodiscard]] bool is_before(uint32_t encoded, uint32_t list, uint32_t position) const {
    return keys_.compare(encoded, lists_.rows(list)[position], store_) < 0;
  }
  [[nodiscard]] bool has_equal_key(uint32_t encoded, uint32_t id) const {
    return keys_.compare(encoded, id, store_) == 0;
  }
  // Where a new row stands: behind all rows that are not after it.
  [[nodiscard]] uint32_t position_after_equals(uint32_t list, uint32_t encoded) const;
  // The first row with the batch row's values in `columns`; -1 = none.
  [[nodiscard]] int64_t find(uint32_t list, std::span<const uint32_t> columns, const Batch& batch,
                             uint32_t row) const;
  // The first row that is the batch's row in all columns; -1 = none.
  [[nodiscard]] int64_t find_equal_row(uint32_t list, uint32_t encoded, const Batch& batch,
                                       uint32_t row) const;

  [[nodiscard]] const StateTable& state_table() const { return table_; }
  [[nodiscard]] Result<Batch> snapshot(const StateTable& table, const KeyedGroups& groups) const;
  Status restore(const Batch& content, KeyedGroups& groups);
  [[nodiscard]] size_t bytes() const { return lists_.bytes() + store_.bytes() + keys_.bytes(); }

 private:
  void note_oldest(uint32_t list, uint32_t id);

  std::vector<uint32_t> partition_;
  std::vector<uint32_t> all_;         // every column of the schema
  std::vector<uint32_t> state_order_;  // columns of the schema as the state table has them
  StateTable table_;
  RowStore store_;
  SortKeys keys_;
  int64_t ttl_ms_;
  RowLists lists_;
  std::vector<int64_t> restored_positions_;  // by row id, while restoring
  std::vector<int64_t> written_ms_;  // by row id, where rows expire
  std::vector<int64_t> oldest_ms_;   // by list: no later than its oldest row
};

}  // namespace millrace
