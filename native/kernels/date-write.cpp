#include "kernels/date-pattern.h"
#include "kernels/hybrid-calendar.h"

namespace millrace::dates {
namespace {

using calendar::floor_div;
using calendar::floor_mod;

struct Fields {
  int64_t year;
  int32_t month;
  int32_t day;
  int64_t day_of_year;
  int32_t weekday;  // 0 = Sunday
  int64_t ms_of_day;
  int32_t nanos_of_ms;
  int64_t offset_ms;
  bool is_utc;
  int64_t first_of_year;
  int64_t days;
};

Fields fields_of(const ClockTime& time, PatternKind kind) {
  const int64_t days = floor_div(time.local_ms, calendar::kMsPerDay);
  const bool is_time = kind == PatternKind::kTime;
  const calendar::Date date = is_time ? calendar::date_of(days) : calendar::hybrid_date_of(days);
  const int64_t first = is_time ? calendar::days_of(date.year, 1, 1)
                                : calendar::hybrid_days_of(date.year, 1, 1);
  return {date.year, date.month, date.day, days - first + 1,
          static_cast<int32_t>(calendar::iso_day_of_week(days) % 7),
          time.local_ms - days * calendar::kMsPerDay, time.nanos_of_ms, time.offset_ms,
          time.is_utc, first, days};
}

void pad(int64_t value, uint32_t width, std::string& to) {
  const std::string digits = std::to_string(value < 0 ? -value : value);
  if (value < 0) to += '-';
  if (digits.size() < width) to.append(width - digits.size(), '0');
  to += digits;
}

struct Week {
  int64_t year;
  int64_t week;
};

// Weeks of the United States: from Sunday, the first one holds January 1.
Week week_of(const Fields& f) {
  const bool is_long =
      calendar::days_of(f.year + 1, 1, 1) - calendar::days_of(f.year, 1, 1) == 366;
  if (f.days - f.weekday + 6 >= f.first_of_year + (is_long ? 366 : 365)) return {f.year + 1, 1};
  const int64_t first_weekday = calendar::iso_day_of_week(f.first_of_year) % 7;
  return {f.year, (f.days - f.first_of_year + first_weekday) / 7 + 1};
}

int64_t week_of_month(const Fields& f) {
  const int64_t first_weekday = floor_mod(f.weekday - (f.day - 1), 7);
  return (f.day - 1 + first_weekday) / 7 + 1;
}

// Numbers of fields that both kinds write alike; false where they differ.
bool plain_number(char letter, const Fields& f, int64_t& value) {
  const int64_t hour = f.ms_of_day / 3'600'000;
  switch (letter) {
    case 'd': value = f.day; return true;
    case 'D': value = f.day_of_year; return true;
    case 'H': value = hour; return true;
    case 'k': value = hour == 0 ? 24 : hour; return true;
    case 'K': value = hour % 12; return true;
    case 'h': value = hour % 12 == 0 ? 12 : hour % 12; return true;
    case 'm': value = f.ms_of_day / 60'000 % 60; return true;
    case 's': value = f.ms_of_day / 1000 % 60; return true;
    case 'w': value = week_of(f).week; return true;
    case 'W': value = week_of_month(f); return true;
    default: return false;
  }
}

// 3 letters: short; 4: full; 5: one letter.
void put_name(std::string_view name, uint32_t count, std::string& to) {
  to += count == 3 ? name.substr(0, 3) : count == 4 ? name : name.substr(0, 1);
}

// Two letters give two digits; from four on, more digits than letters take a sign.
void put_year(int64_t year, uint32_t count, std::string& to) {
  if (count == 2) return pad(floor_mod(year, 100), 2, to);
  if (count >= 4 && year >= 0 && std::to_string(year).size() > count) to += '+';
  pad(year, count, to);
}

void put_quarter(int64_t quarter, uint32_t count, std::string& to) {
  static constexpr std::string_view kOrdinals[] = {"1st", "2nd", "3rd", "4th"};
  if (count <= 2) return pad(quarter, count, to);
  if (count == 3) to += 'Q';
  if (count == 4) {
    to += kOrdinals[quarter - 1];
    to += " quarter";
  } else {
    to += std::to_string(quarter);
  }
}

void put_era(bool is_common, uint32_t count, std::string& to) {
  if (count <= 3) to += is_common ? "AD" : "BC";
  else if (count == 4) to += is_common ? "Anno Domini" : "Before Christ";
  else to += is_common ? "A" : "B";
}

int64_t year_of_era(const Fields& f) { return f.year > 0 ? f.year : 1 - f.year; }

Fault put_sub_second(const PatternItem& item, const Fields& f, std::string& to) {
  const int64_t nanos = f.ms_of_day % 1000 * 1'000'000 + f.nanos_of_ms;
  switch (item.letter) {
    case 'S': {
      std::string digits;
      pad(nanos, 9, digits);
      to += digits.substr(0, item.count);
      return {};
    }
    case 'n': pad(nanos, item.count, to); return {};
    case 'A': pad(f.ms_of_day, item.count, to); return {};
    case 'N': pad(f.ms_of_day * 1'000'000 + f.nanos_of_ms, item.count, to); return {};
    default: return std::string("date pattern needs a zone: ") + item.letter;
  }
}

Fault put_time_field(const PatternItem& item, const Fields& f, std::string& to) {
  const uint32_t count = item.count;
  switch (item.letter) {
    case 'u': put_year(f.year, count, to); return {};
    case 'y': put_year(year_of_era(f), count, to); return {};
    case 'Y': put_year(week_of(f).year, count, to); return {};
    case 'M': case 'L':
      if (count <= 2) pad(f.month, count, to);
      else put_name(kMonths[f.month - 1], count, to);
      return {};
    case 'E': put_name(kWeekdays[f.weekday], count < 3 ? 3 : count, to); return {};
    case 'c':
      if (count == 2) return "Invalid pattern \"cc\"";
      [[fallthrough]];
    case 'e':
      if (count <= 2) pad(f.weekday + 1, count, to);
      else put_name(kWeekdays[f.weekday], count, to);
      return {};
    case 'Q': case 'q': put_quarter((f.month + 2) / 3, count, to); return {};
    case 'F': to += std::to_string((f.day - 1) % 7 + 1); return {};
    case 'a': to += f.ms_of_day < 43'200'000 ? "AM" : "PM"; return {};
    case 'G': put_era(f.year > 0, count, to); return {};
    default: return put_sub_second(item, f, to);
  }
}

Fault put_zone(char letter, uint32_t count, const Fields& f, std::string& to) {
  if (letter == 'z') {
    if (!f.is_utc) return "names of zones are not supported";
    to += count >= 4 ? "Coordinated Universal Time" : "UTC";
    return {};
  }
  if (letter == 'X' && f.offset_ms == 0) {
    to += 'Z';
    return {};
  }
  const int64_t minutes = (f.offset_ms < 0 ? -f.offset_ms : f.offset_ms) / 60'000;
  to += f.offset_ms < 0 ? '-' : '+';
  pad(minutes / 60, 2, to);
  if (letter == 'X' && count == 1) return {};
  if (letter == 'X' && count == 3) to += ':';
  pad(minutes % 60, 2, to);
  return {};
}

void put_simple_year(int64_t year, uint32_t count, std::string& to) {
  if (count == 2) pad(year % 100, 2, to);
  else pad(year, count, to);
}

Fault put_simple_field(const PatternItem& item, const Fields& f, std::string& to) {
  const uint32_t count = item.count;
  switch (item.letter) {
    case 'y': put_simple_year(year_of_era(f), count, to); return {};
    case 'Y': put_simple_year(week_of(f).year, count, to); return {};
    case 'M': case 'L':
      if (count <= 2) pad(f.month, count, to);
      else put_name(kMonths[f.month - 1], count == 3 ? 3 : 4, to);
      return {};
    case 'E': put_name(kWeekdays[f.weekday], count >= 4 ? 4 : 3, to); return {};
    case 'u': pad(f.weekday == 0 ? 7 : f.weekday, count, to); return {};
    case 'F': pad((f.day - 1) / 7 + 1, count, to); return {};
    case 'S': pad(f.ms_of_day % 1000, count, to); return {};
    case 'a': to += f.ms_of_day < 43'200'000 ? "AM" : "PM"; return {};
    case 'G': to += f.year > 0 ? "AD" : "BC"; return {};
    default: return put_zone(item.letter, count, f, to);
  }
}

}  // namespace

Fault write_time(const Pattern& pattern, PatternKind kind, const ClockTime& time,
                 std::string& to) {
  const Fields fields = fields_of(time, kind);
  for (const PatternItem& item : pattern) {
    int64_t number = 0;
    if (item.letter == '\'') {
      to += item.text;
    } else if (plain_number(item.letter, fields, number)) {
      pad(number, item.count, to);
    } else if (item.letter != '[' && item.letter != ']') {
      Fault fault = kind == PatternKind::kTime ? put_time_field(item, fields, to)
                                               : put_simple_field(item, fields, to);
      if (!fault.empty()) return fault;
    }
  }
  return {};
}

}  // namespace millrace::dates
