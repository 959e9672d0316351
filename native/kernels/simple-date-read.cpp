// Reading by patterns of SimpleDateFormat; see src/types/simple-pattern-read.ts.
#include <algorithm>
#include <array>
#include <span>

#include "kernels/date-pattern.h"
#include "kernels/hybrid-calendar.h"

namespace millrace::dates {
namespace {

constexpr size_t kNone = std::string_view::npos;
constexpr std::string_view kNumberLetters = "yYMLdDHkKhmsSuwWF";
constexpr std::string_view kRefusedLetters = "YuwWF";
// Years of two digits are 1946 to 2045: 80 years back from this release, as Java counts.
constexpr int64_t kTwoDigitStart = 1946;

struct Values {
  std::array<int64_t, 128> value{};
  std::array<bool, 128> present{};

  void set(char letter, int64_t to) {
    value[static_cast<uint8_t>(letter)] = to;
    present[static_cast<uint8_t>(letter)] = true;
  }
  [[nodiscard]] bool has(char letter) const { return present[static_cast<uint8_t>(letter)]; }
  [[nodiscard]] int64_t get(char letter, int64_t otherwise) const {
    return has(letter) ? value[static_cast<uint8_t>(letter)] : otherwise;
  }
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

bool is_number(const PatternItem& item) {
  const bool is_name = (item.letter == 'M' || item.letter == 'L') && item.count > 2;
  return kNumberLetters.find(item.letter) != kNone && !is_name;
}

// The digits of a number right before another end so many letters behind `from`, blanks included.
size_t read_number(const PatternItem& item, bool is_abutting, std::string_view text, size_t from,
                   size_t at, Values& values, Fault& fault) {
  if (kRefusedLetters.find(item.letter) != kNone) {
    fault = std::string("reading by date pattern letter ") + item.letter;
    return kNone;
  }
  size_t limit = std::min(text.size(), at + 12);
  if (is_abutting) limit = std::min(limit, from + item.count);
  size_t end = at;
  const bool is_negative = end < limit && text[end] == '-';
  if (is_negative) ++end;
  const size_t first = end;
  int64_t value = 0;
  for (; end < limit && is_digit(text[end]); ++end) value = value * 10 + (text[end] - '0');
  if (end == first || end - at > 10) return kNone;
  if (item.letter == 'y' && item.count <= 2 && end - at == 2 && !is_negative) {
    value += kTwoDigitStart / 100 * 100;
    if (value < kTwoDigitStart) value += 100;
  }
  values.set(item.letter == 'L' ? 'M' : item.letter, is_negative ? -value : value);
  return end;
}

bool starts_ignoring_case(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    const bool is_same = is_letter(text[i]) && (text[i] | 0x20) == (word[i] | 0x20);
    if (!is_same) return false;
  }
  return true;
}

// Full or short names in any case; the longest one counts.
size_t read_name(char letter, std::span<const std::string_view> names, std::string_view text,
                 size_t at, Values& values) {
  size_t longest = 0;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string_view rest = text.substr(at);
    const size_t length = starts_ignoring_case(rest, names[i])               ? names[i].size()
                          : starts_ignoring_case(rest, names[i].substr(0, 3)) ? 3
                                                                              : 0;
    if (length <= longest) continue;
    longest = length;
    values.set(letter, static_cast<int64_t>(letter == 'M' ? i + 1 : i));
  }
  return longest == 0 ? kNone : at + longest;
}

struct ZoneName {
  std::string_view name;
  int64_t hours;
};

constexpr ZoneName kZoneNames[] = {
    {"UTC", 0},  {"GMT", 0},  {"Z", 0},    {"EST", -5}, {"EDT", -4}, {"CST", -6},
    {"CDT", -5}, {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7},
};

// +hh, +hhmm, +hh:mm behind perhaps GMT or UTC; kNone where there is no offset.
size_t read_numeric_offset(std::string_view text, size_t at, Values& values) {
  for (const std::string_view prefix : {"GMT", "UTC"}) {
    if (text.substr(at).starts_with(prefix)) {
      at += prefix.size();
      break;
    }
  }
  if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return kNone;
  const bool is_negative = text[at++] == '-';
  const size_t first = at;
  int64_t hours = 0;
  for (; at < text.size() && at - first < 2 && is_digit(text[at]); ++at) {
    hours = hours * 10 + (text[at] - '0');
  }
  if (at == first) return kNone;
  const size_t next = at < text.size() && text[at] == ':' ? at + 1 : at;
  int64_t minutes = 0;
  if (next + 2 <= text.size() && is_digit(text[next]) && is_digit(text[next + 1])) {
    minutes = (text[next] - '0') * 10 + (text[next + 1] - '0');
    at = next + 2;
  } else {
    at = next;
  }
  const int64_t ms = (hours * 60 + minutes) * 60'000;
  values.set('Z', is_negative ? -ms : ms);
  return at;
}

size_t read_offset(std::string_view text, size_t at, Values& values) {
  const size_t end = read_numeric_offset(text, at, values);
  if (end != kNone) return end;
  size_t last = at;
  while (last < text.size() && last - at < 10 && is_letter(text[last])) ++last;
  for (const ZoneName& zone : kZoneNames) {
    if (zone.name.size() != last - at) continue;
    if (!starts_ignoring_case(text.substr(at), zone.name)) continue;
    values.set('Z', zone.hours * 3'600'000);
    return last;
  }
  return kNone;
}

size_t read_field(const PatternItem& item, bool is_abutting, std::string_view text, size_t from,
                  Values& values, Fault& fault) {
  static constexpr std::string_view kHalves[] = {"AM", "PM"};
  static constexpr std::string_view kEras[] = {"BC", "AD"};
  size_t at = from;
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  if (at >= text.size()) return kNone;
  if (is_number(item)) return read_number(item, is_abutting, text, from, at, values, fault);
  switch (item.letter) {
    case 'M': case 'L': return read_name('M', kMonths, text, at, values);
    case 'E': return read_name('E', kWeekdays, text, at, values);
    case 'a': return read_name('a', kHalves, text, at, values);
    case 'G': return read_name('G', kEras, text, at, values);
    default: return read_offset(text, at, values);
  }
}

int64_t hour_of(const Values& values) {
  if (values.has('H')) return values.get('H', 0);
  if (values.has('k')) return values.get('k', 0) % 24;
  const int64_t of_half = values.has('K') ? values.get('K', 0) : values.get('h', 0) % 12;
  return of_half + 12 * values.get('a', 0);
}

SimpleTime resolve(const Values& values) {
  const int64_t shown = values.get('y', 1970);
  const int64_t year = values.has('G') && values.get('G', 1) == 0 ? 1 - shown : shown;
  const int64_t days =
      values.has('D') && !values.has('d')
          ? calendar::hybrid_days_of(year, 1, values.get('D', 1))
          : calendar::hybrid_days_of(year, values.get('M', 1), values.get('d', 1));
  const int64_t minutes = hour_of(values) * 60 + values.get('m', 0);
  const int64_t ms = (minutes * 60 + values.get('s', 0)) * 1000 + values.get('S', 0);
  SimpleTime time{days * calendar::kMsPerDay + ms, std::nullopt};
  if (values.has('Z')) time.offset_ms = values.get('Z', 0);
  return time;
}

}  // namespace

Fault read_simple_time(const Pattern& pattern, std::string_view text,
                       std::optional<SimpleTime>& time) {
  Values values;
  Fault fault;
  time = std::nullopt;
  size_t at = 0;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const PatternItem& item = pattern[i];
    if (item.letter == '\'') {
      at = text.substr(at).starts_with(item.text) ? at + item.text.size() : kNone;
    } else {
      const bool is_abutting =
          is_number(item) && i + 1 < pattern.size() && is_number(pattern[i + 1]);
      at = read_field(item, is_abutting, text, at, values, fault);
    }
    if (at == kNone) return fault;
  }
  time = resolve(values);
  return fault;
}

}  // namespace millrace::dates
