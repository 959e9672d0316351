#include "operators/rank.h"

#include <algorithm>
#include <utility>

#include "operators/change-buffer.h"
#include "operators/group-expiry.h"
#include "operators/ranked-rows.h"
#include "operators/row-lists.h"
#include "operators/row-store.h"
#include "operators/sort-key.h"
#include "state/keyed-groups.h"

namespace millrace {
namespace {

// Partitions without rows are not worth a compaction below this.
constexpr uint32_t kMostEmpty = 1024;

enum class Strategy : uint8_t { kAppend, kRetract, kUpdateFast };

struct RankSpec {
  std::vector<uint32_t> partition;
  std::vector<uint32_t> primary_key;
  uint32_t start = 1;
  uint32_t end = 1;
  bool output_rank = false;
  bool update_before = true;
  Strategy strategy = Strategy::kAppend;
  int64_t ttl_ms = 0;

  [[nodiscard]] int64_t row_ttl_ms() const {
    return strategy == Strategy::kRetract ? ttl_ms : 0;
  }
  // One partition of all rows, of which rankEnd are kept, stays.
  [[nodiscard]] int64_t partition_ttl_ms() const {
    return partition.empty() && strategy != Strategy::kRetract ? 0 : ttl_ms;
  }
  // Every rank that changes is emitted, not only the rows that enter and leave.
  [[nodiscard]] bool by_rank() const { return output_rank || start > 1; }
  // Flink has a function of its own for it, which updates instead of deleting and inserting.
  [[nodiscard]] bool is_top_one() const {
    return start == 1 && end == 1 && strategy != Strategy::kRetract;
  }
};

// A partition's rows stand in its list in order of rank: by sort key, equal ones as they came.
// Append and update-fast keep rankEnd rows a partition, retract keeps them all.
//
// With a time to live a partition starts anew when no row entered or left it for so long; retract
// lets go of each row for itself.
class Rank final : public Operator {
 public:
  Rank(RankSpec spec, const PlanNode& node, const OperatorContext& context, KeyLayout layout,
       RowStore store, SortKeys keys)
      : spec_(std::move(spec)),
        context_(context),
        groups_(std::move(layout)),
        ranked_(node.input_schemas[0], spec_.partition, std::move(store), std::move(keys),
                spec_.row_ttl_ms()),
        changes_(node.schema, spec_.output_rank),
        expiry_(keys_of(spec_.partition, node.input_schemas[0]), spec_.partition_ttl_ms()) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    const uint8_t* kinds = batch.row_kinds == nullptr ? nullptr : batch.row_kinds->data();
    if (kinds != nullptr && spec_.strategy != Strategy::kRetract) {
      MR_TRY(drop_update_before(batch));
    }
    resolve(batch, kinds);
    ranked_.lists().resize(groups_.size());
    expiry_.resize(groups_.size());
    now_ms_ = context_.now_ms();
    ranked_.encode(batch.columns, resolved_.rows.data(), resolved_.count());
    size_t run = 0;
    const auto& runs = batch.watermarks;
    for (uint32_t i = 0; i < resolved_.count(); ++i) {
      const uint32_t row = resolved_.rows[i];
      while (run < runs.size() && runs[run].row <= row) changes_.watermark(runs[run++].watermark);
      MR_TRY(take_row(batch, i));
      if (changes_.is_full()) MR_TRY(flush(output));
    }
    while (run < runs.size()) changes_.watermark(runs[run++].watermark);
    expiry_.sweep(now_ms_, resolved_.count(), [this](uint32_t group) { drop(group); });
    MR_TRY(flush(output));
    compact_if_sparse();
    return Status::ok();
  }

