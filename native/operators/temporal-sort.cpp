#include "operators/temporal-sort.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "operators/change-buffer.h"
#include "operators/row-store.h"
#include "operators/sort-key.h"
#include "operators/waiting-rows.h"

namespace millrace {
namespace {

const DataType kBigint{TypeRoot::kBigint, false, 0, 0, 0, {}};

// Rows wait for the watermark. A row whose time has been sent already, or an earlier one, is late
// and dropped.
class TemporalSort final : public Operator {
 public:
  TemporalSort(const PlanNode& node, uint32_t rowtime, bool has_keys, RowStore store,
               SortKeys keys)
      : input_(node.input_schemas[0]),
        rowtime_(rowtime),
        has_keys_(has_keys),
        store_(std::move(store)),
        keys_(std::move(keys)),
        changes_(node.schema, false) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    settle_restored();
    size_t run = 0;
    const auto& runs = batch.watermarks;
    const Selection rows = batch.selection();
    for (uint32_t i = 0; i < rows.count; ++i) {
      while (run < runs.size() && runs[run].row <= rows[i]) {
        MR_TRY(raise(runs[run++].watermark, output));
      }
      MR_TRY(take_row(batch, rows[i]));
    }
    while (run < runs.size()) MR_TRY(raise(runs[run++].watermark, output));
    return flush(output);
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    StateTable rows{"rows", input_, 0};
    rows.fields.push_back({"position", kBigint});
    return {rows, {"sent_until", {{"sent_until", kBigint}}, 0}};
  }

  Result<Batch> snapshot(const StateTable& table) override {
    settle_restored();
    Batch batch;
    if (table.name == "sent_until") {
      batch.row_count = 1;
      batch.columns.push_back(make_column(kBigint, 1));
      batch.columns[0]->data<int64_t>()[0] = sent_until_;
      return batch;
    }
    std::vector<uint32_t> ids;
    waiting_.in_order(ids);
    batch.row_count = static_cast<uint32_t>(ids.size());
    for (uint32_t i = 0; i < input_.size(); ++i) batch.columns.push_back(store_.gather(i, ids));
    ColumnPtr position = make_column(kBigint, batch.row_count);
    std::iota(position->data<int64_t>(), position->data<int64_t>() + batch.row_count, 0);
    batch.columns.push_back(std::move(position));
    return batch;
  }

  Status restore(const StateTable& table, const Batch& content) override {
    if (content.columns.size() != table.fields.size()) {
      return Status::error("MR5002", "temporal-sort: table " + table.name + " has other columns");
    }
    const Column& last = *content.columns.back();
    for (uint32_t row = 0; row < content.row_count; ++row) {
      const int64_t value = last.data<int64_t>()[last.at(row)];
      if (table.name == "sent_until") sent_until_ = std::max(sent_until_, value);
      else restored_.push_back({value, store_.add(content.columns, row)});
    }
    return Status::ok();
  }

  [[nodiscard]] OperatorStats stats() const override {
    return {late_rows_, 0, store_.count(), store_.bytes()};
  }

 private:
  Status take_row(const Batch& batch, uint32_t row) {
    const Column& column = *batch.columns[rowtime_];
    if (column.is_null(row)) return Status::error("MR3004", "row time", row);
    const int64_t time = column.data<int64_t>()[column.at(row)];
    if (time <= sent_until_) ++late_rows_;
    else waiting_.add(time, store_.add(batch.columns, row));
    return Status::ok();
  }

  Status raise(int64_t watermark, Output& output) {
    watermark_ = std::max(watermark_, watermark);
    while (!waiting_.is_empty() && waiting_.next_time() <= watermark_) {
      send_time(waiting_.next_time());
      if (changes_.is_full()) MR_TRY(flush(output));
    }
    changes_.watermark(watermark);
    return Status::ok();
  }

  void send_time(int64_t time) {
    ids_.clear();
    while (!waiting_.is_empty() && waiting_.next_time() == time) ids_.push_back(waiting_.take());
    places_.resize(ids_.size());
    std::iota(places_.begin(), places_.end(), 0);
    if (has_keys_ && ids_.size() > 1) sort_places();
    for (const uint32_t place : places_) {
      changes_.add(RowKind::kInsert, ids_[place], 0);
      store_.free(ids_[place]);
    }
    sent_until_ = time;
  }

  // Rows of one time by the further keys, equal ones as they came.
  void sort_places() {
    std::vector<ColumnPtr> columns;
    for (uint32_t i = 0; i < input_.size(); ++i) columns.push_back(store_.gather(i, ids_));
    keys_.encode(columns, places_.data(), static_cast<uint32_t>(ids_.size()));
    for (uint32_t i = 0; i < ids_.size(); ++i) keys_.keep(i, ids_[i]);
    std::vector<uint32_t> sorted = places_;
    std::stable_sort(sorted.begin(), sorted.end(), [&](uint32_t a, uint32_t b) {
      return keys_.compare(a, ids_[b], store_) < 0;
    });
    places_ = std::move(sorted);
  }

  Status flush(Output& output) {
    MR_TRY(changes_.flush(store_, output));
    store_.settle();
    return Status::ok();
  }

  void settle_restored() {
    std::stable_sort(restored_.begin(), restored_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [position, id] : restored_) waiting_.add(store_.i64(rowtime_, id), id);
    restored_.clear();
  }

  Schema input_;
  uint32_t rowtime_;
  bool has_keys_;
  RowStore store_;
  SortKeys keys_;
  ChangeBuffer changes_;
  WaitingRows waiting_;
  int64_t watermark_ = kMinWatermark;
  int64_t sent_until_ = kMinWatermark;  // time of the last rows sent
  std::vector<std::pair<int64_t, uint32_t>> restored_;
  uint64_t late_rows_ = 0;
  std::vector<uint32_t> ids_;
  std::vector<uint32_t> places_;
};

}  // namespace

Result<OperatorPtr> make_temporal_sort(const PlanNode& node, const OperatorContext& /*context*/) {
  const Schema& input = node.input_schemas[0];
  MR_TRY_ASSIGN(const int64_t rowtime, node.value->int_at("rowtime"));
  MR_TRY_ASSIGN(const auto order, node.value->list_at("orderBy"));
  if (rowtime < 0 || rowtime >= static_cast<int64_t>(input.size())) {
    return Status::error("MR9001", "temporal-sort: rowtime");
  }
  MR_TRY_ASSIGN(RowStore store, RowStore::create(input));
  MR_TRY_ASSIGN(SortKeys keys, SortKeys::create(order, input));
  return OperatorPtr(std::make_unique<TemporalSort>(node, static_cast<uint32_t>(rowtime),
                                                    !order.empty(), std::move(store),
                                                    std::move(keys)));
}

}  // namespace millrace
