#include "operators/changelog-normalize.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "kernels/expression.h"
#include "operators/change-buffer.h"
#include "operators/group-expiry.h"
#include "operators/ranked-rows.h"
#include "operators/row-store.h"
#include "state/keyed-groups.h"

namespace millrace {
namespace {

constexpr uint32_t kNone = UINT32_MAX;
// Keys without a row are not worth a compaction below this.
constexpr uint32_t kMostEmpty = 1024;

// One row a key is kept.
//
//     kept  arrives                         sent
//     no    +I or +U that passes            +I
//     yes   +I or +U that passes            -U, +U; nothing where the rows are equal, unless state
//                                           has a time to live: the rows behind then hear of it
//     yes   +I or +U that does not pass     -D
//     yes   -U or -D                        -D of the kept row: a delete may carry only its key
//     no    anything else                   nothing
class ChangelogNormalize final : public Operator {
 public:
  struct Spec {
    std::vector<uint32_t> keys;
    std::unique_ptr<Expression> condition;  // null: every row passes
    bool update_before = true;
    int64_t ttl_ms = 0;
  };

  ChangelogNormalize(Spec spec, const PlanNode& node, OperatorContext context, KeyLayout layout,
                     RowStore store)
      : spec_(std::move(spec)),
        schema_(node.schema),
        context_(std::move(context)),
        groups_(std::move(layout)),
        store_(std::move(store)),
        changes_(node.schema, false),
        expiry_(keys_of(spec_.keys, schema_), spec_.ttl_ms),
        all_(schema_.size()) {
    std::iota(all_.begin(), all_.end(), 0);
    state_order_ = spec_.keys;
    for (const uint32_t column : all_) {
      const auto& keys = spec_.keys;
      const bool is_key = std::find(keys.begin(), keys.end(), column) != keys.end();
      if (!is_key) state_order_.push_back(column);
    }
  }

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    std::vector<const Column*> keys;
    for (const uint32_t column : spec_.keys) keys.push_back(batch.columns[column].get());
    numbers_.clear();
    for_each_row(batch.selection(), [&](uint32_t row) { numbers_.push_back(row); });
    MR_TRY(judge(batch));
    groups_.encode(keys, numbers_.data(), batch.active_count());
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
      if (passes_[row] == 0) remove(group);
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
    StateTable rows{"rows", {}, static_cast<uint32_t>(spec_.keys.size())};
    for (const uint32_t column : state_order_) rows.fields.push_back(schema_[column]);
    std::vector<StateTable> tables{rows};
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
    for (const uint32_t id : rows_) {
      if (id != kNone) ids.push_back(id);
    }
    Batch batch;
    batch.row_count = static_cast<uint32_t>(ids.size());
    for (const uint32_t column : state_order_) batch.columns.push_back(store_.gather(column, ids));
    return batch;
  }

  Status restore(const StateTable& table, const Batch& content) override {
    if (expiry_.owns(table)) {
      MR_TRY(expiry_.restore(content, groups_));
      grow_to_groups();
      return Status::ok();
    }
    if (content.columns.size() != table.fields.size()) {
      return Status::error("MR5002", "changelog-normalize: table rows has other columns");
    }
    std::vector<ColumnPtr> columns(all_.size());
    for (size_t i = 0; i < state_order_.size(); ++i) columns[state_order_[i]] = content.columns[i];
    std::vector<const Column*> keys;
    for (const uint32_t column : spec_.keys) keys.push_back(columns[column].get());
    std::vector<uint32_t> found;
    groups_.restore(keys, content.row_count, found);
    grow_to_groups();
    for (uint32_t row = 0; row < content.row_count; ++row) {
      rows_[found[row]] = store_.add(columns, row);
      expiry_.restored(found[row], context_.now_ms());
    }
    grow_to_groups();
    return Status::ok();
  }

  [[nodiscard]] OperatorStats stats() const override {
    return {0, 0, store_.count(), groups_.bytes() + store_.bytes() + rows_.capacity() * 4};
  }

