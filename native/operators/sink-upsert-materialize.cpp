#include "operators/sink-upsert-materialize.h"

#include <memory>
#include <numeric>
#include <utility>

#include "operators/change-buffer.h"
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
// State table "rows": the primary key, the other columns, [updated_ms]; a key's rows in order.
class SinkUpsertMaterialize final : public Operator {
 public:
  SinkUpsertMaterialize(SinkKeyLayout keys, int64_t ttl_ms, const PlanNode& node,
                        OperatorContext context, KeyLayout layout, RowStore store)
      : keys_(std::move(keys)),
        ttl_ms_(ttl_ms),
        schema_(node.schema),
        context_(std::move(context)),
        groups_(std::move(layout)),
        store_(std::move(store)),
        changes_(node.schema, false) {}

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
      expire(group, now);
      if (takes_back(static_cast<uint8_t>(batch.kind(row)))) remove(batch, row, group);
      else put(batch, row, group);
      updated_ms_[group] = now;
    }
    while (run < runs.size()) changes_.watermark(runs[run++].watermark);
    MR_TRY(changes_.flush(store_, output));
    store_.settle();
    if (empty_ > kMostEmpty && empty_ > groups_.size() / 2) compact();
    return Status::ok();
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    StateTable rows = keys_.state_table("rows", schema_);
    if (ttl_ms_ > 0) rows.fields.push_back({"updated_ms", not_null_type(TypeRoot::kBigint)});
    return {rows};
  }

  Result<Batch> snapshot(const StateTable& /*table*/) override {
    std::vector<uint32_t> ids;
    std::vector<int64_t> times;
    for (uint32_t group = 0; group < updated_ms_.size(); ++group) {
      for (const uint32_t id : lists_.rows(group)) {
        ids.push_back(id);
        times.push_back(updated_ms_[group]);
      }
    }
    Batch batch = keys_.rows_of(store_, ids);
    if (ttl_ms_ > 0) {
      ColumnPtr updated = make_column(not_null_type(TypeRoot::kBigint), batch.row_count);
      for (size_t i = 0; i < times.size(); ++i) updated->data<int64_t>()[i] = times[i];
      batch.columns.push_back(std::move(updated));
    }
    return batch;
  }

  Status restore(const StateTable& table, const Batch& content) override {
    if (content.columns.size() != table.fields.size()) {
      return Status::error("MR5002", "sink-upsert-materialize: table rows has other columns");
    }
    const std::vector<ColumnPtr> columns = keys_.in_schema_order(content.columns);
    std::vector<uint32_t> found;
    groups_.restore(keys_.key_columns(columns), content.row_count, found);
    grow_to_groups();
    const Column* const updated = ttl_ms_ > 0 ? content.columns.back().get() : nullptr;
    for (uint32_t row = 0; row < content.row_count; ++row) {
      append(found[row], store_.add(columns, row));
      if (updated != nullptr) {
        updated_ms_[found[row]] = updated->data<int64_t>()[updated->at(row)];
      }
    }
    return Status::ok();
  }

  [[nodiscard]] OperatorStats stats() const override {
    return {0, 0, store_.count(),
            groups_.bytes() + store_.bytes() + lists_.bytes() + updated_ms_.capacity() * 8};
  }

 private:
  void put(const Batch& batch, uint32_t row, uint32_t group) {
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

  void remove(const Batch& batch, uint32_t row, uint32_t group) {
    const uint32_t at = find(batch, row, group);
    if (at == kNone) return;
    store_.free(lists_.rows(group)[at]);
    lists_.erase(group, at);
    if (lists_.size(group) == 0) {
      ++empty_;
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

  void expire(uint32_t group, int64_t now) {
    if (ttl_ms_ == 0 || lists_.size(group) == 0 || updated_ms_[group] + ttl_ms_ > now) return;
    for (const uint32_t id : lists_.rows(group)) store_.free(id);
    lists_.release(group);
    ++empty_;
  }

  void grow_to_groups() {
    empty_ += groups_.size() - static_cast<uint32_t>(updated_ms_.size());
    updated_ms_.resize(groups_.size(), 0);
    lists_.resize(groups_.size());
  }

  void compact() {
    for (uint32_t group = 0; group < groups_.size(); ++group) {
      if (lists_.size(group) == 0) groups_.kill(group);
    }
    std::vector<uint32_t> new_ids;
    const std::vector<uint32_t> kept = groups_.compact(new_ids);
    lists_.renumber(new_ids, static_cast<uint32_t>(kept.size()));
    std::vector<int64_t> times;
    for (const uint32_t group : kept) times.push_back(updated_ms_[group]);
    updated_ms_ = std::move(times);
    empty_ = 0;
  }

  SinkKeyLayout keys_;
  int64_t ttl_ms_;
  Schema schema_;
  OperatorContext context_;
  KeyedGroups groups_;
  RowStore store_;
  ChangeBuffer changes_;
  RowLists lists_;                   // by group: its rows
  std::vector<int64_t> updated_ms_;  // by group
  uint32_t empty_ = 0;               // groups without rows
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
