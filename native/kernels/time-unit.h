// Units of time and what they do to dates and times, the same as src/types/time-unit.ts.
#pragma once

#include <cstdint>
#include <string_view>

namespace millrace {

enum class TimeUnit : uint8_t {
  kNanosecond, kMicrosecond, kMillisecond, kSecond, kMinute, kHour, kDay, kWeek, kMonth, kQuarter,
  kYear, kDecade, kCentury, kMillennium, kEpoch, kDayOfWeek, kDayOfYear, kIsoDayOfWeek, kIsoYear,
  kUnknown,
};

// By its name in SQL (`DOW` is kDayOfWeek).
[[nodiscard]] TimeUnit time_unit_of(std::string_view name);

[[nodiscard]] std::string_view name_of(TimeUnit unit);

// Milliseconds of a unit of fixed length, from kMillisecond to kWeek; 0 of others.
[[nodiscard]] int64_t unit_ms(TimeUnit unit);
// Months of a unit that is counted in months, from kMonth to kMillennium; 0 of others.
[[nodiscard]] int64_t unit_months(TimeUnit unit);

// A field of a date; false where the unit is none of a date.
[[nodiscard]] bool is_date_field(TimeUnit unit);
[[nodiscard]] int64_t date_field(TimeUnit unit, int64_t days);

// Whether FLOOR and CEIL round the date: weeks, months and longer.
[[nodiscard]] bool rounds_date(TimeUnit unit);
[[nodiscard]] int64_t round_date(TimeUnit unit, bool is_up, int64_t days);

// Whole months from one date to another, by days of the month as Flink counts them.
[[nodiscard]] int64_t months_between(int64_t later, int64_t earlier);

}  // namespace millrace
