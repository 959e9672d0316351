// FLOOR and CEIL of dates, times and timestamps to a unit; see
// src/expr/kernels/temporal-round.ts.
#include "kernels/temporal.h"

namespace millrace {
namespace {

using calendar::floor_div;

int64_t round_up(int64_t value, int64_t each) { return -floor_div(-value, each) * each; }

// Units longer than a day round the date, which before 1970 is cut toward it, as in Flink; CEIL
// leaves the first day of a unit where it is, with its time cut off. Ticks
// above a millisecond count for CEIL TO MILLISECOND only.
int64_t round_ms(TimeUnit unit, bool is_up, int64_t ms, bool has_rest) {
  if (rounds_date(unit)) {
    return round_date(unit, is_up, ms / calendar::kMsPerDay) * calendar::kMsPerDay;
  }
  const int64_t each = unit_ms(unit);
  if (!is_up) return floor_div(ms, each) * each;
  if (each == 1) return has_rest ? ms + 1 : ms;
  return round_up(ms, each);
}

// An instant is rounded on the wall clock and moved back by the offset that it had itself.
Status round_timestamps(TimeUnit unit, bool is_up, const Zone* zone, const Column& source,
                        const Selection& selection, Column& out) {
  const int64_t per_ms = ticks_per_ms(source.type);
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const SplitTicks split = split_ticks(source.data<int64_t>()[source.at(row)], per_ms);
    const int64_t offset = zone == nullptr ? 0 : zone->offset_at(split.ms);
    const int64_t ms = round_ms(unit, is_up, split.ms + offset, split.rest > 0) - offset;
    return join_ticks(ms, 0, per_ms, out.data<int64_t>()[row]);
  });
  return failing < 0 ? Status::ok() : out_of_range(failing);
}

// CEIL of a date TO DAY is the next day; shorter units change nothing.
void round_dates(TimeUnit unit, bool is_up, const Column& source, const Selection& selection,
                 Column& out) {
  const int32_t more = is_up && unit == TimeUnit::kDay ? 1 : 0;
  unary_loop<int32_t, int32_t>(source, selection, out, [&](int32_t days) {
    return rounds_date(unit) ? static_cast<int32_t>(round_date(unit, is_up, days)) : days + more;
  });
}

void round_times(TimeUnit unit, bool is_up, const Column& source, const Selection& selection,
                 Column& out) {
  const int64_t each = unit_ms(unit);
  unary_loop<int32_t, int32_t>(source, selection, out, [&](int32_t time) {
    return static_cast<int32_t>(is_up ? round_up(time, each) : floor_div(time, each) * each);
  });
}

bool is_supported(TimeUnit unit, TypeRoot root) {
  if (root == TypeRoot::kDate) return unit != TimeUnit::kUnknown;
  if (root == TypeRoot::kTime) return unit_ms(unit) != 0 && unit <= TimeUnit::kHour;
  return rounds_date(unit) || unit_ms(unit) != 0;
}

template <bool kIsUp>
Status round_time(KernelContext& context, Arguments args, const Selection& selection,
                  Column& out) {
  const Column& source = *args[0];
  const std::string_view name = text_at(*args[1], selection[0]);
  const TimeUnit unit = time_unit_of(name);
  if (!is_supported(unit, source.type.root)) {
    return Status::error("MR3006", "unit of FLOOR or CEIL: " + std::string(name), selection[0]);
  }
  switch (source.type.root) {
    case TypeRoot::kDate: round_dates(unit, kIsUp, source, selection, out); return Status::ok();
    case TypeRoot::kTime: round_times(unit, kIsUp, source, selection, out); return Status::ok();
    case TypeRoot::kTimestampLtz:
      return round_timestamps(unit, kIsUp, &zone_of(context), source, selection, out);
    default: return round_timestamps(unit, kIsUp, nullptr, source, selection, out);
  }
}

constexpr Kernel kKernels[] = {
    {"floor_time", round_time<false>, prepare_zone, true},
    {"ceil_time", round_time<true>, prepare_zone, true},
};

}  // namespace

std::span<const Kernel> temporal_round_kernels() { return kKernels; }

}  // namespace millrace
