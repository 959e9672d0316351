#include "kernels/time-unit.h"

#include <utility>

#include "kernels/calendar.h"

namespace millrace {
namespace {

using calendar::Date;
using calendar::floor_div;

constexpr std::pair<std::string_view, TimeUnit> kNames[] = {
    {"NANOSECOND", TimeUnit::kNanosecond}, {"MICROSECOND", TimeUnit::kMicrosecond},
    {"MILLISECOND", TimeUnit::kMillisecond}, {"SECOND", TimeUnit::kSecond},
    {"MINUTE", TimeUnit::kMinute}, {"HOUR", TimeUnit::kHour}, {"DAY", TimeUnit::kDay},
    {"WEEK", TimeUnit::kWeek}, {"MONTH", TimeUnit::kMonth}, {"QUARTER", TimeUnit::kQuarter},
    {"YEAR", TimeUnit::kYear}, {"DECADE", TimeUnit::kDecade}, {"CENTURY", TimeUnit::kCentury},
    {"MILLENNIUM", TimeUnit::kMillennium}, {"EPOCH", TimeUnit::kEpoch},
    {"DOW", TimeUnit::kDayOfWeek}, {"DOY", TimeUnit::kDayOfYear},
    {"ISODOW", TimeUnit::kIsoDayOfWeek}, {"ISOYEAR", TimeUnit::kIsoYear},
};

// Flink's CEIL leaves the first day of a year and of a month where it is, of a quarter only
// January 1, and moves every day to the next decade, century or millennium.
int64_t round_months(int64_t months, bool is_up, int64_t base, int64_t days) {
  const auto first_of_month = [base](int64_t total) {
    const int64_t year = floor_div(total, 12);
    return calendar::days_of(year + base, static_cast<int32_t>(total - year * 12 + 1), 1);
  };
  const Date date = calendar::date_of(days);
  const int64_t floor = floor_div((date.year - base) * 12 + date.month - 1, months) * months;
  const int64_t first = first_of_month(floor);
  const bool is_exact = first == days && months <= 12 && (months != 3 || date.month == 1);
  return is_up && !is_exact ? first_of_month(floor + months) : first;
}

// Weeks start on Sunday.
int64_t round_week(bool is_up, int64_t days) {
  const int64_t since_sunday = calendar::iso_day_of_week(days) % 7;
  if (since_sunday == 0) return days;
  return is_up ? days + 7 - since_sunday : days - since_sunday;
}

}  // namespace

TimeUnit time_unit_of(std::string_view name) {
  for (const auto& [known, unit] : kNames) {
    if (known == name) return unit;
  }
  return TimeUnit::kUnknown;
}

std::string_view name_of(TimeUnit unit) {
  for (const auto& [name, known] : kNames) {
    if (known == unit) return name;
  }
  return "UNKNOWN";
}

int64_t unit_ms(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kMillisecond: return 1;
    case TimeUnit::kSecond: return 1000;
    case TimeUnit::kMinute: return 60'000;
    case TimeUnit::kHour: return 3'600'000;
    case TimeUnit::kDay: return calendar::kMsPerDay;
    case TimeUnit::kWeek: return 7 * calendar::kMsPerDay;
    default: return 0;
  }
}

int64_t unit_months(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kMonth: return 1;
    case TimeUnit::kQuarter: return 3;
    case TimeUnit::kYear: return 12;
    case TimeUnit::kDecade: return 120;
    case TimeUnit::kCentury: return 1200;
    case TimeUnit::kMillennium: return 12'000;
    default: return 0;
  }
}

bool is_date_field(TimeUnit unit) {
  return (unit >= TimeUnit::kDay && unit <= TimeUnit::kMillennium) ||
         (unit >= TimeUnit::kDayOfWeek && unit <= TimeUnit::kIsoYear);
}

int64_t date_field(TimeUnit unit, int64_t days) {
  switch (unit) {
    case TimeUnit::kWeek: return calendar::iso_week(days);
    case TimeUnit::kDayOfWeek: return calendar::iso_day_of_week(days) % 7 + 1;
    case TimeUnit::kDayOfYear: return calendar::day_of_year(days);
    case TimeUnit::kIsoDayOfWeek: return calendar::iso_day_of_week(days);
    case TimeUnit::kIsoYear: return calendar::iso_year(days);
    default: break;
  }
  const Date date = calendar::date_of(days);
  switch (unit) {
    case TimeUnit::kDay: return date.day;
    case TimeUnit::kMonth: return date.month;
    case TimeUnit::kQuarter: return (date.month + 2) / 3;
    case TimeUnit::kDecade: return floor_div(date.year, 10);
    case TimeUnit::kCentury: return floor_div(date.year + 99, 100);
    case TimeUnit::kMillennium: return floor_div(date.year + 999, 1000);
    default: return date.year;
  }
}

bool rounds_date(TimeUnit unit) { return unit == TimeUnit::kWeek || unit_months(unit) != 0; }

int64_t round_date(TimeUnit unit, bool is_up, int64_t days) {
  if (unit == TimeUnit::kWeek) return round_week(is_up, days);
  const bool from_one = unit == TimeUnit::kCentury || unit == TimeUnit::kMillennium;
  return round_months(unit_months(unit), is_up, from_one ? 1 : 0, days);
}

int64_t months_between(int64_t later, int64_t earlier) {
  if (later < earlier) return -months_between(earlier, later);
  for (int64_t months = (later - earlier) / 31;; ++months) {
    if (calendar::add_months(earlier, months) >= later) return months;
    if (calendar::add_months(earlier, months + 1) > later) return months;
  }
}

}  // namespace millrace
