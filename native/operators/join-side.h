// What a join keeps of one input: rows in columns, those of a join key in a list in the order of
// their arrival. With it, where rows may stand alone in the output, how many partners each has.
//
// State table "left" or "right": the join key, the other columns, [associations], [updated_ms].
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "operators/operator.h"
#include "operators/row-index.h"
#include "operators/row-store.h"
#include "state/expiry.h"
#include "state/keyed-groups.h"

namespace millrace {

// How rows of an input are named.
enum class Uniqueness : uint8_t { kNone, kUniqueKey, kJoinKey };

struct JoinInput {
  std::vector<uint32_t> keys;
  Uniqueness uniqueness = Uniqueness::kNone;
  std::vector<uint32_t> unique_key;
  bool takes_update_before = true;
};

class JoinSide {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  JoinSide(std::string name, const Schema& schema, JoinInput input, RowStore store,
           bool tracks_partners, int64_t ttl_ms);
  // Of a window join: `key_count` keys spread the rows, the last one is the window.
  void set_key_count(uint32_t key_count) { table_.key_count = key_count; }

  [[nodiscard]] const JoinInput& input() const { return input_; }
  [[nodiscard]] bool tracks_partners() const { return tracks_partners_; }
  [[nodiscard]] RowStore& store() { return store_; }
  [[nodiscard]] const RowStore& store() const { return store_; }

  // Room for so many groups.
  void resize(uint32_t group_count) {
    if (group_count > heads_.size()) {
      heads_.resize(group_count, kNone);
      tails_.resize(group_count, kNone);
    }
  }
  // The first row of a group and the one after a row; kNone = no more.
  [[nodiscard]] uint32_t first(uint32_t group) const { return heads_[group]; }
  [[nodiscard]] uint32_t after(uint32_t id) const { return next_[id]; }
  [[nodiscard]] bool is_empty(uint32_t group) const { return heads_[group] == kNone; }
  // Whether a row is too old to be seen at this time.
  [[nodiscard]] bool is_expired(uint32_t id, int64_t now_ms) const {
    return expires_ && expiry_.is_expired(id, now_ms);
  }

  // Puts a row that the store has into its list; it takes the place of the one with its unique
  // key. `row` is the same row in a batch.
  void add(uint32_t id, const std::vector<ColumnPtr>& columns, uint32_t row, uint32_t group,
           int32_t partners, int64_t now_ms);
  // Lets go of rows whose time is up, as many as a batch of `row_count` rows has to.
  void sweep(int64_t now_ms, uint64_t row_count);
  // Lets go of a row as it is named: by its unique key, or by all its values.
  void retract(const std::vector<ColumnPtr>& columns, uint32_t row, uint32_t group);
  void remove(uint32_t id, uint32_t group);
  // Frees all rows of a group.
  void drop(uint32_t group);

  [[nodiscard]] int32_t partners(uint32_t id) const { return partners_[id]; }
  void set_partners(uint32_t id, int32_t count, int64_t now_ms) {
    partners_[id] = count;
    if (expires_) expiry_.touch(id, now_ms);
  }

  // Groups get new numbers; `kept` are the old ones in their new order.
  void renumber(std::span<const uint32_t> kept);

  [[nodiscard]] const StateTable& state_table() const { return table_; }
  [[nodiscard]] Batch snapshot() const;
  Status restore(const Batch& content, KeyedGroups& groups);
  [[nodiscard]] size_t bytes() const {
    return store_.bytes() + (heads_.capacity() + next_.capacity()) * 8 +
           partners_.capacity() * 4 + group_of_.capacity() * 4 + expiry_.bytes() +
           links_.next.capacity() * 12;
  }

 private:
  // A group in which a search looks at more rows than this gets an index.
  static constexpr uint32_t kLongSearch = 64;

  [[nodiscard]] uint32_t find(const std::vector<ColumnPtr>& columns, uint32_t row,
                              uint32_t group);
  [[nodiscard]] uint32_t find_in(const RowIndex& index, const std::vector<ColumnPtr>& columns,
                                 uint32_t row) const;
  RowIndex& make_index(uint32_t group);
  [[nodiscard]] uint32_t hash_of(const std::vector<ColumnPtr>& columns, uint32_t row) const;
  void link(uint32_t id, uint32_t group, int32_t partners);
  void release(uint32_t id);

  JoinInput input_;
  RowStore store_;
  bool tracks_partners_;
  bool expires_;
  Expiry expiry_;
  StateTable table_;
  std::vector<uint32_t> all_;          // every column of the schema
  std::vector<uint32_t> state_order_;  // columns of the schema as the state table has them
  std::vector<uint32_t> heads_;        // by group
  std::vector<uint32_t> tails_;
  std::vector<uint32_t> next_;         // by row id
  std::vector<uint32_t> previous_;
  std::vector<int32_t> partners_;
  std::vector<uint32_t> group_of_;     // empty where rows never expire
  std::vector<uint32_t> identity_;     // the columns that name a row
  // By group, of the large ones from which rows are taken back.
  std::unordered_map<uint32_t, RowIndex> indexes_;
  RowLinks links_;
};

}  // namespace millrace
