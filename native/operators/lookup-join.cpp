#include "operators/lookup-join.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "columnar/cell.h"
#include "columnar/take.h"
#include "operators/correlate.h"

namespace millrace {
namespace {

struct TextHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

// The memory of a column behind one owner: what is taken from it need not name them all.
ColumnPtr with_one_owner(const ColumnPtr& column) {
  if (column->owners.size() < 2) return column;
  auto held = std::make_shared<Column>(*column);
  held->owners = {std::make_shared<std::vector<std::shared_ptr<const void>>>(column->owners)};
  return held;
}

// The table is read whole, however small the batches of the stream are.
constexpr uint32_t kTableBatchRows = 4096;

// When the table is read again, as src/plan/physical/lookup-plan.ts has it.
struct LookupReload {
  enum class From : uint8_t { kNever, kLast, kFirst, kEpoch };
  From from = From::kNever;
  int64_t every_ms = 0;
  int64_t offset_ms = 0;
};

struct LookupSpec {
  std::vector<uint32_t> keys;
  LookupReload reload;
  int64_t most_rows = 0;
  std::string name;
};

[[nodiscard]] int64_t floor_div(int64_t value, int64_t by) {
  return value >= 0 ? value / by : -((-value + by - 1) / by);
}

class LookupTable final : public TableFunction {
 public:
  LookupTable(PlanNode table, OperatorContext context, LookupSpec spec)
      : table_(std::move(table)), context_(std::move(context)), spec_(std::move(spec)) {}

  Status begin_batch(std::vector<ColumnPtr> arguments) override {
    const int64_t now = context_.now_ms();
    if (!is_loaded_) first_ms_ = now;
    if (!is_loaded_ || is_stale(now)) {
      MR_TRY(load());
      last_ms_ = now;
    }
    is_loaded_ = true;
    return TableFunction::begin_batch(std::move(arguments));
  }

  void begin_row(uint32_t row) override {
    at_ = end_ = 0;
    if (!append_key(arguments_, row)) return;
    const auto found = groups_.find(std::string_view(key_));
    if (found == groups_.end()) return;
    at_ = starts_[found->second];
    end_ = starts_[found->second + 1];
  }

  uint32_t next(uint32_t most, std::vector<uint32_t>& items) override {
    const uint32_t count = std::min(most, end_ - at_);
    items.insert(items.end(), rows_.begin() + at_, rows_.begin() + at_ + count);
    at_ += count;
    return count;
  }

  [[nodiscard]] ColumnPtr column(uint32_t index, std::span<const uint32_t> items,
                                 const DataType& type) const override {
    return take_or_null(*content_.columns[index], items, type);
  }

 private:
  // A time at which the table is to be read lies behind the last reading.
  [[nodiscard]] bool is_stale(int64_t now) const {
    const LookupReload& reload = spec_.reload;
    if (reload.from == LookupReload::From::kNever) return false;
    if (reload.every_ms == 0) return true;
    int64_t start = reload.offset_ms;
    if (reload.from == LookupReload::From::kLast) start = last_ms_;
    if (reload.from == LookupReload::From::kFirst) start = first_ms_;
    return floor_div(now - start, reload.every_ms) > floor_div(last_ms_ - start, reload.every_ms);
  }

  Status load() {
    OperatorContext alone = context_;
    alone.subtask = 0;
    alone.parallelism = 1;
    alone.batch_rows = std::max(alone.batch_rows, kTableBatchRows);
    MR_TRY_ASSIGN(const SourcePtr source, make_source(table_, alone));
    std::vector<Batch> batches;
    int64_t row_count = 0;
    for (;;) {
      Batch batch;
      MR_TRY_ASSIGN(const Source::Poll poll, source->poll(batch));
      if (poll == Source::Poll::kEnd) break;
      row_count += poll == Source::Poll::kBatch ? batch.active_count() : 0;
      if (row_count > spec_.most_rows) {
        return Status::error("MR3035", spec_.name + " has more than " +
                                           std::to_string(spec_.most_rows) + " rows");
      }
      if (poll == Source::Poll::kBatch && batch.active_count() > 0) {
        batches.push_back(std::move(batch));
      }
    }
    content_ = empty_batch(table_.schema);
    std::vector<BatchPiece> pieces;
    for (const Batch& batch : batches) pieces.push_back({&batch, batch.selection()});
    if (!pieces.empty()) content_ = gather(std::span<const BatchPiece>(pieces));
    for (ColumnPtr& column : content_.columns) column = with_one_owner(column);
    index();
    return Status::ok();
  }

