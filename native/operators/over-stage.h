// What OVER aggregates do with a batch, put down step by step and computed at once: events (a row
// comes into a group's aggregates or leaves them) and the rows sent, each with the event after
// which it shows the aggregates.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "aggregates/aggregate-set.h"
#include "operators/operator.h"
#include "operators/row-store.h"

namespace millrace {

// A call whose value is that of one row: of the row that is picked; where there is none the shown
// row's in `absent_column`, or `absent`.
struct PickCall {
  static constexpr uint32_t kNoColumn = UINT32_MAX;
  uint32_t index = 0;  // among the calls
  uint32_t argument = 0;
  uint32_t absent_column = kNoColumn;
  ColumnPtr absent;  // a constant
};

class OverStage {
 public:
  static constexpr uint32_t kNoRow = UINT32_MAX;
  static constexpr uint32_t kNoEvent = UINT32_MAX;

  // `picks` are those of the calls that are not folded by an AggregateSet.
  OverStage(Schema schema, size_t input_width, std::span<const AggregateCall> calls,
            std::vector<PickCall> picks);

  [[nodiscard]] const std::vector<PickCall>& picks() const { return picks_; }
  // A kept row comes into a group (or leaves it). Returns the event.
  uint32_t event(uint32_t id, uint32_t group, bool retract) {
    events_.push_back(id);
    event_groups_.push_back(group);
    retract_.push_back(retract ? 1 : 0);
    retracts_ = retracts_ || retract;
    return static_cast<uint32_t>(events_.size() - 1);
  }
  // Sends a kept row with the aggregates after an event; where there is a partner only if they
  // differ from those after it.
  void send(RowKind kind, uint32_t id, uint32_t event, uint32_t partner = kNoEvent) {
    rows_.push_back(id);
    slots_.push_back(event);
    partners_.push_back(partner);
    kinds_.push_back(static_cast<uint8_t>(kind));
    changes_ = changes_ || kind != RowKind::kInsert;
  }
  // The row that pick number `pick` takes for the row sent last.
  void pick(size_t pick, uint32_t id) { picked_[pick].push_back(id); }
  void watermark(int64_t watermark) {
    const auto at = static_cast<uint32_t>(rows_.size());
    if (!runs_.empty() && runs_.back().row == at) runs_.back().watermark = watermark;
    else runs_.push_back({at, watermark});
  }
  [[nodiscard]] bool is_full() const {
    return events_.size() >= kMostRows || rows_.size() >= kMostRows;
  }
  // Computes and emits all that was put down; the aggregates take the events in.
  Status flush(const RowStore& store, AggregateSet& aggregates, Output& output);

 private:
  static constexpr size_t kMostRows = 16 * 1024;
  void fold(const RowStore& store, AggregateSet& aggregates, std::vector<ColumnPtr>& pairs);
  void drop_unchanged(std::span<const ColumnPtr> pairs);
  [[nodiscard]] ColumnPtr picked_column(const RowStore& store, size_t pick) const;
  void clear();

  Schema schema_;
  size_t input_width_;
  std::vector<uint32_t> folded_;  // places of the folded calls
  std::vector<uint32_t> used_;    // columns that they read
  std::vector<PickCall> picks_;
  std::vector<uint32_t> events_;
  std::vector<uint32_t> event_groups_;
  std::vector<uint8_t> retract_;
  bool retracts_ = false;
  std::vector<uint32_t> rows_;
  std::vector<uint32_t> slots_;
  std::vector<uint32_t> partners_;
  std::vector<uint8_t> kinds_;
  bool changes_ = false;
  std::vector<std::vector<uint32_t>> picked_;
  std::vector<WatermarkRun> runs_;
  // Scratch.
  std::vector<uint32_t> numbers_;
  std::vector<uint8_t> changed_;
};

}  // namespace millrace
