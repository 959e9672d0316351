#include "operators/window-rank.h"

#include <algorithm>
#include <map>
#include <utility>

#include "operators/change-buffer.h"
#include "operators/ranked-rows.h"
#include "state/keyed-groups.h"

namespace millrace {
namespace {

// A list of at most rankEnd rows for each window and partition; the watermark that closes a
// window emits its lists. Rows of a closed window are late and dropped.
class WindowRank final : public Operator {
 public:
  WindowRank(WindowRankSpec spec, const PlanNode& node, KeyLayout layout, RowStore store,
             SortKeys keys)
      : spec_(std::move(spec)),
        groups_(std::move(layout)),
        ranked_(node.input_schemas[0], spec_.partition, std::move(store), std::move(keys)),
        changes_(node.schema, spec_.output_rank) {
    ranked_.set_key_count(static_cast<uint32_t>(spec_.partition.size() - 1));
  }

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    if (batch.row_kinds != nullptr) {
      return Status::error("MR2104", "native: window Top-N over an updating input");
    }
    keep_timely(batch);
    std::vector<const Column*> keys;
    for (const uint32_t column : spec_.partition) keys.push_back(batch.columns[column].get());
    const auto count = static_cast<uint32_t>(timely_.size());
    groups_.encode(keys, timely_.data(), count);
    groups_.resolve_added(timely_.data(), count, resolved_);
    ranked_.lists().resize(groups_.size());
    ranked_.encode(batch.columns, timely_.data(), count);
    size_t run = 0;
    for (uint32_t i = 0; i < count; ++i) {
      while (run < batch.watermarks.size() && batch.watermarks[run].row <= timely_[i]) {
        MR_TRY(raise(batch.watermarks[run++].watermark, output));
      }
      take_row(batch, i);
    }
    while (run < batch.watermarks.size()) {
      MR_TRY(raise(batch.watermarks[run++].watermark, output));
    }
    MR_TRY(flush(output));
    if (groups_.should_compact()) compact();
    return Status::ok();
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    const DataType bigint{TypeRoot::kBigint, false, 0, 0, 0, {}};
    return {ranked_.state_table(), {"watermark", {{"watermark", bigint}}, 0}};
  }
  Result<Batch> snapshot(const StateTable& table) override {
    if (table.name != "watermark") return ranked_.snapshot(table, groups_);
    Batch batch;
    batch.row_count = 1;
    batch.columns.push_back(make_column(table.fields[0].type, 1));
    batch.columns[0]->data<int64_t>()[0] = watermark_;
    return batch;
  }
  Status restore(const StateTable& table, const Batch& content) override {
    if (table.name != "watermark") {
      MR_TRY(ranked_.restore(content, groups_));
      gather_windows();
      return Status::ok();
    }
    const Column& column = *content.columns[0];
    for (uint32_t row = 0; row < content.row_count; ++row) {
      const int64_t watermark = column.data<int64_t>()[column.at(row)];
      watermark_ = restored_ ? std::min(watermark_, watermark) : watermark;
      restored_ = true;
    }
    return Status::ok();
  }
  [[nodiscard]] OperatorStats stats() const override {
    return {late_rows_, 0, ranked_.store().count(), groups_.bytes() + ranked_.bytes()};
  }

 private:
  // Rows whose window is open under the watermark before them.
  void keep_timely(const Batch& batch) {
    const Column& ends = *batch.columns[spec_.window_end];
    timely_.clear();
    int64_t watermark = watermark_;
    size_t run = 0;
    for_each_row(batch.selection(), [&](uint32_t row) {
      while (run < batch.watermarks.size() && batch.watermarks[run].row <= row) {
        watermark = std::max(watermark, batch.watermarks[run++].watermark);
      }
      const bool late =
          ends.is_null(row) || ends.data<int64_t>()[ends.at(row)] - 1 <= watermark;
      if (late) ++late_rows_;
      else timely_.push_back(row);
    });
  }

  void take_row(const Batch& batch, uint32_t i) {
    const uint32_t row = timely_[i];
    const uint32_t list = resolved_.groups[i];
    const uint32_t count = ranked_.lists().size(list);
    if (count == 0) {
      const Column& ends = *batch.columns[spec_.window_end];
      windows_[ends.data<int64_t>()[ends.at(row)]].push_back(list);
    }
    if (spec_.is_last_of_equal && count == 1) {
      const uint32_t before = ranked_.rows(list)[0];
      const bool takes_its_place =
          ranked_.is_before(i, list, 0) || ranked_.has_equal_key(i, before);
      if (takes_its_place) ranked_.replace(list, 0, ranked_.add(batch, row, i));
      return;
    }
    if (count >= spec_.end && !ranked_.is_before(i, list, count - 1)) return;
    const uint32_t id = ranked_.add(batch, row, i);
    ranked_.insert(list, ranked_.position_after_equals(list, i), id);
    if (count + 1 > spec_.end) ranked_.remove(list, spec_.end);
  }

