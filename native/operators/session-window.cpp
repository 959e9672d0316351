#include "operators/session-window.h"

#include <algorithm>
#include <utility>

#include "columnar/take.h"
#include "operators/open-sessions.h"
#include "operators/ranked-rows.h"
#include "operators/row-store.h"
#include "operators/window-grid.h"
#include "state/keyed-groups.h"

namespace millrace {
namespace {

const DataType kBigint{TypeRoot::kBigint, false, 0, 0, 0, {}};
const DataType kTinyint{TypeRoot::kTinyint, false, 0, 0, 0, {}};
constexpr size_t kMostRows = 16 * 1024;

// A window is known only when it closes, so rows are kept until then and come out with
// window_start, window_end and window_time behind their own columns, in the order they came.
class SessionWindow final : public Operator {
 public:
  SessionWindow(const PlanNode& node, std::vector<uint32_t> partition, WindowSpec window,
                KeyLayout layout, RowStore store, OperatorContext context)
      : input_(node.input_schemas[0]),
        schema_(node.schema),
        partition_(std::move(partition)),
        sessions_(std::move(window)),
        context_(std::move(context)),
        groups_(std::move(layout)),
        store_(std::move(store)),
        state_order_(partition_) {
    for (uint32_t column = 0; column < input_.size(); ++column) {
      const bool is_key =
          std::find(partition_.begin(), partition_.end(), column) != partition_.end();
      if (!is_key) state_order_.push_back(column);
    }
  }

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    settle_restored();
    if (sessions_.grid().is_by_clock()) MR_TRY(raise(context_.now_ms() - 1, output));
    numbers_.clear();
    for_each_row(batch.selection(), [&](uint32_t row) { numbers_.push_back(row); });
    std::vector<const Column*> keys;
    for (const uint32_t column : partition_) keys.push_back(batch.columns[column].get());
    const auto count = static_cast<uint32_t>(numbers_.size());
    groups_.encode(keys, numbers_.data(), count);
    groups_.resolve_added(numbers_.data(), count, resolved_);
    sessions_.resize_groups(groups_.size());
    size_t run = 0;
    const auto& runs = batch.watermarks;
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t row = numbers_[i];
      while (run < runs.size() && runs[run].row <= row) {
        MR_TRY(pass(runs[run++].watermark, output));
      }
      MR_TRY(take_row(batch, row, resolved_.groups[i]));
    }
    while (run < runs.size()) MR_TRY(pass(runs[run++].watermark, output));
    return flush(output);
  }

  [[nodiscard]] int64_t deadline_ms() const override {
    const bool is_waiting = sessions_.grid().is_by_clock() && !restored_.empty();
    return is_waiting ? 0 : sessions_.deadline_ms();
  }
  Status on_clock(int64_t now_ms, Output& output) override {
    settle_restored();
    MR_TRY(raise(now_ms - 1, output));
    return flush(output);
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    StateTable rows{"rows", {}, static_cast<uint32_t>(partition_.size())};
    for (const uint32_t column : state_order_) rows.fields.push_back(input_[column]);
    rows.fields.push_back({"row_kind", kTinyint});
    rows.fields.push_back({"position", kBigint});
    rows.fields.push_back({"time", kBigint});
    return {rows, OpenSessions::watermark_table()};
  }

  // Rows in the order they came.
  Result<Batch> snapshot(const StateTable& table) override {
    settle_restored();
    if (table.name == "watermark") return sessions_.snapshot_watermark();
    std::vector<uint32_t> ids;
    for (const uint32_t place : sessions_.open_places()) {
      ids.insert(ids.end(), rows_[place].begin(), rows_[place].end());
    }
    Batch batch;
    sort_by_arrival(ids);
    batch.row_count = static_cast<uint32_t>(ids.size());
    for (const uint32_t column : state_order_) batch.columns.push_back(store_.gather(column, ids));
    ColumnPtr kind = make_column(kTinyint, batch.row_count);
    ColumnPtr position = make_column(kBigint, batch.row_count);
    ColumnPtr time = make_column(kBigint, batch.row_count);
    for (uint32_t i = 0; i < batch.row_count; ++i) {
      kind->data<int8_t>()[i] = static_cast<int8_t>(kinds_[ids[i]]);
      position->data<int64_t>()[i] = i;
      time->data<int64_t>()[i] = times_[ids[i]];
    }
    batch.columns.push_back(std::move(kind));
    batch.columns.push_back(std::move(position));
    batch.columns.push_back(std::move(time));
    return batch;
  }

