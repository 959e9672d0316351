#include "operators/session-aggregate.h"

#include <algorithm>
#include <queue>
#include <utility>

#include "columnar/take.h"
#include "state/keyed-groups.h"

namespace millrace {
namespace {

const DataType kBigint{TypeRoot::kBigint, false, 0, 0, 0, {}};
constexpr size_t kMostRows = 16 * 1024;
constexpr uint32_t kMostDead = 1024;

// What two sessions hold is merged where a row joins them.
//
//     a row at t        is the window [t, t + gap); it merges with those that it meets or touches
//     the watermark     passes the last millisecond of a session: its row is sent
//     late              a row that meets no open session and whose own has closed
//
// Sessions of the clock: rows come at the time on the clock, which closes sessions in the
// watermark's place. What is open at the end is dropped.
class SessionAggregate final : public Operator {
 public:
  SessionAggregate(SessionAggregateSpec spec, KeyLayout layout,
                   std::unique_ptr<AggregateSet> aggregates, OperatorContext context)
      : spec_(std::move(spec)),
        grid_(spec_.window),
        gap_(spec_.window.size),
        groups_(std::move(layout)),
        aggregates_(std::move(aggregates)),
        context_(std::move(context)) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    batch_ = &batch;
    if (grid_.is_by_clock()) MR_TRY(raise(context_.now_ms() - 1, output));
    numbers_.clear();
    for_each_row(batch.selection(), [&](uint32_t row) { numbers_.push_back(row); });
    std::vector<const Column*> keys;
    for (const uint32_t column : spec_.grouping) keys.push_back(batch.columns[column].get());
    const auto count = static_cast<uint32_t>(numbers_.size());
    groups_.encode(keys, numbers_.data(), count);
    groups_.resolve_added(numbers_.data(), count, resolved_);
    open_.resize(groups_.size());
    size_t run = 0;
    const auto& runs = batch.watermarks;
    for (uint32_t i = 0; i < count; ++i) {
      while (run < runs.size() && runs[run].row <= numbers_[i]) {
        MR_TRY(pass(runs[run++].watermark, output));
      }
      MR_TRY(take_row(numbers_[i], resolved_.groups[i]));
    }
    while (run < runs.size()) MR_TRY(pass(runs[run++].watermark, output));
    MR_TRY(fold());
    batch_ = nullptr;
    MR_TRY(flush(output));
    compact();
    return Status::ok();
  }

  [[nodiscard]] int64_t deadline_ms() const override {
    if (!grid_.is_by_clock() || timers_.empty()) return kNoDeadline;
    return grid_.clock_at(timers_.top().time + 1);
  }
  Status on_clock(int64_t now_ms, Output& output) override {
    MR_TRY(raise(now_ms - 1, output));
    MR_TRY(flush(output));
    compact();
    return Status::ok();
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    const auto key_count = static_cast<uint32_t>(spec_.grouping.size());
    Schema head(spec_.schema.begin(), spec_.schema.begin() + key_count);
    head.push_back({"session_start", kBigint});
    StateTable sessions{"sessions", head, key_count};
    sessions.fields.push_back({"session_end", kBigint});
    sessions.fields.push_back({"row_count", kBigint});
    for (Field& field : aggregates_->state_fields()) sessions.fields.push_back(std::move(field));
    std::vector<StateTable> tables{std::move(sessions)};
    for (CountedTable& counted : aggregates_->counted_tables()) {
      StateTable further{counted.name, head, key_count};
      further.fields.push_back(std::move(counted.value));
      further.fields.push_back({"count", kBigint});
      tables.push_back(std::move(further));
    }
    tables.push_back({"watermark", {{"watermark", kBigint}}, 0});
    return tables;
  }

  Result<Batch> snapshot(const StateTable& table) override {
    Batch batch;
    if (table.name == "watermark") {
      batch.row_count = 1;
      batch.columns.push_back(make_column(kBigint, 1));
      batch.columns[0]->data<int64_t>()[0] = watermark_;
      return batch;
    }
    aggregates_->resize(static_cast<uint32_t>(sessions_.size()));
    if (table.name != "sessions") return snapshot_counted(table);
    const std::vector<uint32_t> places = open_places();
    batch.row_count = static_cast<uint32_t>(places.size());
    add_keys(places, batch.columns);
    batch.columns.push_back(numbers(places, kBigint, [](const Session& s) { return s.start; }));
    batch.columns.push_back(numbers(places, kBigint, [](const Session& s) { return s.end; }));
    batch.columns.push_back(
        numbers(places, kBigint, [](const Session& s) { return s.row_count; }));
    aggregates_->save(places, batch.columns);
    return batch;
  }

