// The proleptic Gregorian calendar of java.time, the same as src/types/calendar.ts. Days count
// from 1970-01-01.
#pragma once

#include <cstdint>

namespace millrace::calendar {

constexpr int64_t kMsPerDay = 86'400'000;

[[nodiscard]] constexpr int64_t floor_div(int64_t a, int64_t b) {
  const int64_t quotient = a / b;
  return (a % b != 0 && ((a < 0) != (b < 0))) ? quotient - 1 : quotient;
}
[[nodiscard]] constexpr int64_t floor_mod(int64_t a, int64_t b) {
  const int64_t rest = a % b;
  return rest != 0 && ((rest < 0) != (b < 0)) ? rest + b : rest;
}

struct Date {
  int64_t year;
  int32_t month;  // 1..12
  int32_t day;    // 1..31
};

// Days of a date; month 1..12, day may lie outside the month.
[[nodiscard]] constexpr int64_t days_of(int64_t year, int32_t month, int64_t day) {
  const int64_t shifted = month <= 2 ? year - 1 : year;
  const int64_t era = floor_div(shifted, 400);
  const int64_t year_of_era = shifted - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

[[nodiscard]] constexpr Date date_of(int64_t days) {
  const int64_t shifted = days + 719'468;
  const int64_t era = floor_div(shifted, 146'097);
  const int64_t day_of_era = shifted - era * 146'097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const auto day = static_cast<int32_t>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  const auto month =
      static_cast<int32_t>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

[[nodiscard]] constexpr bool is_leap_year(int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

[[nodiscard]] constexpr int32_t days_in_month(int64_t year, int32_t month) {
  constexpr int32_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? 29 : kDays[month - 1];
}

// Day of the year from 1.
[[nodiscard]] constexpr int64_t day_of_year(int64_t days) {
  return days - days_of(date_of(days).year, 1, 1) + 1;
}

// 1 = Monday .. 7 = Sunday.
[[nodiscard]] constexpr int64_t iso_day_of_week(int64_t days) { return floor_mod(days + 3, 7) + 1; }

// The year that the ISO week of a date belongs to.
[[nodiscard]] constexpr int64_t iso_year(int64_t days) {
  return date_of(days - iso_day_of_week(days) + 4).year;
}

// The ISO week, 1..53.
[[nodiscard]] constexpr int64_t iso_week(int64_t days) {
  return (day_of_year(days - iso_day_of_week(days) + 4) - 1) / 7 + 1;
}

// The date some months later, the day cut to the end of the month (2021-01-31 + 1 = 02-28).
[[nodiscard]] constexpr int64_t add_months(int64_t days, int64_t months) {
  const Date date = date_of(days);
  const int64_t total = date.year * 12 + date.month - 1 + months;
  const int64_t year = floor_div(total, 12);
  const auto month = static_cast<int32_t>(total - year * 12 + 1);
  const int32_t last = days_in_month(year, month);
  return days_of(year, month, date.day < last ? date.day : last);
}

}  // namespace millrace::calendar
