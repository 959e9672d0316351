// Rows of one input of an operator that keeps them by key and time: those of a key in a list in
// the order of their times, those of one time as they came. Rows that come nearly in order cost
// no search.
//
// State table: the key, the other columns, [time_ms], [the flag], [position].
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "operators/operator.h"
#include "operators/row-store.h"
#include "state/keyed-groups.h"

namespace millrace {

struct TimedRowsSpec {
  std::string name;  // of the state table
  std::vector<uint32_t> keys;
  // The column with the time, ms; kNone: link() says it, and the state table keeps it.
  uint32_t time = UINT32_MAX;
  std::string flag;         // a number that the operator keeps beside each row; empty: none
  bool is_ordered = false;  // whether the order of arrival counts across times
};

class TimedRows {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  static Result<TimedRows> create(const Schema& schema, TimedRowsSpec spec);

  [[nodiscard]] RowStore& store() { return store_; }
  [[nodiscard]] const RowStore& store() const { return store_; }

  // Room for so many groups.
  void resize(uint32_t group_count) {
    if (group_count > heads_.size()) {
      heads_.resize(group_count, kNone);
      tails_.resize(group_count, kNone);
    }
  }
  // The earliest and the latest row of a group, their neighbours; kNone = no more.
  [[nodiscard]] uint32_t first(uint32_t group) const { return heads_[group]; }
  [[nodiscard]] uint32_t last(uint32_t group) const { return tails_[group]; }
  [[nodiscard]] uint32_t after(uint32_t id) const { return next_[id]; }
  [[nodiscard]] uint32_t before(uint32_t id) const { return previous_[id]; }
  [[nodiscard]] int64_t time(uint32_t id) const { return times_[id]; }
  // Rises in the order of arrival.
  [[nodiscard]] int64_t position(uint32_t id) const { return positions_[id]; }
  [[nodiscard]] uint8_t flag(uint32_t id) const { return flags_[id]; }
  void set_flag(uint32_t id, uint8_t flag) { flags_[id] = flag; }
  [[nodiscard]] bool is_empty(uint32_t group) const { return heads_[group] == kNone; }

  // Puts a row of the store behind those of its time and before.
  void link(uint32_t id, uint32_t group, int64_t time, uint8_t flag);
  // Takes a row out of its list and frees it; it can be read until the store settles.
  void remove(uint32_t id, uint32_t group);

  // Groups get new numbers; `kept` are the old ones in their new order.
  void renumber(std::span<const uint32_t> kept);

  [[nodiscard]] const StateTable& state_table() const { return table_; }
  [[nodiscard]] Batch snapshot() const;
  Status restore(const Batch& content, KeyedGroups& groups);
  [[nodiscard]] size_t bytes() const {
    return store_.bytes() + heads_.capacity() * 8 + next_.capacity() * 25;
  }

 private:
  TimedRows(const Schema& schema, TimedRowsSpec spec, RowStore store);
  [[nodiscard]] bool keeps_time() const { return spec_.time == kNone; }

  TimedRowsSpec spec_;
  RowStore store_;
  StateTable table_;
  std::vector<uint32_t> state_order_;  // columns of the schema as the state table has them
  std::vector<uint32_t> heads_;        // by group
  std::vector<uint32_t> tails_;
  std::vector<uint32_t> next_;         // by row id
  std::vector<uint32_t> previous_;
  std::vector<int64_t> times_;
  std::vector<int64_t> positions_;     // empty where the order of arrival does not count
  std::vector<uint8_t> flags_;
  int64_t next_position_ = 0;
};

}  // namespace millrace
