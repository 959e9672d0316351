// EXTRACT and the functions named after units; see src/expr/kernels/temporal-extract.ts.
#include "kernels/temporal.h"

namespace millrace {
namespace {

// Milliseconds that a field of the time of day is taken from, and those of one unit of it.
struct TimeField {
  int64_t within;
  int64_t each;
};

TimeField time_field(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kHour: return {calendar::kMsPerDay, 3'600'000};
    case TimeUnit::kMinute: return {3'600'000, 60'000};
    case TimeUnit::kSecond: return {60'000, 1000};
    case TimeUnit::kMillisecond: return {1000, 1};
    case TimeUnit::kEpoch: return {INT64_MAX, 1000};
    default: return {0, 0};
  }
}

// Days and times of day come from the truncating `/` and `%`: before 1970 they are odd, as
// Flink's are.
template <typename T, typename F>
void fill(const Column& source, const Selection& selection, Column& out, F field) {
  unary_loop<int64_t, T>(source, selection, out, [&](T value) -> int64_t { return field(value); });
}

template <typename T>
bool fill_time_field(TimeUnit unit, const Column& source, const Selection& selection,
                     Column& out) {
  const TimeField field = time_field(unit);
  if (field.each == 0) return false;
  fill<T>(source, selection, out, [field](int64_t v) { return v % field.within / field.each; });
  return true;
}

bool extract_date(TimeUnit unit, const Column& source, const Selection& selection, Column& out) {
  if (is_date_field(unit)) {
    fill<int32_t>(source, selection, out, [unit](int64_t days) { return date_field(unit, days); });
    return true;
  }
  if (unit == TimeUnit::kEpoch) {
    fill<int32_t>(source, selection, out, [](int64_t days) { return days * 86'400; });
    return true;
  }
  return fill_time_field<int32_t>(unit, source, selection, out);
}

bool extract_interval(TimeUnit unit, const Column& source, const Selection& selection,
                      Column& out) {
  if (unit == TimeUnit::kEpoch) return false;
  if (unit == TimeUnit::kDay) {
    fill<int64_t>(source, selection, out, [](int64_t ms) { return ms / calendar::kMsPerDay; });
    return true;
  }
  return fill_time_field<int64_t>(unit, source, selection, out);
}

bool extract_months(TimeUnit unit, const Column& source, const Selection& selection, Column& out) {
  switch (unit) {
    case TimeUnit::kYear:
      fill<int32_t>(source, selection, out, [](int64_t months) { return months / 12; });
      return true;
    case TimeUnit::kMonth:
      fill<int32_t>(source, selection, out, [](int64_t months) { return months % 12; });
      return true;
    case TimeUnit::kQuarter:
      fill<int32_t>(source, selection, out,
                    [](int64_t months) { return (months % 12 - 1) / 3 + 1; });
      return true;
    default: return false;
  }
}

bool extract_timestamp(TimeUnit unit, const Zone* zone, const Column& source,
                       const Selection& selection, Column& out) {
  const int64_t per_ms = ticks_per_ms(source.type);
  const auto local = [zone, per_ms](int64_t ticks) {
    SplitTicks split = split_ticks(ticks, per_ms);
    if (zone != nullptr) split.ms = zone->to_local(split.ms);
    return split;
  };
  if (is_date_field(unit)) {
    fill<int64_t>(source, selection, out, [&](int64_t ticks) {
      return date_field(unit, local(ticks).ms / calendar::kMsPerDay);
    });
    return true;
  }
  if (unit == TimeUnit::kMicrosecond || unit == TimeUnit::kNanosecond) {
    const int64_t per_second = unit == TimeUnit::kMicrosecond ? 1'000'000 : 1'000'000'000;
    fill<int64_t>(source, selection, out, [&](int64_t ticks) {
      const SplitTicks split = local(ticks);
      const int64_t nanos = split.rest * (1'000'000 / per_ms);
      return split.ms % 1000 * (per_second / 1000) + nanos / (1'000'000'000 / per_second);
    });
    return true;
  }
  const TimeField field = time_field(unit);
  if (field.each == 0) return false;
  fill<int64_t>(source, selection, out,
                [&](int64_t ticks) { return local(ticks).ms % field.within / field.each; });
  return true;
}

bool extract_column(TimeUnit unit, const Zone& zone, const Column& source,
                    const Selection& selection, Column& out) {
  switch (source.type.root) {
    case TypeRoot::kDate: return extract_date(unit, source, selection, out);
    case TypeRoot::kTime:
      return unit != TimeUnit::kEpoch && fill_time_field<int32_t>(unit, source, selection, out);
    case TypeRoot::kIntervalDayTime: return extract_interval(unit, source, selection, out);
    case TypeRoot::kIntervalYearMonth: return extract_months(unit, source, selection, out);
    case TypeRoot::kTimestampLtz: return extract_timestamp(unit, &zone, source, selection, out);
    default: return extract_timestamp(unit, nullptr, source, selection, out);
  }
}

Status run(TimeUnit unit, KernelContext& context, const Column& source,
           const Selection& selection, Column& out) {
  if (extract_column(unit, zone_of(context), source, selection, out)) return Status::ok();
  return Status::error("MR3006", "unit " + std::string(name_of(unit)), selection[0]);
}

// EXTRACT(unit, time).
Status extract(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  const TimeUnit unit = time_unit_of(text_at(*args[0], selection[0]));
  return run(unit, context, *args[1], selection, out);
}

template <TimeUnit kUnit>
Status field(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  return run(kUnit, context, *args[0], selection, out);
}

constexpr Kernel kKernels[] = {
    {"extract", extract, prepare_zone, true},
    {"year", field<TimeUnit::kYear>, prepare_zone, true},
    {"quarter", field<TimeUnit::kQuarter>, prepare_zone, true},
    {"month", field<TimeUnit::kMonth>, prepare_zone, true},
    {"week", field<TimeUnit::kWeek>, prepare_zone, true},
    {"day_of_year", field<TimeUnit::kDayOfYear>, prepare_zone, true},
    {"day_of_month", field<TimeUnit::kDay>, prepare_zone, true},
    {"day_of_week", field<TimeUnit::kDayOfWeek>, prepare_zone, true},
    {"hour", field<TimeUnit::kHour>, prepare_zone, true},
    {"minute", field<TimeUnit::kMinute>, prepare_zone, true},
    {"second", field<TimeUnit::kSecond>, prepare_zone, true},
};

}  // namespace

std::span<const Kernel> temporal_extract_kernels() { return kKernels; }

}  // namespace millrace