  Status restore(const StateTable& table, const Batch& content) override {
    if (content.columns.size() != table.fields.size()) {
      return Status::error("MR5002", "session-aggregate: table " + table.name +
                                         " has other columns");
    }
    if (table.name == "watermark") return restore_watermark(content);
    const size_t key_count = spec_.grouping.size();
    std::vector<const Column*> keys;
    for (size_t i = 0; i < key_count; ++i) keys.push_back(content.columns[i].get());
    std::vector<uint32_t> found;
    groups_.restore(keys, content.row_count, found);
    open_.resize(groups_.size());
    const Column& starts = *content.columns[key_count];
    std::vector<uint32_t> places(content.row_count);
    for (uint32_t row = 0; row < content.row_count; ++row) {
      places[row] = restored_place(found[row], starts.data<int64_t>()[starts.at(row)]);
    }
    aggregates_->resize(static_cast<uint32_t>(sessions_.size()));
    const std::span<const ColumnPtr> rest = std::span(content.columns).subspan(key_count + 1);
    if (table.name != "sessions") {
      MR_TRY_ASSIGN(const size_t index, counted_index(table.name));
      return aggregates_->restore_counted(index, places, *rest[0], *rest[1]);
    }
    for (uint32_t row = 0; row < content.row_count; ++row) {
      Session& session = sessions_[places[row]];
      session.end = rest[0]->data<int64_t>()[rest[0]->at(row)];
      session.row_count = rest[1]->data<int64_t>()[rest[1]->at(row)];
      set_timer(places[row]);
    }
    return aggregates_->restore(rest.subspan(2), places);
  }

  [[nodiscard]] OperatorStats stats() const override {
    const size_t alive = sessions_.size() - closed_;
    return {late_rows_, 0, alive + aggregates_->counted_rows(),
            groups_.bytes() + aggregates_->bytes() + sessions_.capacity() * sizeof(Session)};
  }

 private:
  // Its place is its group in the aggregates.
  struct Session {
    uint32_t group = 0;
    bool is_open = true;
    int64_t start = 0;
    int64_t end = 0;  // exclusive; on the wall clock of the windows
    int64_t row_count = 0;
  };
  struct Timer {
    int64_t time;
    uint64_t sequence;
    uint32_t place;
    bool operator>(const Timer& other) const {
      return time != other.time ? time > other.time : sequence > other.sequence;
    }
  };

  Result<int64_t> time_of(uint32_t row) const {
    if (grid_.is_by_clock()) return grid_.local_time(watermark_ + 1);
    const Column& column = *batch_->columns[static_cast<size_t>(spec_.window.rowtime)];
    if (column.is_null(row)) return Status::error("MR3004", "row time", row);
    return grid_.local_time(column.data<int64_t>()[column.at(row)]);
  }

  Status take_row(uint32_t row, uint32_t group) {
    MR_TRY_ASSIGN(const int64_t time, time_of(row));
    const std::vector<uint32_t>& places = open_[group];
    size_t first = 0;
    while (first < places.size() && !meets(sessions_[places[first]], time)) ++first;
    if (first == places.size() && time + gap_ - 1 <= progress_) {
      ++late_rows_;
      return Status::ok();
    }
    uint32_t place = 0;
    if (first == places.size()) {
      place = begin(group, time);
    } else {
      MR_TRY_ASSIGN(place, join(group, first, time));
    }
    const bool back = takes_back(static_cast<uint8_t>(batch_->kind(row)));
    sessions_[place].row_count += back ? -1 : 1;
    rows_.push_back(row);
    places_.push_back(place);
    retract_.push_back(back ? 1 : 0);
    return Status::ok();
  }

  [[nodiscard]] bool meets(const Session& session, int64_t time) const {
    return session.start <= time + gap_ && session.end >= time;
  }

  uint32_t begin(uint32_t group, int64_t start) {
    const auto place = static_cast<uint32_t>(sessions_.size());
    sessions_.push_back({group, true, start, start + gap_, 0});
    std::vector<uint32_t>& places = open_[group];
    size_t at = 0;
    while (at < places.size() && sessions_[places[at]].start <= start) ++at;
    places.insert(places.begin() + static_cast<int64_t>(at), place);
    set_timer(place);
    return place;
  }

  // The row's window merges with all that it meets, from the first of them on.
  Result<uint32_t> join(uint32_t group, size_t first, int64_t time) {
    std::vector<uint32_t>& places = open_[group];
    const uint32_t place = places[first];
    const int64_t before = sessions_[place].end;
    size_t last = first + 1;
    for (; last < places.size() && meets(sessions_[places[last]], time); ++last) {
      MR_TRY(fold());
      Session& other = sessions_[places[last]];
      aggregates_->merge_group(place, places[last]);
      sessions_[place].end = std::max(sessions_[place].end, other.end);
      sessions_[place].row_count += other.row_count;
      mark_closed(other);
    }
    places.erase(places.begin() + static_cast<int64_t>(first) + 1,
                 places.begin() + static_cast<int64_t>(last));
    Session& into = sessions_[place];
    into.start = std::min(into.start, time);
    into.end = std::max(into.end, time + gap_);
    if (into.end != before) set_timer(place);
    return place;
  }