  Status prepare_barrier(Output& /*output*/) override {
    if (!expiry_.is_on()) return Status::ok();
    now_ms_ = context_.now_ms();
    expiry_.sweep_all(now_ms_, [this](uint32_t group) { drop(group); });
    for (uint32_t list = 0; list < groups_.size(); ++list) ranked_.drop_expired(list, now_ms_);
    ranked_.settle();
    return Status::ok();
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    std::vector<StateTable> tables{ranked_.state_table()};
    expiry_.add_table(tables);
    return tables;
  }
  Result<Batch> snapshot(const StateTable& table) override {
    if (expiry_.owns(table)) return expiry_.snapshot(groups_);
    return ranked_.snapshot(table, groups_);
  }
  Status restore(const StateTable& table, const Batch& content) override {
    if (expiry_.owns(table)) MR_TRY(expiry_.restore(content, groups_));
    else MR_TRY(ranked_.restore(content, groups_));
    ranked_.lists().resize(groups_.size());
    expiry_.restored_all(groups_, context_.now_ms());
    return Status::ok();
  }
  [[nodiscard]] OperatorStats stats() const override {
    return {0, 0, ranked_.store().count(), groups_.bytes() + ranked_.bytes()};
  }

 private:
  // Where nothing is ever deleted, what an update replaces is known without being told.
  Status drop_update_before(Batch& batch) {
    auto kept = std::make_shared<std::vector<uint32_t>>();
    Status status;
    for_each_row(batch.selection(), [&](uint32_t row) {
      const RowKind kind = batch.kind(row);
      if (kind == RowKind::kDelete) status = Status::error("MR9001", "rank: unexpected delete");
      if (kind == RowKind::kInsert || kind == RowKind::kUpdateAfter) kept->push_back(row);
    });
    batch.selected = std::move(kept);
    return status;
  }

  void resolve(const Batch& batch, const uint8_t* kinds) {
    const Selection selection = batch.selection();
    row_numbers_.clear();
    for_each_row(selection, [&](uint32_t row) { row_numbers_.push_back(row); });
    std::vector<const Column*> keys;
    for (const uint32_t column : spec_.partition) keys.push_back(batch.columns[column].get());
    groups_.encode(keys, row_numbers_.data(), selection.count);
    // Where rows expire, how many rows a partition has is not known from those that came.
    if (spec_.strategy == Strategy::kRetract && !expiry_.is_on()) {
      groups_.resolve_changes<false>(row_numbers_.data(), kinds, selection.count,
                                     [](uint32_t) { return false; }, resolved_);
    } else {
      groups_.resolve_added(row_numbers_.data(), selection.count, resolved_);
    }
  }

  Status take_row(const Batch& batch, uint32_t i) {
    const uint32_t row = resolved_.rows[i];
    const uint32_t list = resolved_.groups[i];
    if (expiry_.is_expired(list, now_ms_)) drop(list);
    else ranked_.drop_expired(list, now_ms_);
    switch (spec_.strategy) {
      case Strategy::kAppend: add_bounded(batch, i, row, list); return Status::ok();
      case Strategy::kUpdateFast: add_or_update(batch, i, row, list); return Status::ok();
      case Strategy::kRetract: break;
    }
    expiry_.touch(list, now_ms_);
    if (takes_back(static_cast<uint8_t>(batch.kind(row)))) return retract(batch, i, row, list);
    const uint32_t at = ranked_.position_after_equals(list, i);
    ranked_.insert(list, at, ranked_.add(batch, row, i, now_ms_));
    announce_insert(list, at);
    return Status::ok();
  }

  void add_bounded(const Batch& batch, uint32_t i, uint32_t row, uint32_t list) {
    const uint32_t count = ranked_.lists().size(list);
    if (count >= spec_.end && !ranked_.is_before(i, list, count - 1)) return;
    expiry_.touch(list, now_ms_);
    const uint32_t id = ranked_.add(batch, row, i);
    if (spec_.is_top_one() && count == 1) {
      announce_update(ranked_.rows(list)[0], id, 1);
      ranked_.replace(list, 0, id);
      return;
    }
    const uint32_t at = ranked_.position_after_equals(list, i);
    ranked_.insert(list, at, id);
    announce_insert(list, at);
    if (count + 1 > spec_.end) ranked_.remove(list, spec_.end);
  }