 private:
  // Rows that are taken back are not looked at: they may have nothing but their key.
  Status judge(const Batch& batch) {
    passes_.assign(batch.row_count, 0);
    added_.clear();
    for (const uint32_t row : numbers_) {
      const RowKind kind = batch.kind(row);
      if (kind == RowKind::kInsert || kind == RowKind::kUpdateAfter) added_.push_back(row);
    }
    if (spec_.condition != nullptr && !added_.empty()) {
      const Selection selection{added_.data(), static_cast<uint32_t>(added_.size())};
      const EvaluationContext evaluation{context_.now_ms(), &context_.zone};
      MR_TRY_ASSIGN(const ColumnPtr truth,
                    spec_.condition->evaluate(batch, selection, evaluation));
      select_true(*truth, selection, true_);
      added_.swap(true_);
    }
    for (const uint32_t row : added_) passes_[row] = 1;
    return Status::ok();
  }

  void put(const Batch& batch, uint32_t row, uint32_t group, int64_t now) {
    const uint32_t before = rows_[group];
    if (expiry_.is_on()) expiry_.touch(group, now);
    else if (before != kNone && store_.equals(before, all_, batch.columns, row)) return;
    const uint32_t id = store_.add(batch.columns, row);
    rows_[group] = id;
    if (before == kNone) {
      --empty_;
      changes_.add(RowKind::kInsert, id, 0);
      return;
    }
    if (spec_.update_before) changes_.add(RowKind::kUpdateBefore, before, 0);
    changes_.add(RowKind::kUpdateAfter, id, 0);
    store_.free(before);
  }

  void remove(uint32_t group) {
    const uint32_t before = rows_[group];
    if (before == kNone) return;
    changes_.add(RowKind::kDelete, before, 0);
    drop(group);
  }

  // Nobody is told.
  void drop(uint32_t group) {
    expiry_.forget(group);
    if (rows_[group] == kNone) return;
    store_.free(rows_[group]);
    rows_[group] = kNone;
    ++empty_;
  }

  void grow_to_groups() {
    expiry_.resize(groups_.size());
    rows_.resize(groups_.size(), kNone);
    empty_ = groups_.size() - store_.count();
  }

  void compact() {
    for (uint32_t group = 0; group < rows_.size(); ++group) {
      if (rows_[group] == kNone) groups_.kill(group);
    }
    std::vector<uint32_t> new_ids;
    const std::vector<uint32_t> kept = groups_.compact(new_ids);
    std::vector<uint32_t> rows;
    for (const uint32_t group : kept) rows.push_back(rows_[group]);
    rows_ = std::move(rows);
    expiry_.renumber(kept);
    empty_ = 0;
  }

  Spec spec_;
  Schema schema_;
  OperatorContext context_;
  KeyedGroups groups_;
  RowStore store_;
  ChangeBuffer changes_;
  GroupExpiry expiry_;
  std::vector<uint32_t> all_;
  std::vector<uint32_t> state_order_;
  std::vector<uint32_t> rows_;  // by group: its row
  uint32_t empty_ = 0;          // groups without a row
  ResolvedRows resolved_;
  std::vector<uint32_t> numbers_;
  std::vector<uint32_t> added_;
  std::vector<uint32_t> true_;
  std::vector<uint8_t> passes_;  // by physical row: it is put, not removed
};

}  // namespace

Result<OperatorPtr> make_changelog_normalize(const PlanNode& node,
                                             const OperatorContext& context) {
  const Schema& input = node.input_schemas[0];
  ChangelogNormalize::Spec spec;
  MR_TRY_ASSIGN(spec.keys, node.value->indexes_at("keys"));
  MR_TRY_ASSIGN(spec.update_before, node.value->bool_at("generateUpdateBefore"));
  MR_TRY_ASSIGN(spec.ttl_ms, node.value->int_at("stateTtlMs"));
  MR_TRY(check_columns(spec.keys, input));
  const plan::Value* condition = node.value->find("condition");
  if (condition != nullptr && !condition->is_null()) {
    MR_TRY_ASSIGN(spec.condition, compile_expression(*condition));
  }
  if (node.schema.size() != input.size()) {
    return Status::error("MR9001", "changelog-normalize: columns do not fit the schema");
  }
  MR_TRY_ASSIGN(KeyLayout layout, KeyLayout::create(types_of(spec.keys, input)));
  MR_TRY_ASSIGN(RowStore store, RowStore::create(input));
  return OperatorPtr(std::make_unique<ChangelogNormalize>(std::move(spec), node, context,
                                                          std::move(layout), std::move(store)));
}

}  // namespace millrace