  void mark_closed(Session& session) {
    session.is_open = false;
    ++closed_;
  }
  void set_timer(uint32_t place) {
    timers_.push({sessions_[place].end - 1, next_timer_++, place});
  }

  // The aggregates take what has come.
  Status fold() {
    if (rows_.empty()) return Status::ok();
    aggregates_->resize(static_cast<uint32_t>(sessions_.size()));
    const uint8_t* retract = batch_->row_kinds == nullptr ? nullptr : retract_.data();
    aggregates_->update(*batch_, {rows_.data(), places_.data(), retract,
                                  static_cast<uint32_t>(rows_.size())});
    rows_.clear();
    places_.clear();
    retract_.clear();
    return aggregates_->failure();
  }

  // A watermark goes on; by row time it closes sessions.
  Status pass(int64_t watermark, Output& output) {
    if (!grid_.is_by_clock()) MR_TRY(raise(watermark, output));
    const auto at = static_cast<uint32_t>(sent_.size());
    if (!runs_.empty() && runs_.back().row == at) runs_.back().watermark = watermark;
    else runs_.push_back({at, watermark});
    return Status::ok();
  }

  // A timer whose session has grown or gone since finds nothing that ends at its time.
  Status raise(int64_t watermark, Output& output) {
    if (watermark > watermark_) {
      watermark_ = watermark;
      progress_ = grid_.progress_at(watermark);
    }
    while (!timers_.empty() && timers_.top().time <= progress_) {
      const Timer timer = timers_.top();
      timers_.pop();
      Session& session = sessions_[timer.place];
      if (session.is_open && session.end - 1 == timer.time) send(session, timer.place);
      if (sent_.size() >= kMostRows) MR_TRY(flush(output));
    }
    return Status::ok();
  }

  // Sessions whose rows were all taken back show none.
  void send(Session& session, uint32_t place) {
    mark_closed(session);
    std::vector<uint32_t>& places = open_[session.group];
    places.erase(std::find(places.begin(), places.end(), place));
    if (!spec_.need_retraction || session.row_count != 0) sent_.push_back(place);
  }

  Status flush(Output& output) {
    if (sent_.empty()) {
      if (runs_.empty()) return Status::ok();
      const int64_t watermark = runs_.back().watermark;
      runs_.clear();
      return output.emit(watermark_batch(spec_.schema, watermark));
    }
    MR_TRY(fold());
    Batch batch;
    batch.row_count = static_cast<uint32_t>(sent_.size());
    add_keys(sent_, batch.columns);
    aggregates_->values(sent_, batch.columns);
    for (const WindowProperty property : spec_.properties) add_property(property, batch.columns);
    batch.watermarks = std::move(runs_);
    runs_.clear();
    sent_.clear();
    return output.emit(std::move(batch));
  }

  void add_property(WindowProperty property, std::vector<ColumnPtr>& columns) const {
    const int64_t now_ms = context_.now_ms();
    const auto value_of = [&](const Session& session) {
      switch (property) {
        case WindowProperty::kStart: return session.start;
        case WindowProperty::kEnd: return session.end;
        case WindowProperty::kRowtime: return grid_.instant(session.end - 1);
        case WindowProperty::kProctime: break;
      }
      return now_ms;
    };
    columns.push_back(numbers(sent_, spec_.schema[columns.size()].type, value_of));
  }

  void add_keys(std::span<const uint32_t> places, std::vector<ColumnPtr>& columns) const {
    std::vector<uint32_t> groups;
    for (const uint32_t place : places) groups.push_back(sessions_[place].group);
    for (uint32_t i = 0; i < spec_.grouping.size(); ++i) {
      ColumnPtr column =
          make_column(spec_.schema[i].type, static_cast<uint32_t>(places.size()));
      groups_.decode(i, groups, *column);
      columns.push_back(std::move(column));
    }
  }

  template <typename F>
  [[nodiscard]] ColumnPtr numbers(std::span<const uint32_t> places, const DataType& type,
                                  F&& value_of) const {
    ColumnPtr column = make_column(type, static_cast<uint32_t>(places.size()));
    auto* const out = column->data<int64_t>();
    for (size_t i = 0; i < places.size(); ++i) out[i] = value_of(sessions_[places[i]]);
    return column;
  }