  // A window ends one ms before its end; a snapshot may hold any end.
  [[nodiscard]] bool is_over(int64_t window_end) const {
    return window_end <= watermark_ || window_end - 1 == watermark_;
  }

  Status raise(int64_t watermark, Output& output) {
    watermark_ = std::max(watermark_, watermark);
    while (!windows_.empty() && is_over(windows_.begin()->first)) {
      for (const uint32_t list : windows_.begin()->second) {
        const auto rows = ranked_.rows(list);
        for (size_t at = spec_.start - 1; at < rows.size(); ++at) {
          changes_.add(RowKind::kInsert, rows[at], static_cast<int64_t>(at) + 1);
        }
        ranked_.drop(list);
        groups_.kill(list);
        if (changes_.is_full()) MR_TRY(flush(output));
      }
      windows_.erase(windows_.begin());
    }
    changes_.watermark(watermark);
    return Status::ok();
  }

  Status flush(Output& output) {
    MR_TRY(changes_.flush(ranked_.store(), output));
    ranked_.settle();
    return Status::ok();
  }

  void gather_windows() {
    windows_.clear();
    for (const uint32_t group : groups_.alive_groups()) {
      const auto rows = ranked_.rows(group);
      if (!rows.empty()) windows_[ranked_.store().i64(spec_.window_end, rows[0])].push_back(group);
    }
  }

  void compact() {
    std::vector<uint32_t> new_ids;
    const std::vector<uint32_t> kept = groups_.compact(new_ids);
    ranked_.lists().renumber(new_ids, static_cast<uint32_t>(kept.size()));
    for (auto& [end, lists] : windows_) {
      for (uint32_t& list : lists) list = new_ids[list];
    }
  }

  WindowRankSpec spec_;
  KeyedGroups groups_;
  RankedRows ranked_;
  ChangeBuffer changes_;
  ResolvedRows resolved_;
  std::vector<uint32_t> timely_;
  std::map<int64_t, std::vector<uint32_t>> windows_;
  int64_t watermark_ = kMinWatermark;
  bool restored_ = false;
  uint64_t late_rows_ = 0;
};

}  // namespace

Result<WindowRankSpec> decode_window_rank(const PlanNode& node) {
  WindowRankSpec spec;
  MR_TRY_ASSIGN(const int64_t window_end, node.value->int_at("windowEnd"));
  if (window_end < 0 || window_end >= static_cast<int64_t>(node.input_schemas[0].size())) {
    return Status::error("MR9001", "window-rank: windowEnd");
  }
  const plan::Value* zone = node.value->find("zone");
  if (zone != nullptr && !zone->is_null()) {
    MR_TRY_ASSIGN(const std::string_view name, zone->as_string());
    if (name != "UTC") {
      return Status::error("MR2104", std::string("native: windows in the zone ").append(name));
    }
  }
  spec.window_end = static_cast<uint32_t>(window_end);
  MR_TRY_ASSIGN(std::vector<uint32_t> partition, node.value->indexes_at("partition"));
  for (const uint32_t column : partition) {
    if (column != spec.window_end) spec.partition.push_back(column);
  }
  spec.partition.push_back(spec.window_end);
  return spec;
}

Result<OperatorPtr> make_window_rank(const PlanNode& node, const OperatorContext& /*context*/) {
  MR_TRY_ASSIGN(WindowRankSpec spec, decode_window_rank(node));
  MR_TRY_ASSIGN(const int64_t start, node.value->int_at("rankStart"));
  MR_TRY_ASSIGN(const int64_t end, node.value->int_at("rankEnd"));
  MR_TRY_ASSIGN(spec.output_rank, node.value->bool_at("outputRankNumber"));
  if (start < 1 || end < start || end > (int64_t{1} << 30)) {
    return Status::error("MR9001", "window-rank: range of ranks");
  }
  spec.start = static_cast<uint32_t>(start);
  spec.end = static_cast<uint32_t>(end);
  MR_TRY_ASSIGN(const auto order, node.value->list_at("orderBy"));
  MR_TRY_ASSIGN(SortKeys keys, SortKeys::create(order, node.input_schemas[0]));
  return make_window_rank_of(std::move(spec), node, std::move(keys));
}

Result<OperatorPtr> make_window_rank_of(WindowRankSpec spec, const PlanNode& node,
                                        SortKeys keys) {
  const Schema& input = node.input_schemas[0];
  MR_TRY(check_columns(spec.partition, input));
  MR_TRY_ASSIGN(KeyLayout layout, KeyLayout::create(types_of(spec.partition, input)));
  MR_TRY_ASSIGN(RowStore store, RowStore::create(input));
  return OperatorPtr(std::make_unique<WindowRank>(std::move(spec), node, std::move(layout),
                                                  std::move(store), std::move(keys)));
}

}  // namespace millrace
