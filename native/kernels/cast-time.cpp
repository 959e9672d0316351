// DATE, TIME, TIMESTAMP, TIMESTAMP_LTZ to each other, and intervals to themselves. Digits that the
// target's precision lacks are cut toward the past.
#include "kernels/calendar.h"
#include "kernels/cast.h"
#include "kernels/loops.h"

namespace millrace {

namespace {

using calendar::floor_div;
using calendar::floor_mod;
using calendar::kMsPerDay;

// Smallest step of a precision in ticks of its type.
int64_t step_of(const DataType& type) {
  int64_t step = type.ticks_per_second();
  for (uint32_t i = 0; i < type.precision && step > 1; ++i) step /= 10;
  return step;
}

// Ticks of one type as ticks of another, cut to its precision; false past the range of 64 bits.
bool to_ticks(int64_t ticks, int64_t from_per_second, const DataType& to, int64_t& result) {
  const int64_t to_per_second = to.ticks_per_second();
  if (from_per_second > to_per_second) {
    ticks = floor_div(ticks, from_per_second / to_per_second);
  } else if (__builtin_mul_overflow(ticks, to_per_second / from_per_second, &ticks)) {
    return false;
  }
  result = ticks - floor_mod(ticks, step_of(to));
  return true;
}

// The same of a sum that 64 bits do not hold, which fewer digits may.
bool sum_to_ticks(int64_t ticks, int64_t more, int64_t from_per_second, const DataType& to,
                  int64_t& result) {
  const int64_t divisor = from_per_second / to.ticks_per_second();
  if (divisor <= 1) return false;
  const int64_t rest = floor_mod(ticks, divisor) + floor_mod(more, divisor);
  ticks = floor_div(ticks, divisor) + floor_div(more, divisor) + floor_div(rest, divisor);
  result = ticks - floor_mod(ticks, step_of(to));
  return true;
}

// What to add to wall-clock ticks for UTC ticks or the other way, by the offset at that time.
int64_t zone_shift(const Zone& zone, int64_t ticks, int64_t per_second, bool to_utc) {
  const int64_t per_ms = per_second / 1000;
  const int64_t ms = floor_div(ticks, per_ms);
  const int64_t shifted = to_utc ? zone.to_utc(ms) : zone.to_local(ms);
  return (shifted - ms) * per_ms;
}

Status out_of_range(int64_t row) {
  return Status::error("MR3003", "timestamp beyond the range of its precision", row);
}

// Runs f(value, result) -> bool over the rows; false fails, or makes NULL of a TRY_CAST.
template <typename From, typename To, typename F>
Status run(const CastState& state, const Column& from, const Selection& selection, Column& out,
           F f) {
  const From* x = from.data<From>();
  To* to = out.data<To>();
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    if (f(x[from.at(row)], to[row])) return true;
    if (state.is_try) out.set_null(row);
    return state.is_try;
  });
  return failing < 0 ? Status::ok() : out_of_range(failing);
}

Status timestamp_to_timestamp(const CastState& state, const Column& from,
                              const Selection& selection, Column& out, KernelContext&) {
  const int64_t per_second = state.from.ticks_per_second();
  const bool moves = state.from.root != state.to.root;
  const bool to_utc = state.to.root == TypeRoot::kTimestampLtz;
  return run<int64_t, int64_t>(state, from, selection, out, [&](int64_t ticks, int64_t& result) {
    if (!moves) return to_ticks(ticks, per_second, state.to, result);
    const int64_t shift = zone_shift(state.zone, ticks, per_second, to_utc);
    int64_t moved = 0;
    return __builtin_add_overflow(ticks, shift, &moved)
               ? sum_to_ticks(ticks, shift, per_second, state.to, result)
               : to_ticks(moved, per_second, state.to, result);
  });
}

// Milliseconds on the wall clock.
int64_t local_ms(const CastState& state, int64_t ticks) {
  const int64_t ms = floor_div(ticks, state.from.ticks_per_second() / 1000);
  return state.from.root == TypeRoot::kTimestampLtz ? state.zone.to_local(ms) : ms;
}

// As in Flink, the day of a TIMESTAMP before 1970 is cut toward the epoch.
Status timestamp_to_date(const CastState& state, const Column& from, const Selection& selection,
                         Column& out, KernelContext&) {
  const bool cuts = state.from.root == TypeRoot::kTimestamp;
  return run<int64_t, int32_t>(state, from, selection, out, [&](int64_t ticks, int32_t& days) {
    const int64_t ms = local_ms(state, ticks);
    days = static_cast<int32_t>(cuts ? ms / kMsPerDay : floor_div(ms, kMsPerDay));
    return true;
  });
}

// Milliseconds of the smallest step of a TIME's precision.
int32_t time_step(const DataType& type) {
  return type.precision == 0 ? 1000 : type.precision == 1 ? 100 : type.precision == 2 ? 10 : 1;
}

Status timestamp_to_time(const CastState& state, const Column& from, const Selection& selection,
                         Column& out, KernelContext&) {
  const int32_t step = time_step(state.to);
  return run<int64_t, int32_t>(state, from, selection, out, [&](int64_t ticks, int32_t& time) {
    const auto ms = static_cast<int32_t>(floor_mod(local_ms(state, ticks), kMsPerDay));
    time = ms - ms % step;
    return true;
  });
}

Status time_to_time(const CastState& state, const Column& from, const Selection& selection,
                    Column& out, KernelContext&) {
  const int32_t step = time_step(state.to);
  unary_loop<int32_t, int32_t>(from, selection, out,
                               [step](int32_t ms) { return ms - ms % step; });
  return Status::ok();
}

// DATE counts days, TIME milliseconds of 1970-01-01.
Status to_timestamp(const CastState& state, const Column& from, const Selection& selection,
                    Column& out, KernelContext&) {
  const int64_t unit_ms = state.from.root == TypeRoot::kDate ? kMsPerDay : 1;
  const bool is_local = state.to.root == TypeRoot::kTimestampLtz;
  return run<int32_t, int64_t>(state, from, selection, out, [&](int32_t value, int64_t& result) {
    int64_t ms = value * unit_ms;
    if (is_local) ms = state.zone.to_utc(ms);
    return to_ticks(ms, 1000, state.to, result);
  });
}

template <typename T>
Status copy(const CastState&, const Column& from, const Selection& selection, Column& out,
            KernelContext&) {
  unary_loop<T, T>(from, selection, out, [](T value) { return value; });
  return Status::ok();
}

}  // namespace

CastFunction time_cast(const CastState& state) {
  const TypeRoot from = state.from.root, to = state.to.root;
  if (is_timestamp(from)) {
    if (is_timestamp(to)) return timestamp_to_timestamp;
    if (to == TypeRoot::kDate) return timestamp_to_date;
    return to == TypeRoot::kTime ? timestamp_to_time : nullptr;
  }
  if ((from == TypeRoot::kDate || from == TypeRoot::kTime) && is_timestamp(to)) {
    return to_timestamp;
  }
  if (from != to) return nullptr;
  if (from == TypeRoot::kTime) return time_to_time;
  if (from == TypeRoot::kDate || from == TypeRoot::kIntervalYearMonth) return copy<int32_t>;
  return from == TypeRoot::kIntervalDayTime ? copy<int64_t> : nullptr;
}

}  // namespace millrace
