// Fills columns with Nexmark events. Only the columns asked for are made; each value is a
// function of (seed, event id, field) alone.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "columnar/arena.h"
#include "columnar/batch.h"
#include "sources/nexmark-model.h"

namespace millrace::nexmark {

// What stands in one column: the event type, or a field of one kind of event, or all of them.
enum class FieldName : uint8_t {
  kEventType, kWholeRow,
  kPersonId, kName, kEmail, kCreditCard, kCity, kState, kPersonTime, kPersonExtra,
  kAuctionId, kItemName, kDescription, kInitialBid, kReserve, kAuctionTime, kExpires, kSeller,
  kCategory, kAuctionExtra,
  kBidAuction, kBidder, kPrice, kChannel, kUrl, kBidTime, kBidExtra,
};

struct FieldPlan {
  FieldName name = FieldName::kEventType;
  Kind kind = Kind::kBid;
  DataType type;
  std::vector<FieldPlan> children;  // of a whole row
};

// MR2002 for a column that Nexmark has not, MR2007 for one of another type.
[[nodiscard]] Result<FieldPlan> plan_field(const SourceColumn& column);

class Generator {
 public:
  Generator(const Options& options, std::vector<FieldPlan> fields);

  // The next `count` events of a split as a batch; advances split.emitted.
  [[nodiscard]] Batch generate(Split& split, uint32_t count);
  // Event time of the `emitted`-th event of a split.
  [[nodiscard]] int64_t event_time(const Split& split, int64_t emitted) const;

 private:
  void number_events(const Split& split, uint32_t count);
  ColumnPtr fill(const FieldPlan& field, uint32_t count);
  void fill_values(const FieldPlan& field, Column& column);
  void fill_person(const FieldPlan& field, Column& column);
  void fill_auction(const FieldPlan& field, Column& column);
  void fill_bid(const FieldPlan& field, Column& column);
  void fill_time(Column& column, Kind kind);
  [[nodiscard]] int64_t adjusted(int64_t number) const;
  [[nodiscard]] int64_t time_of(int64_t number, double delay_us) const;
  [[nodiscard]] int64_t last_auction(uint32_t row) const;
  [[nodiscard]] int64_t last_person(uint32_t row) const;
  [[nodiscard]] int64_t near_person(uint32_t row, uint32_t u) const;
  [[nodiscard]] int64_t expires(uint32_t row) const;
  [[nodiscard]] StringView extra(uint32_t key, uint32_t size_draw, uint32_t offset_draw,
                                 int64_t current_size, int64_t average) const;
  uint32_t email(uint32_t key, char* to) const;

  Options options_;
  // Made with the first batch: that takes milliseconds, and sources are made on the event loop.
  std::shared_ptr<const Pools> pools_;
  std::vector<FieldPlan> fields_;
  uint32_t seed_;
  double delay_us_ = 0;
  // One entry a row of the batch being made.
  std::vector<int64_t> number_;  // adjusted event number: gives the time
  std::vector<int64_t> epoch_;
  std::vector<int32_t> offset_;
  std::vector<uint32_t> key_;
  std::vector<uint32_t> rows_[3];  // by kind
  std::shared_ptr<Arena> arena_;   // of the batch being made
};

}  // namespace millrace::nexmark