  Status restore(const StateTable& table, const Batch& content) override {
    if (content.columns.size() != table.fields.size()) {
      return Status::error("MR5002", "session-window: table " + table.name + " has other columns");
    }
    if (table.name == "watermark") {
      sessions_.restore_watermark(content);
      return Status::ok();
    }
    std::vector<ColumnPtr> columns(input_.size());
    for (size_t i = 0; i < state_order_.size(); ++i) columns[state_order_[i]] = content.columns[i];
    std::vector<const Column*> keys;
    for (const uint32_t column : partition_) keys.push_back(columns[column].get());
    std::vector<uint32_t> found;
    groups_.restore(keys, content.row_count, found);
    sessions_.resize_groups(groups_.size());
    const Column& kind = *content.columns[content.columns.size() - 3];
    const Column& position = *content.columns[content.columns.size() - 2];
    const Column& time = *content.columns.back();
    for (uint32_t row = 0; row < content.row_count; ++row) {
      const uint32_t id = store_.add(columns, row);
      note(id, static_cast<uint8_t>(kind.data<int8_t>()[kind.at(row)]),
           time.data<int64_t>()[time.at(row)]);
      restored_.push_back({position.data<int64_t>()[position.at(row)], id, found[row]});
    }
    return Status::ok();
  }

  [[nodiscard]] OperatorStats stats() const override {
    return {sessions_.late_rows(), 0, store_.count(), groups_.bytes() + store_.bytes()};
  }

 private:
  struct RestoredRow {
    int64_t position;
    uint32_t id;
    uint32_t group;
  };

  std::vector<uint32_t>& rows_of(uint32_t place) {
    if (place >= rows_.size()) rows_.resize(sessions_.place_count());
    return rows_[place];
  }
  // The rows of a session that is no more.
  std::vector<uint32_t> rows_taken(uint32_t place) {
    sessions_.release(place);
    return std::exchange(rows_of(place), {});
  }
  auto merge() {
    return [this](uint32_t into, uint32_t other) {
      const std::vector<uint32_t> moved = rows_taken(other);
      rows_of(into).insert(rows_of(into).end(), moved.begin(), moved.end());
    };
  }

  Status take_row(const Batch& batch, uint32_t row, uint32_t group) {
    MR_TRY_ASSIGN(const int64_t time, sessions_.time_of(batch, row));
    const auto place = sessions_.take(group, time, merge());
    if (!place.has_value()) return Status::ok();
    const uint32_t id = store_.add(batch.columns, row);
    note(id, static_cast<uint8_t>(batch.kind(row)), time);
    rows_of(*place).push_back(id);
    return Status::ok();
  }

  void note(uint32_t id, uint8_t kind, int64_t time) {
    if (id >= kinds_.size()) {
      kinds_.resize(store_.capacity());
      order_.resize(store_.capacity());
      times_.resize(store_.capacity());
    }
    times_[id] = time;
    kinds_[id] = kind;
    order_[id] = next_order_++;
  }

  // A watermark goes on; by row time it closes windows.
  Status pass(int64_t watermark, Output& output) {
    if (!sessions_.grid().is_by_clock()) MR_TRY(raise(watermark, output));
    const auto at = static_cast<uint32_t>(sent_.size());
    if (!runs_.empty() && runs_.back().row == at) runs_.back().watermark = watermark;
    else runs_.push_back({at, watermark});
    return Status::ok();
  }

  Status raise(int64_t watermark, Output& output) {
    sessions_.raise(watermark);
    for (auto place = sessions_.next_closed(); place; place = sessions_.next_closed()) {
      send(*place);
      if (sent_.size() >= kMostRows) MR_TRY(flush(output));
    }
    return Status::ok();
  }

  void send(uint32_t place) {
    const int64_t start = sessions_.start(place);
    const int64_t end = sessions_.end(place);
    std::vector<uint32_t> ids = rows_taken(place);
    sort_by_arrival(ids);
    for (const uint32_t id : ids) {
      sent_.push_back(id);
      starts_.push_back(start);
      ends_.push_back(end);
      store_.free(id);
    }
  }

  void sort_by_arrival(std::vector<uint32_t>& ids) const {
    std::sort(ids.begin(), ids.end(),
              [&](uint32_t a, uint32_t b) { return order_[a] < order_[b]; });
  }

