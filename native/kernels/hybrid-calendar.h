// The calendar of java.util.GregorianCalendar, which SimpleDateFormat uses: Julian before
// 1582-10-15; the same as src/types/hybrid-calendar.ts.
#pragma once

#include "kernels/calendar.h"

namespace millrace::calendar {

constexpr int64_t kCutover = days_of(1582, 10, 15);
// Days between 0000-03-01 of the Julian calendar and 1970-01-01.
constexpr int64_t kJulianEpoch = 719'470;

[[nodiscard]] constexpr Date hybrid_date_of(int64_t days) {
  if (days >= kCutover) return date_of(days);
  const int64_t shifted = days + kJulianEpoch;
  const int64_t cycle = floor_div(shifted, 1461);
  const int64_t day_of_cycle = shifted - cycle * 1461;
  const int64_t year_of_cycle = day_of_cycle / 365 < 3 ? day_of_cycle / 365 : 3;
  const int64_t day_of_year = day_of_cycle - year_of_cycle * 365;
  const int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const auto day = static_cast<int32_t>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  const auto month =
      static_cast<int32_t>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  return {cycle * 4 + year_of_cycle + (month <= 2 ? 1 : 0), month, day};
}

// Days of a date whose month and day may lie outside their ranges.
[[nodiscard]] constexpr int64_t hybrid_days_of(int64_t year, int64_t month, int64_t day) {
  const int64_t total = year * 12 + month - 1;
  const int64_t real_year = floor_div(total, 12);
  const auto real_month = static_cast<int32_t>(total - real_year * 12 + 1);
  const int64_t gregorian = days_of(real_year, real_month, 1) + day - 1;
  if (gregorian >= kCutover) return gregorian;
  const int64_t shifted = real_month <= 2 ? real_year - 1 : real_year;
  const int64_t from_march = real_month > 2 ? real_month - 3 : real_month + 9;
  return floor_div(shifted * 1461, 4) + (153 * from_march + 2) / 5 + day - 1 - kJulianEpoch;
}

}  // namespace millrace::calendar