  // The input is a changelog by primary key in which a key's place only ever gets better.
  void add_or_update(const Batch& batch, uint32_t i, uint32_t row, uint32_t list) {
    const int64_t found =
        spec_.is_top_one() ? -1 : ranked_.find(list, spec_.primary_key, batch, row);
    if (found < 0) return add_bounded(batch, i, row, list);
    const auto before = static_cast<uint32_t>(found);
    const uint32_t old = ranked_.rows(list)[before];
    expiry_.touch(list, now_ms_);
    const uint32_t id = ranked_.add(batch, row, i);
    if (ranked_.has_equal_key(i, old)) {
      announce_update(old, id, before + 1);
      ranked_.replace(list, before, id);
      return;
    }
    shifted_.assign(ranked_.rows(list).begin(), ranked_.rows(list).end());
    ranked_.remove(list, before);
    const uint32_t after = ranked_.position_after_equals(list, i);
    ranked_.insert(list, after, id);
    if (!spec_.by_rank()) return announce_update(old, id, 1);
    announce_move(list, before, after);
  }

  // The row at position `after` stood at `before`, in `shifted_`. Flink takes the old row back
  // before it says where the new one stands.
  void announce_move(uint32_t list, uint32_t before, uint32_t after) {
    const auto now = ranked_.rows(list);
    if (after >= before) {
      for (uint32_t at = before; at <= after; ++at) announce_update(shifted_[at], now[at], at + 1);
      return;
    }
    if (spec_.update_before) {
      announce(RowKind::kUpdateBefore, shifted_[after], after + 1);
      announce(RowKind::kUpdateBefore, shifted_[before], before + 1);
    }
    announce(RowKind::kUpdateAfter, now[after], after + 1);
    for (uint32_t at = after + 1; at < before; ++at) {
      announce_update(shifted_[at], now[at], at + 1);
    }
    announce(RowKind::kUpdateAfter, now[before], before + 1);
  }

  Status retract(const Batch& batch, uint32_t i, uint32_t row, uint32_t list) {
    const int64_t found = ranked_.find_equal_row(list, i, batch, row);
    if (found < 0 && expiry_.is_on()) return Status::ok();
    if (found < 0) return Status::error("MR3010", "Rank", row);
    const auto at = static_cast<uint32_t>(found);
    announce_remove(list, at);
    ranked_.remove(list, at);
    return Status::ok();
  }

  // The row at position `at` is new in the list.
  void announce_insert(uint32_t list, uint32_t at) {
    const auto rows = ranked_.rows(list);
    const auto count = static_cast<uint32_t>(rows.size());
    if (!spec_.by_rank()) {
      if (at >= spec_.end) return;
      if (count > spec_.end) changes_.add(RowKind::kDelete, rows[spec_.end], 0);
      changes_.add(RowKind::kInsert, rows[at], 0);
      return;
    }
    uint32_t rank = at + 1;
    for (; rank < count && rank <= spec_.end; ++rank) {
      announce_update(rows[rank], rows[rank - 1], rank);
    }
    if (rank <= spec_.end) announce(RowKind::kInsert, rows[rank - 1], rank);
  }

  // The row at position `at` is about to leave the list.
  void announce_remove(uint32_t list, uint32_t at) {
    const auto rows = ranked_.rows(list);
    const auto count = static_cast<uint32_t>(rows.size());
    if (!spec_.by_rank()) {
      if (at >= spec_.end) return;
      changes_.add(RowKind::kDelete, rows[at], 0);
      if (count > spec_.end) changes_.add(RowKind::kInsert, rows[spec_.end], 0);
      return;
    }
    uint32_t rank = at + 1;
    for (; rank < count && rank <= spec_.end; ++rank) {
      announce_update(rows[rank - 1], rows[rank], rank);
    }
    if (rank <= spec_.end) announce(RowKind::kDelete, rows[rank - 1], rank);
  }

