#include "operators/sink-upsert-materialize.h"

#include <memory>
#include <numeric>
#include <utility>

#include "operators/change-buffer.h"
#include "operators/group-expiry.h"
#include "operators/ranked-rows.h"
#include "operators/row-lists.h"
#include "operators/row-store.h"
#include "operators/sink-key-layout.h"
#include "state/keyed-groups.h"

namespace millrace {
namespace {

constexpr uint32_t kNone = UINT32_MAX;
// Keys without rows are not worth a compaction below this.
constexpr uint32_t kMostEmpty = 1024;

// All rows of a primary key are kept in the order of their arrival; the sink shows the last.
//
//     +I or +U   takes the place of the kept row of its upsert key, or comes last; sent as +I
//                where it is the only row of its key, else as +U
//     -U or -D   the first kept row that equals it goes; of the only row -D is sent, of the last
//                one +U of the row before; where none equals it (it has expired) nothing
//
// State table "rows": the primary key, the other columns; a key's rows in order.
class SinkUpsertMaterialize final : public Operator {
 public:
  SinkUpsertMaterialize(SinkKeyLayout keys, int64_t ttl_ms, const PlanNode& node,
                        OperatorContext context, KeyLayout layout, RowStore store)
      : keys_(std::move(keys)),
        schema_(node.schema),
        context_(std::move(context)),
        groups_(std::move(layout)),
        store_(std::move(store)),
        changes_(node.schema, false),
        expiry_(keys_of(keys_.primary_key(), schema_), ttl_ms) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    numbers_.clear();
    for_each_row(batch.selection(), [&](uint32_t row) { numbers_.push_back(row); });
    groups_.encode(keys_.key_columns(batch.columns), numbers_.data(), batch.active_count());
    groups_.resolve_added(numbers_.data(), batch.active_count(), resolved_);
    grow_to_groups();
    const int64_t now = context_.now_ms();
    size_t run = 0;
    const auto& runs = batch.watermarks;
    for (uint32_t i = 0; i < resolved_.count(); ++i) {
      const uint32_t row = resolved_.rows[i];
      const uint32_t group = resolved_.groups[i];
      while (run < runs.size() && runs[run].row <= row) changes_.watermark(runs[run++].watermark);
      if (expiry_.is_expired(group, now)) drop(group);
      if (takes_back(static_cast<uint8_t>(batch.kind(row)))) remove(batch, row, group, now);
      else put(batch, row, group, now);
    }
    while (run < runs.size()) changes_.watermark(runs[run++].watermark);
    expiry_.sweep(now, resolved_.count(), [this](uint32_t group) { drop(group); });
    MR_TRY(changes_.flush(store_, output));
    store_.settle();
    if (empty_ > kMostEmpty && empty_ > groups_.size() / 2) compact();
    return Status::ok();
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    std::vector<StateTable> tables{keys_.state_table("rows", schema_)};
    expiry_.add_table(tables);
    return tables;
  }

  Status prepare_barrier(Output& /*output*/) override {
    expiry_.sweep_all(context_.now_ms(), [this](uint32_t group) { drop(group); });
    store_.settle();
    return Status::ok();
  }

  Result<Batch> snapshot(const StateTable& table) override {
    if (expiry_.owns(table)) return expiry_.snapshot(groups_);
    std::vector<uint32_t> ids;
    for (uint32_t group = 0; group < list_count_; ++group) {
      const auto rows = lists_.rows(group);
      ids.insert(ids.end(), rows.begin(), rows.end());
    }
    return keys_.rows_of(store_, ids);
  }

  Status restore(const StateTable& table, const Batch& content) override {
    if (expiry_.owns(table)) {
      MR_TRY(expiry_.restore(content, groups_));
      grow_to_groups();
      return Status::ok();
    }
    if (content.columns.size() != table.fields.size()) {
      return Status::error("MR5002", "sink-upsert-materialize: table rows has other columns");
    }
    const std::vector<ColumnPtr> columns = keys_.in_schema_order(content.columns);
    std::vector<uint32_t> found;
    groups_.restore(keys_.key_columns(columns), content.row_count, found);
    grow_to_groups();
    const int64_t now = context_.now_ms();
    for (uint32_t row = 0; row < content.row_count; ++row) {
      append(found[row], store_.add(columns, row));
      expiry_.restored(found[row], now);
    }
    return Status::ok();
  }

