// Dates, times and timestamps plus and minus intervals; TIMESTAMPADD; TIMESTAMPDIFF; see
// src/expr/kernels/temporal-arithmetic.ts.
#include "kernels/temporal.h"

namespace millrace {
namespace {

using calendar::floor_div;
using calendar::floor_mod;
using calendar::kMsPerDay;

// Times farther from 1970 are out of range: 2^53 ms, which the other engine counts exactly.
constexpr int64_t kMaxExactMs = (int64_t{1} << 53) - 1;

// How far a row is moved: months, which wrap at 32 bits as Java's int does, or milliseconds.
struct Shift {
  const Column* amount;
  int64_t factor;
  bool in_months;

  [[nodiscard]] int64_t at(uint32_t row) const {
    const uint32_t index = amount->at(row);
    const int64_t value = amount->physical == Physical::kI32 ? amount->data<int32_t>()[index]
                                                             : amount->data<int64_t>()[index];
    return static_cast<int64_t>(static_cast<uint64_t>(value) * static_cast<uint64_t>(factor));
  }
  // Milliseconds that do not wrap: INT64_MAX where they are too many.
  [[nodiscard]] int64_t bounded_at(uint32_t row) const {
    const uint32_t index = amount->at(row);
    int64_t product = 0;
    return __builtin_mul_overflow(amount->data<int64_t>()[index], factor, &product) ? INT64_MAX
                                                                                    : product;
  }
};

int64_t add_months_to(int64_t ms, int64_t months) {
  const int64_t days = floor_div(ms, kMsPerDay);
  return calendar::add_months(days, months) * kMsPerDay + ms - days * kMsPerDay;
}

Status shift_timestamps(const Column& source, const Shift& shift, const Selection& selection,
                        Column& out) {
  const bool is_date = source.type.root == TypeRoot::kDate;
  const int64_t per_ms = is_date ? 1 : ticks_per_ms(source.type);
  const int64_t to_per_ms = ticks_per_ms(out.type);
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const uint32_t index = source.at(row);
    const SplitTicks split = is_date
                                 ? SplitTicks{source.data<int32_t>()[index] * kMsPerDay, 0}
                                 : split_ticks(source.data<int64_t>()[index], per_ms);
    int64_t ms = 0;
    if (shift.in_months) {
      if (split.ms > kMaxExactMs || split.ms < -kMaxExactMs) return false;
      ms = add_months_to(split.ms, static_cast<int32_t>(shift.at(row)));
    } else {
      const int64_t amount = shift.bounded_at(row);
      if (amount > kMaxExactMs || amount < -kMaxExactMs) return false;
      if (__builtin_add_overflow(split.ms, amount, &ms)) return false;
    }
    if (ms > kMaxExactMs || ms < -kMaxExactMs) return false;
    const int64_t rest = split.rest * (to_per_ms / per_ms);
    return join_ticks(ms, rest, to_per_ms, out.data<int64_t>()[row]);
  });
  return failing < 0 ? Status::ok() : out_of_range(failing);
}

// Hours of an interval that fill no day are cut off.
void shift_dates(const Column& source, const Shift& shift, const Selection& selection,
                 Column& out) {
  int32_t* to = out.data<int32_t>();
  for_each_row(selection, [&](uint32_t row) {
    const int64_t days = source.data<int32_t>()[source.at(row)];
    const int64_t amount = shift.at(row);
    to[row] = static_cast<int32_t>(shift.in_months
                                       ? calendar::add_months(days, static_cast<int32_t>(amount))
                                       : days + amount / kMsPerDay);
  });
}

// Times of day go round; months do not move them.
void shift_times(const Column& source, const Shift& shift, const Selection& selection,
                 Column& out) {
  int32_t* to = out.data<int32_t>();
  for_each_row(selection, [&](uint32_t row) {
    const int64_t time = source.data<int32_t>()[source.at(row)];
    const int64_t moved = shift.in_months ? time : time + shift.at(row) % kMsPerDay;
    to[row] = static_cast<int32_t>(calendar::floor_mod(moved, kMsPerDay));
  });
}

Status shift_rows(const Column& source, const Shift& shift, const Selection& selection,
                  Column& out) {
  if (is_timestamp_type(out.type)) return shift_timestamps(source, shift, selection, out);
  if (source.type.root == TypeRoot::kTime) shift_times(source, shift, selection, out);
  else shift_dates(source, shift, selection, out);
  return Status::ok();
}

bool is_interval(const Column& column) {
  return column.type.root == TypeRoot::kIntervalYearMonth ||
         column.type.root == TypeRoot::kIntervalDayTime;
}

template <int64_t kSign>
Status add_interval(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const bool is_first = is_interval(*args[0]);
  const Column& interval = *args[is_first ? 0 : 1];
  const Shift shift{&interval, kSign, interval.type.root == TypeRoot::kIntervalYearMonth};
  return shift_rows(*args[is_first ? 1 : 0], shift, selection, out);
}

