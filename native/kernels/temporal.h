// What the kernels over times share: reading units and zones of a call, timestamps in parts.
#pragma once

#include <memory>
#include <string>

#include "kernels/calendar.h"
#include "kernels/registry.h"
#include "kernels/text-output.h"
#include "kernels/time-unit.h"
#include "kernels/zone.h"

namespace millrace {

// The session zone of a call.
struct ZoneState : KernelState {
  Zone zone;
};

inline Result<std::unique_ptr<KernelState>> prepare_zone(const plan::Value* options,
                                                         const DataType&,
                                                         std::span<const DataType>) {
  auto state = std::make_unique<ZoneState>();
  MR_TRY_ASSIGN(state->zone, Zone::of_option(options));
  return std::unique_ptr<KernelState>(std::move(state));
}

[[nodiscard]] inline const Zone& zone_of(const KernelContext& context) {
  return static_cast<const ZoneState&>(*context.state).zone;
}

[[nodiscard]] inline bool is_timestamp_type(const DataType& type) {
  return type.root == TypeRoot::kTimestamp || type.root == TypeRoot::kTimestampLtz;
}

// Ticks a millisecond of a timestamp type.
[[nodiscard]] inline int64_t ticks_per_ms(const DataType& type) {
  return type.ticks_per_second() / 1000;
}

// Whole milliseconds, rounded down, and the ticks above them.
struct SplitTicks {
  int64_t ms;
  int64_t rest;
};
[[nodiscard]] inline SplitTicks split_ticks(int64_t ticks, int64_t per_ms) {
  const int64_t ms = calendar::floor_div(ticks, per_ms);
  return {ms, calendar::floor_mod(ticks, per_ms)};
}

// ms * per_ms + rest; false where an int64 cannot hold it.
[[nodiscard]] inline bool join_ticks(int64_t ms, int64_t rest, int64_t per_ms, int64_t& ticks) {
  return !__builtin_mul_overflow(ms, per_ms, &ticks) &&
         !__builtin_add_overflow(ticks, rest, &ticks);
}

[[nodiscard]] inline Status out_of_range(int64_t row) {
  return Status::error("MR3003", "timestamp is out of range", row);
}

}  // namespace millrace