  // rows_: the rows of each key together, in the order of the table.
  void index() {
    groups_.clear();
    std::vector<ColumnPtr> columns;
    for (const uint32_t key : spec_.keys) columns.push_back(content_.columns[key]);
    std::vector<uint32_t> group_of(content_.row_count, UINT32_MAX);
    for (uint32_t row = 0; row < content_.row_count; ++row) {
      if (!append_key(columns, row)) continue;
      const auto next = static_cast<uint32_t>(groups_.size());
      group_of[row] = groups_.emplace(key_, next).first->second;
    }
    starts_.assign(groups_.size() + 1, 0);
    for (const uint32_t group : group_of) {
      if (group != UINT32_MAX) ++starts_[group + 1];
    }
    for (size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
    std::vector<uint32_t> place(starts_.begin(), starts_.end() - 1);
    rows_.resize(starts_.back());
    for (uint32_t row = 0; row < content_.row_count; ++row) {
      if (group_of[row] != UINT32_MAX) rows_[place[group_of[row]]++] = row;
    }
  }

  // key_: equal keys, equal bytes. False where a part of it is NULL.
  bool append_key(const std::vector<ColumnPtr>& columns, uint32_t row) {
    key_.clear();
    for (const ColumnPtr& column : columns) {
      if (column->is_null(row)) return false;
      append_cell(*column, row, key_);
    }
    return true;
  }

  PlanNode table_;
  OperatorContext context_;
  LookupSpec spec_;
  bool is_loaded_ = false;
  int64_t first_ms_ = 0;
  int64_t last_ms_ = 0;
  Batch content_;
  std::unordered_map<std::string, uint32_t, TextHash, std::equal_to<>> groups_;
  std::vector<uint32_t> starts_;  // one a key, and the end
  std::vector<uint32_t> rows_;
  std::string key_;
  uint32_t at_ = 0;
  uint32_t end_ = 0;
};

Result<LookupReload> decode_reload(const PlanNode& node) {
  LookupReload reload;
  const plan::Value* value = node.value->find("reload");
  if (value == nullptr || value->is_null()) return reload;
  MR_TRY_ASSIGN(reload.every_ms, value->int_at("everyMs"));
  MR_TRY_ASSIGN(const std::string_view from, value->string_at("from"));
  if (from == "epoch") {
    MR_TRY_ASSIGN(reload.offset_ms, value->int_at("offsetMs"));
  }
  reload.from = from == "last"    ? LookupReload::From::kLast
                : from == "first" ? LookupReload::From::kFirst
                                  : LookupReload::From::kEpoch;
  return reload;
}

}  // namespace

Result<OperatorPtr> make_lookup_join(const PlanNode& node, const OperatorContext& context) {
  PlanNode table;
  MR_TRY_ASSIGN(table.value, node.value->member("table"));
  table.id = node.id;
  table.kind = table.value->find("rows") == nullptr ? "source" : "values";
  MR_TRY_ASSIGN(const plan::Value* schema, table.value->member("schema"));
  MR_TRY_ASSIGN(table.schema, plan::decode_schema(*schema));
  LookupSpec spec;
  MR_TRY_ASSIGN(spec.reload, decode_reload(node));
  MR_TRY_ASSIGN(spec.most_rows, node.value->int_at("mostRows"));
  MR_TRY_ASSIGN(const std::string_view name, table.value->string_at("table"));
  spec.name = name;
  MR_TRY_ASSIGN(const auto items, node.value->list_at("keys"));
  for (const plan::Value& item : items) {
    MR_TRY_ASSIGN(const int64_t key, item.as_int());
    if (key < 0 || static_cast<size_t>(key) >= table.schema.size()) {
      return Status::error("MR9001", "lookup-join: key of an unknown column");
    }
    spec.keys.push_back(static_cast<uint32_t>(key));
  }
  return correlate_with(
      std::make_unique<LookupTable>(std::move(table), context, std::move(spec)), node, context);
}

}  // namespace millrace