// TIMESTAMPADD(unit, count, time).
Status timestamp_add(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const TimeUnit unit = time_unit_of(text_at(*args[0], selection[0]));
  const int64_t months = unit_months(unit);
  const Shift shift{args[1], months != 0 ? months : unit_ms(unit), months != 0};
  return shift_rows(*args[2], shift, selection, out);
}

// A date, time or timestamp as whole milliseconds.
int64_t ms_at(const Column& column, uint32_t row) {
  const uint32_t index = column.at(row);
  switch (column.type.root) {
    case TypeRoot::kDate: return column.data<int32_t>()[index] * kMsPerDay;
    case TypeRoot::kTime: return column.data<int32_t>()[index];
    default: return floor_div(column.data<int64_t>()[index], ticks_per_ms(column.type));
  }
}

// Months between two times: one less where the last one is not full by the time of day.
int64_t months_of_times(int64_t later, int64_t earlier) {
  const int64_t later_days = floor_div(later, kMsPerDay);
  const int64_t earlier_days = floor_div(earlier, kMsPerDay);
  const int64_t months = months_between(later_days, earlier_days);
  const bool is_same_day = calendar::add_months(earlier_days, months) == later_days;
  const bool is_short = floor_mod(later, kMsPerDay) < floor_mod(earlier, kMsPerDay);
  return is_same_day && is_short ? months - 1 : months;
}

// Flink counts years for decades, and whole seconds for units below a second.
int64_t difference(TimeUnit unit, int64_t later, int64_t earlier) {
  const int64_t months = unit == TimeUnit::kDecade ? 12 : unit_months(unit);
  if (months != 0) return months_of_times(later, earlier) / months;
  const int64_t ms = later - earlier;
  const auto seconds = static_cast<uint64_t>(ms / 1000);
  switch (unit) {
    case TimeUnit::kMillisecond: return static_cast<int64_t>(seconds * 1000);
    case TimeUnit::kMicrosecond: return static_cast<int64_t>(seconds * 1'000'000);
    case TimeUnit::kNanosecond: return static_cast<int64_t>(seconds * 1'000'000'000);
    // Flink divides seconds that have wrapped around in 32 bits.
    case TimeUnit::kWeek: return static_cast<int32_t>(seconds) / 604'800;
    default: return ms / unit_ms(unit);
  }
}

// TIMESTAMPDIFF(unit, earlier, later).
Status timestamp_diff(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const std::string_view name = text_at(*args[0], selection[0]);
  const TimeUnit unit = time_unit_of(name);
  if (unit > TimeUnit::kMillennium) {
    return Status::error("MR3006", "unit of TIMESTAMPDIFF: " + std::string(name), selection[0]);
  }
  const bool is_wide = out.physical == Physical::kI64;
  for_each_row(selection, [&](uint32_t row) {
    const int64_t value = difference(unit, ms_at(*args[2], row), ms_at(*args[1], row));
    if (is_wide) out.data<int64_t>()[row] = value;
    else out.data<int32_t>()[row] = static_cast<int32_t>(value);
  });
  return Status::ok();
}

// (a - b) unit as an interval: milliseconds, or months where the result is one of months.
Status subtract_times(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const bool in_months = out.type.root == TypeRoot::kIntervalYearMonth;
  for_each_row(selection, [&](uint32_t row) {
    const int64_t a = ms_at(*args[1], row);
    const int64_t b = ms_at(*args[2], row);
    if (in_months) out.data<int32_t>()[row] = static_cast<int32_t>(months_of_times(a, b));
    else out.data<int64_t>()[row] = a - b;
  });
  return Status::ok();
}

// An interval times a BIGINT, wrapping as Java's integers do.
Status multiply_interval(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const bool is_first = is_interval(*args[0]);
  const Column& interval = *args[is_first ? 0 : 1];
  const Column& factor = *args[is_first ? 1 : 0];
  for_each_row(selection, [&](uint32_t row) {
    const Shift shift{&interval, factor.data<int64_t>()[factor.at(row)], false};
    const int64_t product = shift.at(row);
    if (out.physical == Physical::kI32) out.data<int32_t>()[row] = static_cast<int32_t>(product);
    else out.data<int64_t>()[row] = product;
  });
  return Status::ok();
}

constexpr Kernel kKernels[] = {
    {"add_interval", add_interval<1>, nullptr, true},
    {"subtract_interval", add_interval<-1>, nullptr, true},
    {"timestamp_add", timestamp_add, nullptr, true},
    {"timestamp_diff", timestamp_diff, nullptr, true},
    {"subtract_times", subtract_times, nullptr, true},
    {"multiply_interval", multiply_interval, nullptr, true},
};

}  // namespace

std::span<const Kernel> temporal_arithmetic_kernels() { return kKernels; }

}  // namespace millrace
