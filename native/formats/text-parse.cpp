#include "formats/text-parse.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <string>

namespace millrace {

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view java_trim(std::string_view text) {
  while (!text.empty() && static_cast<uint8_t>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<uint8_t>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

bool parse_integer(std::string_view text, int64_t least, int64_t most, int64_t& value) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) text.remove_prefix(1);
  if (text.empty()) return false;
  uint64_t magnitude = 0;
  constexpr uint64_t kMost = uint64_t{1} << 63;
  for (const char c : text) {
    if (!is_digit(c)) return false;
    const auto digit = static_cast<uint64_t>(c - '0');
    if (magnitude > (kMost - digit) / 10) return false;
    magnitude = magnitude * 10 + digit;
  }
  if (!negative && magnitude == kMost) return false;
  value = static_cast<int64_t>(negative ? 0 - magnitude : magnitude);
  return value >= least && value <= most;
}

// digits[.digits][e[sign]digits] with at least one digit before the exponent.
static bool is_decimal_number(std::string_view text) {
  size_t at = 0, digits = 0;
  const auto run = [&] {
    const size_t begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - begin;
  };
  digits = run();
  if (at < text.size() && text[at] == '.') {
    ++at;
    digits += run();
  }
  if (digits == 0) return false;
  if (at < text.size() && (text[at] | 32) == 'e') {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (run() == 0) return false;
  }
  return at == text.size();
}

bool parse_real(std::string_view text, double& value) {
  text = java_trim(text);
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text == "NaN") {
    value = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  if (text == "Infinity") {
    value = std::numeric_limits<double>::infinity();
  } else {
    const char suffix = text.empty() ? '\0' : static_cast<char>(text.back() | 32);
    if (suffix == 'd' || suffix == 'f') text.remove_suffix(1);
    if (!is_decimal_number(text)) return false;
    const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{}) value = std::strtod(std::string(text).c_str(), nullptr);
  }
  if (negative) value = -value;
  return true;
}

namespace {

// The digits of a number without leading zeros, and the power of ten of the last one.
struct DecimalParts {
  char digits[128];
  int count = 0;
  int64_t exponent = 0;
  bool sticky_overflow = false;  // more digits than kept: those are dropped, exponent adjusted
};

constexpr int kKeptDigits = 120;
constexpr int64_t kMaxExponent = 2'147'483'647;

bool collect_digits(std::string_view text, size_t& at, bool fraction, DecimalParts& parts,
                    bool& any) {
  for (; at < text.size() && is_digit(text[at]); ++at) {
    any = true;
    if (fraction) --parts.exponent;
    if (parts.count == 0 && text[at] == '0') continue;
    if (parts.count < kKeptDigits) parts.digits[parts.count++] = text[at];
    else ++parts.exponent;
  }
  return any;
}

}  // namespace

bool parse_decimal(std::string_view text, int precision, int scale, int128& value, bool& fits) {
  DecimalParts parts;
  size_t at = 0;
  bool any = false;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) ++at;
  collect_digits(text, at, false, parts, any);
  if (at < text.size() && text[at] == '.') collect_digits(text, ++at, true, parts, any);
  if (!any) return false;
  if (at < text.size() && (text[at] | 32) == 'e') {
    int64_t exponent = 0;
    if (!parse_integer(text.substr(at + 1), -kMaxExponent, kMaxExponent, exponent)) return false;
    parts.exponent += exponent;
    at = text.size();
  }
  if (at != text.size()) return false;
  // Digits in front of the place of 10^-scale.
  const int64_t kept = parts.count + parts.exponent + scale;
  fits = true;
  value = 0;
  if (parts.count == 0 || kept < 0) return true;
  if (kept > 39) {
    fits = false;
    return true;
  }
  uint128 magnitude = 0;
  for (int64_t i = 0; i < kept; ++i) {
    const int digit = i < parts.count ? parts.digits[i] - '0' : 0;
    magnitude = magnitude * 10 + static_cast<unsigned>(digit);
  }
  if (kept < parts.count && parts.digits[kept] >= '5') ++magnitude;
  uint128 limit = 1;
  for (int i = 0; i < precision; ++i) limit *= 10;
  fits = kept <= 38 ? magnitude < limit : false;
  value = static_cast<int128>(negative ? 0 - magnitude : magnitude);
  return true;
}

static int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

int64_t parse_base64(std::string_view text, char* out) {
  int64_t length = 0;
  size_t at = 0;
  while (true) {
    while (at < text.size() && static_cast<uint8_t>(text[at]) <= ' ') ++at;
    if (at == text.size()) return length;
    if (text.size() - at < 4) return -1;
    const int a = base64_value(text[at]), b = base64_value(text[at + 1]);
    const int c = base64_value(text[at + 2]), d = base64_value(text[at + 3]);
    const bool one = text[at + 2] == '=' && text[at + 3] == '=';
    const bool two = c >= 0 && text[at + 3] == '=';
    if (a < 0 || b < 0 || !(one || two || (c >= 0 && d >= 0))) return -1;
    out[length++] = static_cast<char>(a << 2 | b >> 4);
    if (!one) out[length++] = static_cast<char>(b << 4 | c >> 2);
    if (!one && !two) out[length++] = static_cast<char>(c << 6 | d);
    at += 4;
  }
}