  [[nodiscard]] OperatorStats stats() const override {
    return {0, 0, store_.count(),
            groups_.bytes() + store_.bytes() + lists_.bytes() + expiry_.bytes()};
  }

 private:
  void put(const Batch& batch, uint32_t row, uint32_t group, int64_t now) {
    expiry_.touch(group, now);
    const bool is_only = lists_.size(group) == 0;
    const uint32_t at = keys_.has_upsert_key() ? find(batch, row, group) : kNone;
    const uint32_t id = store_.add(batch.columns, row);
    if (at == kNone) {
      append(group, id);
    } else {
      store_.free(lists_.rows(group)[at]);
      lists_.set(group, at, id);
    }
    changes_.add(is_only ? RowKind::kInsert : RowKind::kUpdateAfter, id, 0);
  }

  void remove(const Batch& batch, uint32_t row, uint32_t group, int64_t now) {
    const uint32_t at = find(batch, row, group);
    if (at == kNone) return;
    expiry_.touch(group, now);
    store_.free(lists_.rows(group)[at]);
    lists_.erase(group, at);
    if (lists_.size(group) == 0) {
      ++empty_;
      expiry_.forget(group);
      const uint32_t id = store_.add(batch.columns, row);
      changes_.add(RowKind::kDelete, id, 0);
      store_.free(id);
    } else if (at == lists_.size(group)) {
      changes_.add(RowKind::kUpdateAfter, lists_.rows(group)[at - 1], 0);
    }
  }

  [[nodiscard]] uint32_t find(const Batch& batch, uint32_t row, uint32_t group) const {
    const auto rows = lists_.rows(group);
    for (uint32_t i = 0; i < rows.size(); ++i) {
      if (store_.equals(rows[i], keys_.identity(), batch.columns, row)) return i;
    }
    return kNone;
  }

  void append(uint32_t group, uint32_t id) {
    if (lists_.size(group) == 0) --empty_;
    lists_.insert(group, lists_.size(group), id);
  }

  void drop(uint32_t group) {
    expiry_.forget(group);
    if (lists_.size(group) == 0) return;
    for (const uint32_t id : lists_.rows(group)) store_.free(id);
    lists_.release(group);
    ++empty_;
  }

  void grow_to_groups() {
    empty_ += groups_.size() - list_count_;
    list_count_ = groups_.size();
    lists_.resize(list_count_);
    expiry_.resize(list_count_);
  }

  void compact() {
    for (uint32_t group = 0; group < groups_.size(); ++group) {
      if (lists_.size(group) == 0) groups_.kill(group);
    }
    std::vector<uint32_t> new_ids;
    const std::vector<uint32_t> kept = groups_.compact(new_ids);
    lists_.renumber(new_ids, static_cast<uint32_t>(kept.size()));
    list_count_ = static_cast<uint32_t>(kept.size());
    expiry_.renumber(kept);
    empty_ = 0;
  }

  SinkKeyLayout keys_;
  Schema schema_;
  OperatorContext context_;
  KeyedGroups groups_;
  RowStore store_;
  ChangeBuffer changes_;
  GroupExpiry expiry_;
  RowLists lists_;           // by group: its rows
  uint32_t list_count_ = 0;
  uint32_t empty_ = 0;       // groups without rows
  ResolvedRows resolved_;
  std::vector<uint32_t> numbers_;
};

}  // namespace

Result<OperatorPtr> make_sink_upsert_materialize(const PlanNode& node,
                                                 const OperatorContext& context) {
  const Schema& input = node.input_schemas[0];
  MR_TRY_ASSIGN(SinkKeyLayout keys, SinkKeyLayout::create(node));
  MR_TRY_ASSIGN(const int64_t ttl_ms, node.value->int_at("stateTtlMs"));
  MR_TRY_ASSIGN(KeyLayout layout, KeyLayout::create(types_of(keys.primary_key(), input)));
  MR_TRY_ASSIGN(RowStore store, RowStore::create(input));
  return OperatorPtr(std::make_unique<SinkUpsertMaterialize>(
      std::move(keys), ttl_ms, node, context, std::move(layout), std::move(store)));
}

}  // namespace millrace
