#include "operators/session-window.h"

#include <algorithm>
#include <cstring>
#include <queue>
#include <utility>

#include "columnar/take.h"
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
//
//     a row at t        is the window [t, t + gap); it merges with those that it meets or touches
//     the watermark     passes the last millisecond of a window: its rows are sent
//     late              a row that meets no open window and whose own has closed
//
// Sessions of the clock: rows come at the time on the clock, which closes windows in the
// watermark's place. What is open at the end is dropped.
class SessionWindow final : public Operator {
 public:
  SessionWindow(const PlanNode& node, std::vector<uint32_t> partition, WindowGrid grid,
                KeyLayout layout, RowStore store, OperatorContext context)
      : input_(node.input_schemas[0]),
        schema_(node.schema),
        partition_(std::move(partition)),
        grid_(std::move(grid)),
        gap_(grid_.spec().size),
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
    if (grid_.is_by_clock()) MR_TRY(raise(context_.now_ms() - 1, output));
    numbers_.clear();
    for_each_row(batch.selection(), [&](uint32_t row) { numbers_.push_back(row); });
    std::vector<const Column*> keys;
    for (const uint32_t column : partition_) keys.push_back(batch.columns[column].get());
    const auto count = static_cast<uint32_t>(numbers_.size());
    groups_.encode(keys, numbers_.data(), count);
    groups_.resolve_added(numbers_.data(), count, resolved_);
    open_.resize(groups_.size());
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
    if (!grid_.is_by_clock()) return kNoDeadline;
    if (!restored_.empty()) return 0;
    return timers_.empty() ? kNoDeadline : grid_.clock_at(timers_.top().time + 1);
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
    return {rows, {"watermark", {{"watermark", kBigint}}, 0}};
  }

  // Rows in the order they came.
  Result<Batch> snapshot(const StateTable& table) override {
    settle_restored();
    Batch batch;
    if (table.name == "watermark") {
      batch.row_count = 1;
      batch.columns.push_back(make_column(kBigint, 1));
      batch.columns[0]->data<int64_t>()[0] = watermark_;
      return batch;
    }
    std::vector<uint32_t> ids;
    for (const auto& windows : open_) {
      for (const uint32_t place : windows) {
        ids.insert(ids.end(), sessions_[place].rows.begin(), sessions_[place].rows.end());
      }
    }
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
      const Column& column = *content.columns[0];
      for (uint32_t row = 0; row < content.row_count; ++row) {
        const int64_t watermark = column.data<int64_t>()[column.at(row)];
        watermark_ = has_mark_ ? std::min(watermark_, watermark) : watermark;
        has_mark_ = true;
      }
      progress_ = grid_.progress_at(watermark_);
      return Status::ok();
    }
    std::vector<ColumnPtr> columns(input_.size());
    for (size_t i = 0; i < state_order_.size(); ++i) columns[state_order_[i]] = content.columns[i];
    std::vector<const Column*> keys;
    for (const uint32_t column : partition_) keys.push_back(columns[column].get());
    std::vector<uint32_t> found;
    groups_.restore(keys, content.row_count, found);
    open_.resize(groups_.size());
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
    return {late_rows_, 0, store_.count(), groups_.bytes() + store_.bytes()};
  }

 private:
  struct Session {
    uint32_t group = 0;
    int64_t start = 0;
    int64_t end = 0;  // exclusive; on the wall clock of the windows
    std::vector<uint32_t> rows;
    bool is_open = false;
  };
  struct Timer {
    int64_t time;
    uint64_t sequence;
    uint32_t session;
    bool operator>(const Timer& other) const {
      return time != other.time ? time > other.time : sequence > other.sequence;
    }
  };
  struct RestoredRow {
    int64_t position;
    uint32_t id;
    uint32_t group;
  };

  // On the wall clock of the windows.
  Result<int64_t> time_of(const Batch& batch, uint32_t row) const {
    if (grid_.is_by_clock()) return grid_.local_time(watermark_ + 1);
    const Column& column = *batch.columns[static_cast<size_t>(grid_.spec().rowtime)];
    if (column.is_null(row)) return Status::error("MR3004", "row time", row);
    return grid_.local_time(column.data<int64_t>()[column.at(row)]);
  }

  Status take_row(const Batch& batch, uint32_t row, uint32_t group) {
    MR_TRY_ASSIGN(const int64_t time, time_of(batch, row));
    const size_t first = first_met(group, time);
    if (first == open_[group].size() && time + gap_ - 1 <= progress_) {
      ++late_rows_;
      return Status::ok();
    }
    const uint32_t id = store_.add(batch.columns, row);
    note(id, static_cast<uint8_t>(batch.kind(row)), time);
    join(first, group, time, id);
    return Status::ok();
  }

  [[nodiscard]] bool meets(const Session& session, int64_t time) const {
    return session.start <= time + gap_ && session.end >= time;
  }
  // Among the group's open windows; their number if none is met.
  [[nodiscard]] size_t first_met(uint32_t group, int64_t time) const {
    const auto& windows = open_[group];
    size_t at = 0;
    while (at < windows.size() && !meets(sessions_[windows[at]], time)) ++at;
    return at;
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

  // The row's window merges with all that it meets, from the first of them on.
  void join(size_t first, uint32_t group, int64_t time, uint32_t id) {
    std::vector<uint32_t>& windows = open_[group];
    const int64_t end = time + gap_;
    if (first == windows.size()) {
      const uint32_t place = make_session();
      Session& session = sessions_[place];
      session.group = group;
      session.start = time;
      session.end = end;
      session.rows.push_back(id);
      size_t at = 0;
      while (at < windows.size() && sessions_[windows[at]].start <= time) ++at;
      windows.insert(windows.begin() + static_cast<int64_t>(at), place);
      set_timer(place);
      return;
    }
    Session& into = sessions_[windows[first]];
    const int64_t before = into.end;
    size_t last = first + 1;
    for (; last < windows.size() && meets(sessions_[windows[last]], time); ++last) {
      Session& other = sessions_[windows[last]];
      into.rows.insert(into.rows.end(), other.rows.begin(), other.rows.end());
      into.end = std::max(into.end, other.end);
      drop_session(windows[last]);
    }
    windows.erase(windows.begin() + static_cast<int64_t>(first) + 1,
                  windows.begin() + static_cast<int64_t>(last));
    into.start = std::min(into.start, time);
    into.end = std::max(into.end, end);
    into.rows.push_back(id);
    if (into.end != before) set_timer(windows[first]);
  }

  uint32_t make_session() {
    uint32_t place;
    if (free_.empty()) {
      place = static_cast<uint32_t>(sessions_.size());
      sessions_.emplace_back();
    } else {
      place = free_.back();
      free_.pop_back();
    }
    sessions_[place].is_open = true;
    return place;
  }
  void drop_session(uint32_t place) {
    sessions_[place].is_open = false;
    sessions_[place].rows.clear();
    free_.push_back(place);
  }
  void set_timer(uint32_t place) {
    timers_.push({sessions_[place].end - 1, next_timer_++, place});
  }

  // A watermark goes on; by row time it closes windows.
  Status pass(int64_t watermark, Output& output) {
    if (!grid_.is_by_clock()) MR_TRY(raise(watermark, output));
    const auto at = static_cast<uint32_t>(sent_.size());
    if (!runs_.empty() && runs_.back().row == at) runs_.back().watermark = watermark;
    else runs_.push_back({at, watermark});
    return Status::ok();
  }

  // A timer whose window has grown or gone since finds nothing that ends at its time.
  Status raise(int64_t watermark, Output& output) {
    if (watermark > watermark_) {
      watermark_ = watermark;
      progress_ = grid_.progress_at(watermark);
    }
    while (!timers_.empty() && timers_.top().time <= progress_) {
      const Timer timer = timers_.top();
      timers_.pop();
      const Session& session = sessions_[timer.session];
      if (session.is_open && session.end - 1 == timer.time) close(timer.session);
      if (sent_.size() >= kMostRows) MR_TRY(flush(output));
    }
    return Status::ok();
  }

  void close(uint32_t place) {
    Session& session = sessions_[place];
    std::vector<uint32_t>& windows = open_[session.group];
    windows.erase(std::find(windows.begin(), windows.end(), place));
    sort_by_arrival(session.rows);
    for (const uint32_t id : session.rows) {
      sent_.push_back(id);
      starts_.push_back(session.start);
      ends_.push_back(session.end);
      store_.free(id);
    }
    drop_session(place);
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
      return grid_.is_by_clock() ? now_ms : grid_.instant(ends_[i] - 1);
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
      join(first_met(row.group, time), row.group, time, row.id);
    }
    restored_.clear();
  }

  Schema input_;
  Schema schema_;
  std::vector<uint32_t> partition_;
  WindowGrid grid_;
  int64_t gap_;
  OperatorContext context_;
  KeyedGroups groups_;
  RowStore store_;
  std::vector<uint32_t> state_order_;
  std::vector<std::vector<uint32_t>> open_;  // by group: open windows by their start
  std::vector<Session> sessions_;
  std::vector<uint32_t> free_;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
  uint64_t next_timer_ = 0;
  std::vector<uint8_t> kinds_;    // by row id
  std::vector<uint64_t> order_;   // by row id: its place among those that came
  std::vector<int64_t> times_;    // by row id, on the wall clock of the windows
  uint64_t next_order_ = 0;
  int64_t watermark_ = kMinWatermark;
  int64_t progress_ = kMinWatermark;
  bool has_mark_ = false;
  std::vector<RestoredRow> restored_;
  uint64_t late_rows_ = 0;
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
                                                     WindowGrid(std::move(window)),
                                                     std::move(layout), std::move(store),
                                                     context));
}

}  // namespace millrace