  void announce_update(uint32_t old, uint32_t now, uint32_t rank) {
    if (spec_.update_before) announce(RowKind::kUpdateBefore, old, rank);
    announce(RowKind::kUpdateAfter, now, rank);
  }

  void announce(RowKind kind, uint32_t row, uint32_t rank) {
    if (spec_.by_rank() && (rank < spec_.start || rank > spec_.end)) return;
    changes_.add(kind, row, rank);
  }

  Status flush(Output& output) {
    MR_TRY(changes_.flush(ranked_.store(), output));
    ranked_.settle();
    return Status::ok();
  }

  void drop(uint32_t group) {
    expiry_.forget(group);
    ranked_.drop(group);
  }

  void compact_if_sparse() {
    if (expiry_.is_on() && groups_.size() > 2 * ranked_.store().count() + kMostEmpty) {
      for (uint32_t group = 0; group < groups_.size(); ++group) {
        if (ranked_.rows(group).empty()) groups_.kill(group);
      }
    } else if (!groups_.should_compact()) {
      return;
    }
    std::vector<uint32_t> new_ids;
    const std::vector<uint32_t> kept = groups_.compact(new_ids);
    ranked_.renumber(kept, new_ids);
    expiry_.renumber(kept);
  }

  RankSpec spec_;
  OperatorContext context_;
  KeyedGroups groups_;
  RankedRows ranked_;
  ChangeBuffer changes_;
  GroupExpiry expiry_;
  int64_t now_ms_ = 0;
  ResolvedRows resolved_;
  std::vector<uint32_t> row_numbers_;
  std::vector<uint32_t> shifted_;
};

Result<RankSpec> decode_spec(const plan::Value& node) {
  RankSpec spec;
  MR_TRY_ASSIGN(spec.partition, node.indexes_at("partition"));
  MR_TRY_ASSIGN(spec.primary_key, node.indexes_at("primaryKey"));
  MR_TRY_ASSIGN(const int64_t start, node.int_at("rankStart"));
  MR_TRY_ASSIGN(const int64_t end, node.int_at("rankEnd"));
  MR_TRY_ASSIGN(spec.output_rank, node.bool_at("outputRankNumber"));
  MR_TRY_ASSIGN(spec.update_before, node.bool_at("generateUpdateBefore"));
  MR_TRY_ASSIGN(const std::string_view strategy, node.string_at("strategy"));
  MR_TRY_ASSIGN(spec.ttl_ms, node.int_at("stateTtlMs"));
  if (start < 1 || end < start || end > (int64_t{1} << 30)) {
    return Status::error("MR9001", "rank: range of ranks");
  }
  spec.start = static_cast<uint32_t>(start);
  spec.end = static_cast<uint32_t>(end);
  if (strategy == "append") spec.strategy = Strategy::kAppend;
  else if (strategy == "retract") spec.strategy = Strategy::kRetract;
  else if (strategy == "update-fast") spec.strategy = Strategy::kUpdateFast;
  else return Status::error("MR9001", "rank: strategy " + std::string(strategy));
  return spec;
}

}  // namespace

Result<OperatorPtr> make_rank(const PlanNode& node, const OperatorContext& context) {
  MR_TRY_ASSIGN(RankSpec spec, decode_spec(*node.value));
  const Schema& input = node.input_schemas[0];
  MR_TRY(check_columns(spec.partition, input));
  MR_TRY(check_columns(spec.primary_key, input));
  MR_TRY_ASSIGN(KeyLayout layout, KeyLayout::create(types_of(spec.partition, input)));
  MR_TRY_ASSIGN(RowStore store, RowStore::create(input));
  MR_TRY_ASSIGN(const auto order, node.value->list_at("orderBy"));
  MR_TRY_ASSIGN(SortKeys keys, SortKeys::create(order, input));
  return OperatorPtr(std::make_unique<Rank>(std::move(spec), node, context, std::move(layout),
                                            std::move(store), std::move(keys)));
}

}  // namespace millrace