  // Drops closed sessions, and keys without a session, once they outweigh the others.
  void compact() {
    if (closed_ <= kMostDead || closed_ <= sessions_.size() / 2) return;
    const std::vector<uint32_t> kept = open_places();
    std::vector<uint32_t> new_places(sessions_.size(), UINT32_MAX);
    for (uint32_t i = 0; i < kept.size(); ++i) new_places[kept[i]] = i;
    aggregates_->resize(static_cast<uint32_t>(sessions_.size()));
    aggregates_->keep(kept, new_places);
    std::vector<Session> sessions;
    for (const uint32_t place : kept) sessions.push_back(sessions_[place]);
    sessions_ = std::move(sessions);
    closed_ = 0;
    for (uint32_t group = 0; group < groups_.size(); ++group) {
      if (open_[group].empty()) groups_.kill(group);
    }
    std::vector<uint32_t> new_groups;
    std::vector<std::vector<uint32_t>> open;
    for (const uint32_t group : groups_.compact(new_groups)) {
      std::vector<uint32_t>& places = open.emplace_back(std::move(open_[group]));
      for (uint32_t& place : places) place = new_places[place];
    }
    open_ = std::move(open);
    timers_ = {};
    for (uint32_t place = 0; place < sessions_.size(); ++place) {
      sessions_[place].group = new_groups[sessions_[place].group];
      set_timer(place);
    }
  }

  [[nodiscard]] std::vector<uint32_t> open_places() const {
    std::vector<uint32_t> places;
    for (uint32_t place = 0; place < sessions_.size(); ++place) {
      if (sessions_[place].is_open) places.push_back(place);
    }
    return places;
  }

  Result<size_t> counted_index(const std::string& name) const {
    const std::vector<CountedTable> tables = aggregates_->counted_tables();
    for (size_t i = 0; i < tables.size(); ++i) {
      if (tables[i].name == name) return i;
    }
    return Status::error("MR5002", "session-aggregate: no table " + name);
  }

  Result<Batch> snapshot_counted(const StateTable& table) {
    MR_TRY_ASSIGN(const size_t index, counted_index(table.name));
    std::vector<uint32_t> all;
    ColumnPtr values;
    ColumnPtr counts;
    aggregates_->save_counted(index, all, values, counts);
    std::vector<uint32_t> rows;
    std::vector<uint32_t> places;
    for (uint32_t i = 0; i < all.size(); ++i) {
      if (!sessions_[all[i]].is_open) continue;
      rows.push_back(i);
      places.push_back(all[i]);
    }
    Batch batch;
    batch.row_count = static_cast<uint32_t>(rows.size());
    add_keys(places, batch.columns);
    batch.columns.push_back(numbers(places, kBigint, [](const Session& s) { return s.start; }));
    const Selection kept{rows.data(), batch.row_count};
    batch.columns.push_back(take(*values, kept));
    batch.columns.push_back(take(*counts, kept));
    return batch;
  }

  Status restore_watermark(const Batch& content) {
    const Column& column = *content.columns[0];
    for (uint32_t row = 0; row < content.row_count; ++row) {
      const int64_t watermark = column.data<int64_t>()[column.at(row)];
      watermark_ = has_mark_ ? std::min(watermark_, watermark) : watermark;
      has_mark_ = true;
    }
    progress_ = grid_.progress_at(watermark_);
    return Status::ok();
  }

  uint32_t restored_place(uint32_t group, int64_t start) {
    for (const uint32_t place : open_[group]) {
      if (sessions_[place].start == start) return place;
    }
    return begin(group, start);
  }

  SessionAggregateSpec spec_;
  WindowGrid grid_;
  int64_t gap_;
  KeyedGroups groups_;
  std::unique_ptr<AggregateSet> aggregates_;
  OperatorContext context_;
  std::vector<std::vector<uint32_t>> open_;  // by group: places of open sessions by their start
  std::vector<Session> sessions_;
  uint32_t closed_ = 0;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
  uint64_t next_timer_ = 0;
  int64_t watermark_ = kMinWatermark;
  int64_t progress_ = kMinWatermark;
  bool has_mark_ = false;
  uint64_t late_rows_ = 0;
  // Of the batch at hand: rows that no aggregate has taken yet, and their sessions.
  const Batch* batch_ = nullptr;
  ResolvedRows resolved_;
  std::vector<uint32_t> numbers_;
  std::vector<uint32_t> rows_;
  std::vector<uint32_t> places_;
  std::vector<uint8_t> retract_;
  // What has closed since the last flush.
  std::vector<uint32_t> sent_;
  std::vector<WatermarkRun> runs_;
};

}  // namespace

OperatorPtr make_session_aggregate(SessionAggregateSpec spec, KeyLayout layout,
                                   std::unique_ptr<AggregateSet> aggregates,
                                   OperatorContext context) {
  return std::make_unique<SessionAggregate>(std::move(spec), std::move(layout),
                                            std::move(aggregates), std::move(context));
}

}  // namespace millrace
