#include "operators/sink-conflict.h"

#include <algorithm>
#include <memory>
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

// The changes of a primary key are held back until the watermark rises, then they are added up on
// the row that the sink has:
//
//     none left      -D of the sink's row
//     one            +I where the sink has none, +U where it differs
//     more           nothing: +I of the first where the sink has none, else nothing is sent
//                    error: MR3032
//
// State tables: "current" (the sink's rows), "waiting" (the changes, with their kind, in order);
// both: the primary key, the other columns.
class SinkConflict final : public Operator {
 public:
  SinkConflict(SinkKeyLayout keys, bool fails, const PlanNode& node, KeyLayout layout,
               RowStore store)
      : keys_(std::move(keys)),
        fails_(fails),
        schema_(node.schema),
        groups_(std::move(layout)),
        store_(std::move(store)),
        changes_(node.schema, false) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    numbers_.clear();
    for_each_row(batch.selection(), [&](uint32_t row) { numbers_.push_back(row); });
    groups_.encode(keys_.key_columns(batch.columns), numbers_.data(), batch.active_count());
    groups_.resolve_added(numbers_.data(), batch.active_count(), resolved_);
    grow_to_groups();
    size_t run = 0;
    const auto& runs = batch.watermarks;
    for (uint32_t i = 0; i < resolved_.count(); ++i) {
      const uint32_t row = resolved_.rows[i];
      while (run < runs.size() && runs[run].row <= row) MR_TRY(raise(runs[run++].watermark));
      hold(batch.columns, row, resolved_.groups[i],
           takes_back(static_cast<uint8_t>(batch.kind(row))));
    }
    while (run < runs.size()) MR_TRY(raise(runs[run++].watermark));
    MR_TRY(changes_.flush(store_, output));
    store_.settle();
    return Status::ok();
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    StateTable waiting = keys_.state_table("waiting", schema_);
    waiting.fields.push_back({"kind", not_null_type(TypeRoot::kTinyint)});
    return {keys_.state_table("current", schema_), waiting};
  }

  Result<Batch> snapshot(const StateTable& table) override {
    std::vector<uint32_t> ids;
    if (table.name == "current") {
      for (const uint32_t id : current_) {
        if (id != kNone) ids.push_back(id);
      }
      return keys_.rows_of(store_, ids);
    }
    for (uint32_t group = 0; group < current_.size(); ++group) {
      const auto changes = waiting_.rows(group);
      ids.insert(ids.end(), changes.begin(), changes.end());
    }
    Batch batch = keys_.rows_of(store_, ids);
    ColumnPtr kinds = make_column(not_null_type(TypeRoot::kTinyint), batch.row_count);
    for (size_t i = 0; i < ids.size(); ++i) {
      const RowKind kind = is_back_[ids[i]] != 0 ? RowKind::kDelete : RowKind::kInsert;
      kinds->data<int8_t>()[i] = static_cast<int8_t>(kind);
    }
    batch.columns.push_back(std::move(kinds));
    return batch;
  }

  Status restore(const StateTable& table, const Batch& content) override {
    if (content.columns.size() != table.fields.size()) {
      return Status::error("MR5002", "sink-conflict: table " + table.name + " has other columns");
    }
    const std::vector<ColumnPtr> columns = keys_.in_schema_order(content.columns);
    std::vector<uint32_t> found;
    groups_.restore(keys_.key_columns(columns), content.row_count, found);
    grow_to_groups();
    const Column& kinds = *content.columns.back();
    for (uint32_t row = 0; row < content.row_count; ++row) {
      if (table.name == "current") {
        current_[found[row]] = store_.add(columns, row);
      } else {
        const int8_t kind = kinds.data<int8_t>()[kinds.at(row)];
        hold(columns, row, found[row], takes_back(static_cast<uint8_t>(kind)));
      }
    }
    return Status::ok();
  }

  [[nodiscard]] OperatorStats stats() const override {
    return {0, 0, store_.count(),
            groups_.bytes() + store_.bytes() + waiting_.bytes() + current_.capacity() * 4};
  }

 private:
  // A change and one that undoes it go both.
  void hold(const std::vector<ColumnPtr>& columns, uint32_t row, uint32_t group, bool is_back) {
    const auto changes = waiting_.rows(group);
    if (changes.empty()) touched_.push_back(group);
    for (uint32_t at = 0; at < changes.size(); ++at) {
      if ((is_back_[changes[at]] != 0) == is_back) continue;
      if (!store_.equals(changes[at], keys_.all(), columns, row)) continue;
      store_.free(changes[at]);
      waiting_.erase(group, at);
      return;
    }
    const uint32_t id = store_.add(columns, row);
    if (id >= is_back_.size()) is_back_.resize(std::max<size_t>(id + 1, is_back_.size() * 2));
    is_back_[id] = is_back ? 1 : 0;
    waiting_.insert(group, waiting_.size(group), id);
  }

  Status raise(int64_t watermark) {
    for (const uint32_t group : touched_) MR_TRY(compact(group));
    touched_.clear();
    changes_.watermark(watermark);
    return Status::ok();
  }

  Status compact(uint32_t group) {
    const auto changes = waiting_.rows(group);
    if (changes.empty()) return Status::ok();
    const uint32_t before = current_[group];
    rows_.clear();
    if (before != kNone) rows_.push_back(before);
    for (const uint32_t id : changes) apply(id);
    MR_TRY_ASSIGN(const uint32_t after, outcome(before));
    for (const uint32_t id : changes) {
      if (id != after) store_.free(id);
    }
    if (before != kNone && before != after) store_.free(before);
    current_[group] = after;
    waiting_.release(group);
    return Status::ok();
  }

  // A change on the rows of the key.
  void apply(uint32_t id) {
    const bool is_back = is_back_[id] != 0;
    auto at = rows_.end();
    if (is_back || keys_.has_upsert_key()) {
      at = std::ranges::find_if(rows_, [&](uint32_t one) {
        return store_.same(one, id, keys_.identity());
      });
    }
    if (is_back) {
      if (at != rows_.end()) rows_.erase(at);
    } else if (at == rows_.end()) {
      rows_.push_back(id);
    } else {
      *at = id;
    }
  }

  // Sends what changes for the sink; the row that it has then.
  Result<uint32_t> outcome(uint32_t before) {
    if (rows_.empty()) {
      if (before != kNone) changes_.add(RowKind::kDelete, before, 0);
      return kNone;
    }
    if (rows_.size() > 1) {
      if (fails_) return Status::error("MR3032", key_names());
      if (before != kNone) return before;
    }
    const uint32_t first = rows_.front();
    if (before == kNone) changes_.add(RowKind::kInsert, first, 0);
    else if (store_.same(before, first, keys_.all())) return before;
    else changes_.add(RowKind::kUpdateAfter, first, 0);
    return first;
  }

  [[nodiscard]] std::string key_names() const {
    std::string names;
    for (const uint32_t column : keys_.primary_key()) {
      if (!names.empty()) names += ", ";
      names += schema_[column].name;
    }
    return names;
  }

  void grow_to_groups() {
    current_.resize(groups_.size(), kNone);
    waiting_.resize(groups_.size());
  }

  SinkKeyLayout keys_;
  bool fails_;
  Schema schema_;
  KeyedGroups groups_;
  RowStore store_;
  ChangeBuffer changes_;
  std::vector<uint32_t> current_;  // by group: the row that the sink has
  RowLists waiting_;               // by group: changes that wait
  std::vector<uint32_t> touched_;  // groups with changes, in the order in which the first came
  std::vector<uint8_t> is_back_;   // by row id: the change takes its row back
  std::vector<uint32_t> rows_;     // of the key at hand
  ResolvedRows resolved_;
  std::vector<uint32_t> numbers_;
};

}  // namespace

Result<OperatorPtr> make_sink_conflict(const PlanNode& node, const OperatorContext& /*context*/) {
  const Schema& input = node.input_schemas[0];
  MR_TRY_ASSIGN(SinkKeyLayout keys, SinkKeyLayout::create(node));
  MR_TRY_ASSIGN(const std::string_view conflict, node.value->string_at("onConflict"));
  MR_TRY_ASSIGN(KeyLayout layout, KeyLayout::create(types_of(keys.primary_key(), input)));
  MR_TRY_ASSIGN(RowStore store, RowStore::create(input));
  return OperatorPtr(std::make_unique<SinkConflict>(std::move(keys), conflict == "error", node,
                                                    std::move(layout), std::move(store)));
}

}  // namespace millrace