// Two digits at `at`; -1 where they are none.
static int two_digits(std::string_view text, size_t at) {
  if (at + 2 > text.size() || !is_digit(text[at]) || !is_digit(text[at + 1])) return -1;
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

// 0000 to 9999, or a sign and up to nine digits; + only where there are more than four.
static bool parse_year(std::string_view text, size_t& at, int64_t& year) {
  const bool plus = !text.empty() && text[0] == '+', minus = !text.empty() && text[0] == '-';
  at = plus || minus ? 1 : 0;
  const size_t begin = at;
  year = 0;
  while (at < text.size() && is_digit(text[at]) && at - begin < 9) {
    year = year * 10 + (text[at++] - '0');
  }
  const size_t digits = at - begin;
  if (digits < 4 || (plus && digits == 4) || (!plus && !minus && digits > 4)) return false;
  if (minus) year = -year;
  return true;
}

static int64_t days_of(int64_t year, int month, int day) {
  const int64_t shifted = month <= 2 ? year - 1 : year;
  const int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  const int64_t year_of_era = shifted - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719'468;
}

static int month_length(int64_t year, int month) {
  constexpr int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kLengths[month - 1];
}

// A date at the front of `text`; `at` is left behind it.
static bool parse_local_date(std::string_view text, size_t& at, Resolve resolve, int64_t& days) {
  int64_t year = 0;
  if (!parse_year(text, at, year)) return false;
  const int month = two_digits(text, at + 1), day = two_digits(text, at + 4);
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  if (text[at] != '-' || text[at + 3] != '-') return false;
  at += 6;
  const int last = month_length(year, month);
  if (day > last && resolve == Resolve::kStrict) return false;
  days = days_of(year, month, std::min(day, last));
  return true;
}

// HH:mm[:ss[.f]] from `at` on; seconds are required unless `short_form`. 24:00:00 is allowed
// where java.time resolves smartly.
static bool parse_local_time(std::string_view text, size_t& at, Resolve resolve, bool short_form,
                             int64_t& nanos) {
  const int hour = two_digits(text, at), minute = two_digits(text, at + 3);
  if (hour < 0 || minute < 0 || hour > 24 || minute > 59 || text[at + 2] != ':') return false;
  at += 5;
  int second = 0;
  int64_t fraction = 0;
  const bool has_second = at < text.size() && text[at] == ':';
  if (!has_second && !short_form) return false;
  if (has_second) {
    second = two_digits(text, at + 1);
    if (second < 0 || second > 59) return false;
    at += 3;
    if (at < text.size() && text[at] == '.') {
      ++at;
      int digits = 0;
      for (; at < text.size() && is_digit(text[at]) && digits < 9; ++digits) {
        fraction = fraction * 10 + (text[at++] - '0');
      }
      for (; digits < 9; ++digits) fraction *= 10;
    }
  }
  nanos = ((hour * 60 + minute) * int64_t{60} + second) * 1'000'000'000 + fraction;
  if (hour < 24) return true;
  return resolve == Resolve::kSmart && nanos == int64_t{86'400} * 1'000'000'000;
}

bool parse_date(std::string_view text, int32_t& days) {
  size_t at = 0;
  int64_t value = 0;
  if (!parse_local_date(text, at, Resolve::kStrict, value) || at != text.size()) return false;
  if (value < INT32_MIN || value > INT32_MAX) return false;
  days = static_cast<int32_t>(value);
  return true;
}

bool parse_time(std::string_view text, int32_t& millis) {
  size_t at = 0;
  int64_t nanos = 0;
  if (!parse_local_time(text, at, Resolve::kSmart, false, nanos) || at != text.size()) return false;
  millis = static_cast<int32_t>(nanos / 1'000'000 % 86'400'000);
  return true;
}

static bool to_ticks(int64_t days, int64_t nanos, int64_t ticks_per_second, int64_t& ticks) {
  int64_t whole = 0;
  if (__builtin_mul_overflow(days, 86'400 * ticks_per_second, &whole)) return false;
  return !__builtin_add_overflow(whole, nanos / (1'000'000'000 / ticks_per_second), &ticks);
}

static bool take_zulu(std::string_view text, bool zulu, size_t at) {
  return zulu ? at + 1 == text.size() && text[at] == 'Z' : at == text.size();
}

bool parse_sql_timestamp(std::string_view text, bool zulu, int64_t ticks_per_second,
                         int64_t& ticks) {
  size_t at = 0;
  int64_t days = 0, nanos = 0;
  if (!parse_local_date(text, at, Resolve::kSmart, days)) return false;
  if (at >= text.size() || text[at] != ' ') return false;
  if (!parse_local_time(text, ++at, Resolve::kSmart, false, nanos)) return false;
  return take_zulu(text, zulu, at) && to_ticks(days, nanos, ticks_per_second, ticks);
}

bool parse_iso_timestamp(std::string_view text, bool zulu, int64_t ticks_per_second,
                         int64_t& ticks) {
  const Resolve resolve = zulu ? Resolve::kSmart : Resolve::kStrict;
  size_t at = 0;
  int64_t days = 0, nanos = 0;
  if (!parse_local_date(text, at, resolve, days)) return false;
  if (at >= text.size() || !(text[at] == 'T' || (!zulu && text[at] == 't'))) return false;
  if (!parse_local_time(text, ++at, resolve, !zulu, nanos)) return false;
  return take_zulu(text, zulu, at) && to_ticks(days, nanos, ticks_per_second, ticks);
}

}  // namespace millrace
