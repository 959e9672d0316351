#include "operators/session-aggregate.h"

#include <utility>

#include "columnar/take.h"
#include "operators/open-sessions.h"
#include "state/keyed-groups.h"

namespace millrace {
namespace {

const DataType kBigint{TypeRoot::kBigint, false, 0, 0, 0, {}};
constexpr size_t kMostRows = 16 * 1024;
constexpr uint32_t kMostDead = 1024;

// What two sessions hold is merged where a row joins them. The place of a session is its group in
// the aggregates.
class SessionAggregate final : public Operator {
 public:
  SessionAggregate(SessionAggregateSpec spec, KeyLayout layout,
                   std::unique_ptr<AggregateSet> aggregates, OperatorContext context)
      : spec_(std::move(spec)),
        sessions_(spec_.window),
        groups_(std::move(layout)),
        aggregates_(std::move(aggregates)),
        context_(std::move(context)) {}

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    batch_ = &batch;
    if (sessions_.grid().is_by_clock()) MR_TRY(raise(context_.now_ms() - 1, output));
    numbers_.clear();
    for_each_row(batch.selection(), [&](uint32_t row) { numbers_.push_back(row); });
    std::vector<const Column*> keys;
    for (const uint32_t column : spec_.grouping) keys.push_back(batch.columns[column].get());
    const auto count = static_cast<uint32_t>(numbers_.size());
    groups_.encode(keys, numbers_.data(), count);
    groups_.resolve_added(numbers_.data(), count, resolved_);
    sessions_.resize_groups(groups_.size());
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

  [[nodiscard]] int64_t deadline_ms() const override { return sessions_.deadline_ms(); }
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
    tables.push_back(OpenSessions::watermark_table());
    return tables;
  }

  Result<Batch> snapshot(const StateTable& table) override {
    if (table.name == "watermark") return sessions_.snapshot_watermark();
    aggregates_->resize(sessions_.place_count());
    if (table.name != "sessions") return snapshot_counted(table);
    const std::vector<uint32_t> places = sessions_.open_places();
    Batch batch;
    batch.row_count = static_cast<uint32_t>(places.size());
    add_keys(places, batch.columns);
    batch.columns.push_back(starts(places));
    batch.columns.push_back(
        numbers(places, kBigint, [&](uint32_t place) { return sessions_.end(place); }));
    batch.columns.push_back(
        numbers(places, kBigint, [&](uint32_t place) { return row_count(place); }));
    aggregates_->save(places, batch.columns);
    return batch;
  }

  Status restore(const StateTable& table, const Batch& content) override {
    if (content.columns.size() != table.fields.size()) {
      return Status::error("MR5002", "session-aggregate: table " + table.name +
                                         " has other columns");
    }
    if (table.name == "watermark") {
      sessions_.restore_watermark(content);
      return Status::ok();
    }
    const size_t key_count = spec_.grouping.size();
    std::vector<const Column*> keys;
    for (size_t i = 0; i < key_count; ++i) keys.push_back(content.columns[i].get());
    std::vector<uint32_t> found;
    groups_.restore(keys, content.row_count, found);
    sessions_.resize_groups(groups_.size());
    const Column& starts = *content.columns[key_count];
    std::vector<uint32_t> places(content.row_count);
    for (uint32_t row = 0; row < content.row_count; ++row) {
      places[row] = sessions_.restored_place(found[row], starts.data<int64_t>()[starts.at(row)]);
    }
    aggregates_->resize(sessions_.place_count());
    const std::span<const ColumnPtr> rest = std::span(content.columns).subspan(key_count + 1);
    if (table.name != "sessions") {
      MR_TRY_ASSIGN(const size_t index, counted_index(table.name));
      return aggregates_->restore_counted(index, places, *rest[0], *rest[1]);
    }
    for (uint32_t row = 0; row < content.row_count; ++row) {
      sessions_.restore_end(places[row], rest[0]->data<int64_t>()[rest[0]->at(row)]);
      row_count(places[row]) = rest[1]->data<int64_t>()[rest[1]->at(row)];
    }
    return aggregates_->restore(rest.subspan(2), places);
  }

  [[nodiscard]] OperatorStats stats() const override {
    const uint64_t alive = sessions_.place_count() - sessions_.closed_count();
    return {sessions_.late_rows(), 0, alive + aggregates_->counted_rows(),
            groups_.bytes() + aggregates_->bytes() + sessions_.bytes()};
  }