  Status flush(Output& output) {
    if (sent_.empty()) {
      if (runs_.empty()) return Status::ok();
      const int64_t watermark = runs_.back().watermark;
      runs_.clear();
      return output.emit(watermark_batch(schema_, watermark));
    }
    Batch batch;
    batch.row_count = static_cast<uint32_t>(sent_.size());
    for (uint32_t i = 0; i < input_.size(); ++i) batch.columns.push_back(store_.gather(i, sent_));
    const int64_t now_ms = context_.now_ms();
    batch.columns.push_back(bounds(0, [&](uint32_t i) { return starts_[i]; }));
    batch.columns.push_back(bounds(1, [&](uint32_t i) { return ends_[i]; }));
    batch.columns.push_back(bounds(2, [&](uint32_t i) {
      const WindowGrid& grid = sessions_.grid();
      return grid.is_by_clock() ? now_ms : grid.instant(ends_[i] - 1);
    }));
    const auto is_change = [&](uint32_t id) { return kinds_[id] != 0; };
    if (std::any_of(sent_.begin(), sent_.end(), is_change)) {
      batch.row_kinds = std::make_shared<Buffer>(sent_.size());
      for (size_t i = 0; i < sent_.size(); ++i) batch.row_kinds->data()[i] = kinds_[sent_[i]];
    }
    batch.watermarks = std::move(runs_);
    runs_.clear();
    sent_.clear();
    starts_.clear();
    ends_.clear();
    store_.settle();
    return output.emit(std::move(batch));
  }

  template <typename F>
  [[nodiscard]] ColumnPtr bounds(size_t property, F&& value_of) const {
    ColumnPtr column = make_column(schema_[input_.size() + property].type,
                                   static_cast<uint32_t>(sent_.size()));
    for (uint32_t i = 0; i < sent_.size(); ++i) column->data<int64_t>()[i] = value_of(i);
    return column;
  }

  // All chunks are there: the windows follow from their rows.
  void settle_restored() {
    if (restored_.empty()) return;
    std::stable_sort(restored_.begin(), restored_.end(),
                     [](const auto& a, const auto& b) { return a.position < b.position; });
    for (const RestoredRow& row : restored_) {
      const int64_t time = times_[row.id];
      note(row.id, kinds_[row.id], time);
      rows_of(sessions_.join(row.group, time, merge())).push_back(row.id);
    }
    restored_.clear();
  }

  Schema input_;
  Schema schema_;
  std::vector<uint32_t> partition_;
  OpenSessions sessions_;
  OperatorContext context_;
  KeyedGroups groups_;
  RowStore store_;
  std::vector<uint32_t> state_order_;
  std::vector<std::vector<uint32_t>> rows_;  // by place
  std::vector<uint8_t> kinds_;    // by row id
  std::vector<uint64_t> order_;   // by row id: its place among those that came
  std::vector<int64_t> times_;    // by row id, on the wall clock of the windows
  uint64_t next_order_ = 0;
  std::vector<RestoredRow> restored_;
  ResolvedRows resolved_;
  std::vector<uint32_t> numbers_;
  // What has been sent of the batch at hand.
  std::vector<uint32_t> sent_;
  std::vector<int64_t> starts_;
  std::vector<int64_t> ends_;
  std::vector<WatermarkRun> runs_;
};

}  // namespace

Result<OperatorPtr> make_session_window(const PlanNode& node, const OperatorContext& context) {
  const Schema& input = node.input_schemas[0];
  MR_TRY_ASSIGN(std::vector<uint32_t> partition, node.value->indexes_at("partition"));
  MR_TRY_ASSIGN(WindowSpec window, decode_window(*node.value));
  MR_TRY(check_columns(partition, input));
  if (window.rowtime >= static_cast<int64_t>(input.size()) ||
      node.schema.size() != input.size() + 3) {
    return Status::error("MR9001", "session-window: columns do not fit the schema");
  }
  MR_TRY_ASSIGN(KeyLayout layout, KeyLayout::create(types_of(partition, input)));
  MR_TRY_ASSIGN(RowStore store, RowStore::create(input));
  return OperatorPtr(std::make_unique<SessionWindow>(node, std::move(partition),
                                                     std::move(window),
                                                     std::move(layout), std::move(store),
                                                     context));
}

}  // namespace millrace
