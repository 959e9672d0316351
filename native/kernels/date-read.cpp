// Reading by patterns of java.time.format; see src/types/date-pattern-read.ts.
#include <algorithm>
#include <array>
#include <span>

#include "kernels/calendar.h"
#include "kernels/date-pattern.h"

namespace millrace::dates {
namespace {

constexpr size_t kNone = std::string_view::npos;
constexpr std::string_view kNumberLetters = "uyDdHkKhmsSnMLQq";

// Values read, by letter; `M` and `L` are one, `E` counts from Sunday = 0, `n` is the fraction.
class Values {
 public:
  [[nodiscard]] bool has(char letter) const { return present_[index(letter)]; }
  [[nodiscard]] int64_t get(char letter, int64_t otherwise) const {
    return has(letter) ? value_[index(letter)] : otherwise;
  }
  // False where it contradicts a value read before.
  [[nodiscard]] bool set(char letter, int64_t value) {
    const size_t at = index(letter);
    const bool is_same = !present_[at] || value_[at] == value;
    present_[at] = true;
    value_[at] = value;
    return is_same;
  }

 private:
  static size_t index(char letter) { return static_cast<uint8_t>(letter) & 0x7f; }
  std::array<int64_t, 128> value_{};
  std::array<bool, 128> present_{};
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_number(const PatternItem& item) {
  if (kNumberLetters.find(item.letter) == kNone) return false;
  const bool is_named = std::string_view("MLQq").find(item.letter) != kNone;
  return !(is_named && item.count > 2);
}

struct Width {
  size_t least;
  size_t most;
};

// Numbers of a fixed width give way to nothing; others leave room for fixed ones behind them.
Width width_of(const PatternItem& item) {
  if (item.letter == 'S' || item.count == 2 || (item.letter == 'D' && item.count == 3)) {
    return {item.count, item.count};
  }
  return {item.count, 19};
}

// Digits that fixed numbers right behind a number of free width need.
size_t reserved_behind(const Pattern& pattern, size_t index) {
  size_t reserved = 0;
  for (size_t i = index + 1; i < pattern.size() && is_number(pattern[i]); ++i) {
    const Width width = width_of(pattern[i]);
    if (width.least != width.most) break;
    reserved += width.most;
  }
  return reserved;
}

bool set_number(const PatternItem& item, int64_t value, size_t digits, Values& values) {
  if (item.letter == 'S') {
    for (size_t i = digits; i < 9; ++i) value *= 10;
    return values.set('n', value);
  }
  const bool is_year = item.letter == 'y' || item.letter == 'u';
  if (item.count == 2 && is_year) return values.set(item.letter, 2000 + value);
  return values.set(item.letter == 'L' ? 'M' : item.letter, value);
}

size_t read_number(const PatternItem& item, size_t reserved, std::string_view text, size_t at,
                   Values& values) {
  const Width width = width_of(item);
  const bool is_free = width.least != width.most;
  const bool is_year = item.letter == 'y' || item.letter == 'u';
  char sign = 0;
  if (is_year && is_free && at < text.size() && (text[at] == '+' || text[at] == '-')) {
    sign = text[at++];
  }
  size_t end = at;
  while (end < text.size() && end - at < width.most && is_digit(text[end])) ++end;
  if (is_free && reserved > 0) {
    const size_t left = end - at > reserved ? end - reserved : at;
    end = std::max(at + width.least, left);
  }
  if (end > text.size()) return kNone;
  const size_t count = end - at;
  if (count < width.least || count > 10) return kNone;
  if (is_year && item.count >= 4 && sign != '-') {
    if (sign == '+' ? count <= width.least : count > width.least) return kNone;
  }
  int64_t value = 0;
  for (size_t i = at; i < end; ++i) {
    if (!is_digit(text[i])) return kNone;
    value = value * 10 + (text[i] - '0');
  }
  return set_number(item, sign == '-' ? -value : value, count, values) ? end : kNone;
}

// Three letters are the short name, four the full one.
size_t read_name(char letter, std::span<const std::string_view> names, uint32_t count,
                 std::string_view text, size_t at, Values& values) {
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string_view name = count == 3 ? names[i].substr(0, 3) : names[i];
    if (!text.substr(at).starts_with(name)) continue;
    const auto value = static_cast<int64_t>(letter == 'M' ? i + 1 : i);
    return values.set(letter, value) ? at + name.size() : kNone;
  }
  return kNone;
}

// The offset is read over: only the wall clock counts.
size_t read_offset(std::string_view text, size_t at) {
  if (at >= text.size()) return kNone;
  if (text[at] == 'Z') return at + 1;
  if (text[at] != '+' && text[at] != '-') return kNone;
  const auto two_digits = [text](size_t from) {
    return from + 2 <= text.size() && is_digit(text[from]) && is_digit(text[from + 1]);
  };
  ++at;
  if (!two_digits(at)) return kNone;
  at += 2;
  for (int i = 0; i < 2; ++i) {
    const size_t next = at < text.size() && text[at] == ':' ? at + 1 : at;
    if (!two_digits(next)) break;
    at = next + 2;
  }
  return at;
}

size_t read_item(const PatternItem& item, size_t reserved, std::string_view text, size_t at,
                 Values& values, Fault& fault) {
  static constexpr std::string_view kHalves[] = {"AM", "PM"};
  if (item.letter == '\'') {
    return text.substr(at).starts_with(item.text) ? at + item.text.size() : kNone;
  }
  if (is_number(item)) return read_number(item, reserved, text, at, values);
  switch (item.letter) {
    case 'M': case 'L': return read_name('M', kMonths, item.count, text, at, values);
    case 'E': return read_name('E', kWeekdays, std::max(3u, item.count), text, at, values);
    case 'a': return read_name('a', kHalves, 4, text, at, values);
    case 'X': case 'x': case 'Z': return read_offset(text, at);
    default:
      fault = std::string("reading by date pattern letter ") + item.letter;
      return kNone;
  }
}

size_t closing_of(const Pattern& pattern, size_t open) {
  int depth = 0;
  for (size_t i = open;; ++i) {
    if (pattern[i].letter == '[') ++depth;
    if (pattern[i].letter == ']' && --depth == 0) return i;
  }
}

// Reads the items first .. last - 1 from `at`; returns where they end, or kNone.
size_t read_items(const Pattern& pattern, size_t first, size_t last, std::string_view text,
                  size_t at, Values& values, Fault& fault) {
  for (size_t i = first; i < last && fault.empty(); ++i) {
    if (pattern[i].letter == '[') {
      const size_t close = closing_of(pattern, i);
      Values tried = values;
      const size_t end = read_items(pattern, i + 1, close, text, at, tried, fault);
      if (end != kNone) {
        at = end;
        values = tried;
      }
      i = close;
      continue;
    }
    at = read_item(pattern[i], reserved_behind(pattern, i), text, at, values, fault);
    if (at == kNone) return kNone;
  }
  return at;
}

struct ValueRange {
  char letter;
  int64_t least;
  int64_t greatest;
};

constexpr ValueRange kRanges[] = {
    {'M', 1, 12}, {'d', 1, 31}, {'D', 1, 366}, {'H', 0, 24}, {'k', 1, 24},
    {'K', 0, 11}, {'h', 1, 12}, {'m', 0, 59},  {'s', 0, 59}, {'n', 0, 999'999'999},
    {'y', 1, 999'999'999}, {'Q', 1, 4}, {'q', 1, 4},
};

bool resolve_date(const Values& values, int64_t& days) {
  const bool has_year = values.has('u') || values.has('y');
  const int64_t year = values.get('u', values.get('y', 1970));
  if (has_year && values.has('D')) {
    days = calendar::days_of(year, 1, 1) + values.get('D', 1) - 1;
    const calendar::Date date = calendar::date_of(days);
    if (date.year != year || values.get('M', date.month) != date.month) return false;
    if (values.get('d', date.day) != date.day) return false;
  } else {
    const auto month = static_cast<int32_t>(values.get('M', 1));
    const int64_t length = calendar::days_in_month(year, month);
    const int64_t day = values.get('d', 1);
    if (day > length && !(has_year && values.has('M'))) return false;
    days = calendar::days_of(year, month, std::min(day, length));
  }
  const int64_t weekday = calendar::iso_day_of_week(days) % 7;
  return values.get('E', weekday) == weekday;
}

int64_t resolve_hour(const Values& values) {
  if (values.has('H')) return values.get('H', 0);
  if (values.has('k')) return values.get('k', 0) % 24;
  const bool has_hour = values.has('K') || values.has('h');
  if (!has_hour || !values.has('a')) return 0;
  return values.get('K', values.get('h', 0)) % 12 + 12 * values.get('a', 0);
}

// What is missing is that of 1970-01-01 00:00.
std::optional<ReadTime> resolve(const Values& values) {
  for (const ValueRange& range : kRanges) {
    const int64_t value = values.get(range.letter, range.least);
    if (value < range.least || value > range.greatest) return std::nullopt;
  }
  int64_t days = 0;
  if (!resolve_date(values, days)) return std::nullopt;
  const int64_t nanos = values.get('n', 0);
  const int64_t hour = resolve_hour(values);
  const int64_t minute = values.get('m', 0);
  const int64_t second = values.get('s', 0);
  if (hour == 24 && (minute > 0 || second > 0 || nanos > 0)) return std::nullopt;
  const int64_t ms = ((hour * 60 + minute) * 60 + second) * 1000 + nanos / 1'000'000;
  return ReadTime{days * calendar::kMsPerDay + ms, static_cast<int32_t>(nanos % 1'000'000)};
}

// Digits of a part of java.sql.Timestamp; false unless there are `least` to `most`.
bool take_digits(std::string_view text, size_t& at, size_t least, size_t most, int64_t& value) {
  const size_t start = at;
  for (value = 0; at < text.size() && at - start < most && is_digit(text[at]); ++at) {
    value = value * 10 + (text[at] - '0');
  }
  return at - start >= least;
}

bool take_char(std::string_view text, size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

bool take_signed(std::string_view text, size_t& at, int64_t& value) {
  const bool is_negative = at < text.size() && text[at] == '-';
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  if (!take_digits(text, at, 1, 9, value)) return false;
  if (is_negative) value = -value;
  return true;
}

// Blanks, then h:m:s and perhaps a fraction.
bool take_clock(std::string_view text, size_t& at, int64_t& seconds, int64_t& nanos) {
  int64_t parts[3];
  while (at < text.size() && text[at] == ' ') ++at;
  for (int i = 0; i < 3; ++i) {
    if (i > 0 && !take_char(text, at, ':')) return false;
    if (!take_signed(text, at, parts[i])) return false;
  }
  seconds = (parts[0] * 60 + parts[1]) * 60 + parts[2];
  if (!take_char(text, at, '.')) return true;
  const size_t start = at;
  if (!take_digits(text, at, 1, 9, nanos)) return false;
  for (size_t i = at - start; i < 9; ++i) nanos *= 10;
  return true;
}

}  // namespace

Fault read_time(const Pattern& pattern, std::string_view text, std::optional<ReadTime>& time) {
  Values values;
  Fault fault;
  const size_t end = read_items(pattern, 0, pattern.size(), text, 0, values, fault);
  time = fault.empty() && end == text.size() ? resolve(values) : std::nullopt;
  return fault;
}

std::optional<ReadTime> read_sql_timestamp(std::string_view text) {
  const auto is_blank = [](char c) { return static_cast<uint8_t>(c) <= 0x20; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  size_t at = 0;
  int64_t year = 0, month = 0, day = 0, seconds = 0, nanos = 0;
  if (!take_digits(text, at, 4, 4, year) || !take_char(text, at, '-')) return std::nullopt;
  if (!take_digits(text, at, 1, 2, month) || !take_char(text, at, '-')) return std::nullopt;
  if (!take_digits(text, at, 1, 2, day)) return std::nullopt;
  if (month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  if (at < text.size() && text[at] == ' ' && !take_clock(text, at, seconds, nanos)) {
    return std::nullopt;
  }
  if (at != text.size()) return std::nullopt;
  const int64_t days = calendar::days_of(year, static_cast<int32_t>(month), day);
  const int64_t ms = days * calendar::kMsPerDay + seconds * 1000 + nanos / 1'000'000;
  return ReadTime{ms, static_cast<int32_t>(nanos % 1'000'000)};
}

}  // namespace millrace::dates
