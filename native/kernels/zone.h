// Time zones as tables of transitions that the planner puts into a call's options
// (src/types/zone.ts); the native engine has no zone database.
//
// Local time to UTC follows java.time: in a gap the clock before it goes on, in an overlap the
// earlier instant is meant.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "plan/value.h"

namespace millrace {

class Zone {
 public:
  // A table {name, first, at, offsets} in seconds, or the name of a fixed offset ("UTC",
  // "GMT+08:00"). Another name is an MR9001: the planner sends a table for a region.
  static Result<Zone> decode(const plan::Value& option);
  // The zone under `name` in a call's options; UTC where it is not there.
  static Result<Zone> of_option(const plan::Value* options, std::string_view name = "zone");

  // Milliseconds to add to UTC at an instant (ms since the epoch).
  [[nodiscard]] int64_t offset_at(int64_t utc_ms) const;
  // Wraps at the ends of 64 bits, where no timestamp of SQL is.
  [[nodiscard]] int64_t to_local(int64_t utc_ms) const {
    return static_cast<int64_t>(static_cast<uint64_t>(utc_ms) +
                                static_cast<uint64_t>(offset_at(utc_ms)));
  }
  [[nodiscard]] int64_t to_utc(int64_t local_ms) const;
  // Like to_utc, but in an overlap the later instant (java.util.Calendar: standard time).
  [[nodiscard]] int64_t to_utc_later(int64_t local_ms) const;
  [[nodiscard]] bool is_fixed() const { return at_.empty(); }

 private:
  void set_local_times();

  int64_t first_ = 0;
  std::vector<int64_t> at_;        // ms
  std::vector<int64_t> offsets_;   // ms, in force from at_[i]
  std::vector<int64_t> local_at_;  // local ms from which offsets_[i] is used
};

}  // namespace millrace