 private:
  Status take_row(uint32_t row, uint32_t group) {
    MR_TRY_ASSIGN(const int64_t time, sessions_.time_of(*batch_, row));
    Status merged = Status::ok();
    const auto place = sessions_.take(group, time, [&](uint32_t into, uint32_t other) {
      if (merged.is_ok()) merged = fold();
      aggregates_->merge_group(into, other);
      row_count(into) += row_count(other);
    });
    MR_TRY(std::move(merged));
    if (!place.has_value()) return Status::ok();
    const bool back = takes_back(static_cast<uint8_t>(batch_->kind(row)));
    row_count(*place) += back ? -1 : 1;
    rows_.push_back(row);
    places_.push_back(*place);
    retract_.push_back(back ? 1 : 0);
    return Status::ok();
  }

  // Rows that came less those taken back.
  int64_t& row_count(uint32_t place) {
    if (place >= row_counts_.size()) row_counts_.resize(sessions_.place_count());
    return row_counts_[place];
  }

  // The aggregates take what has come.
  Status fold() {
    if (rows_.empty()) return Status::ok();
    aggregates_->resize(sessions_.place_count());
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
    if (!sessions_.grid().is_by_clock()) MR_TRY(raise(watermark, output));
    const auto at = static_cast<uint32_t>(sent_.size());
    if (!runs_.empty() && runs_.back().row == at) runs_.back().watermark = watermark;
    else runs_.push_back({at, watermark});
    return Status::ok();
  }

  // Sessions whose rows were all taken back show none.
  Status raise(int64_t watermark, Output& output) {
    sessions_.raise(watermark);
    for (auto place = sessions_.next_closed(); place; place = sessions_.next_closed()) {
      if (!spec_.need_retraction || row_count(*place) != 0) sent_.push_back(*place);
      if (sent_.size() >= kMostRows) MR_TRY(flush(output));
    }
    return Status::ok();
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
    const auto value_of = [&](uint32_t place) {
      switch (property) {
        case WindowProperty::kStart: return sessions_.start(place);
        case WindowProperty::kEnd: return sessions_.end(place);
        case WindowProperty::kRowtime: return sessions_.grid().instant(sessions_.end(place) - 1);
        case WindowProperty::kProctime: break;
      }
      return now_ms;
    };
    columns.push_back(numbers(sent_, spec_.schema[columns.size()].type, value_of));
  }

  void add_keys(std::span<const uint32_t> places, std::vector<ColumnPtr>& columns) const {
    std::vector<uint32_t> groups;
    for (const uint32_t place : places) groups.push_back(sessions_.group(place));
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
    for (size_t i = 0; i < places.size(); ++i) out[i] = value_of(places[i]);
    return column;
  }
  [[nodiscard]] ColumnPtr starts(std::span<const uint32_t> places) const {
    return numbers(places, kBigint, [&](uint32_t place) { return sessions_.start(place); });
  }

  // Drops closed sessions, and keys without a session, once they outweigh the others.
  void compact() {
    const uint32_t closed = sessions_.closed_count();
    if (closed <= kMostDead || closed <= sessions_.place_count() / 2) return;
    const std::vector<uint32_t> kept = sessions_.open_places();
    std::vector<uint32_t> new_places(sessions_.place_count(), UINT32_MAX);
    std::vector<int64_t> row_counts;
    for (uint32_t i = 0; i < kept.size(); ++i) {
      new_places[kept[i]] = i;
      row_counts.push_back(row_count(kept[i]));
    }
    row_counts_ = std::move(row_counts);
    aggregates_->resize(sessions_.place_count());
    aggregates_->keep(kept, new_places);
    for (uint32_t group = 0; group < groups_.size(); ++group) {
      if (!sessions_.has_open(group)) groups_.kill(group);
    }
    std::vector<uint32_t> new_groups;
    const auto groups = groups_.compact(new_groups);
    sessions_.compact(new_places, groups, new_groups);
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
      if (!sessions_.is_open(all[i])) continue;
      rows.push_back(i);
      places.push_back(all[i]);
    }
    Batch batch;
    batch.row_count = static_cast<uint32_t>(rows.size());
    add_keys(places, batch.columns);
    batch.columns.push_back(starts(places));
    const Selection kept{rows.data(), batch.row_count};
    batch.columns.push_back(take(*values, kept));
    batch.columns.push_back(take(*counts, kept));
    return batch;
  }

  SessionAggregateSpec spec_;
  OpenSessions sessions_;
  KeyedGroups groups_;
  std::unique_ptr<AggregateSet> aggregates_;
  OperatorContext context_;
  std::vector<int64_t> row_counts_;  // by place
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
