#include "kernels/number-text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "columnar/decimal.h"
#include "kernels/calendar.h"

namespace millrace::text {

namespace {

char* put(char* to, const char* text) {
  const size_t length = std::strlen(text);
  std::memcpy(to, text, length);
  return to + length;
}

// `value` with at least `width` digits, zeros in front.
char* put_padded(char* to, uint64_t value, uint32_t width) {
  uint32_t digits = 1;
  for (uint64_t rest = value / 10; rest != 0; rest /= 10) ++digits;
  const uint32_t count = digits > width ? digits : width;
  for (uint32_t i = count; i > 0; --i) {
    to[i - 1] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return to + count;
}

Digits split_digits(const char* at, const char* end) {
  Digits result{};
  for (; at != end && *at != 'e'; ++at) {
    if (*at != '.') result.digit[result.count++] = *at;
  }
  if (at != end) ++at;
  if (at != end && *at == '+') ++at;
  int exponent = 0;
  std::from_chars(at, end, exponent);
  result.exponent = exponent + 1;
  return result;
}

// Of texts of one digit Java takes the one of two digits nearest to the value: 4.9E-324.
template <typename Real>
Digits digits_of(Real value) {
  char text[32];
  char* const last = text + sizeof text;
  const Real positive = std::fabs(value);
  const char* end = std::to_chars(text, last, positive, std::chars_format::scientific).ptr;
  const Digits shortest = split_digits(text, end);
  if (shortest.count > 1) return shortest;
  end = std::to_chars(text, last, positive, std::chars_format::scientific, 1).ptr;
  Real read_back{0};
  std::from_chars(text, end, read_back);
  if (read_back != positive) return shortest;
  Digits two = split_digits(text, end);
  if (two.digit[1] == '0') two.count = 1;
  return two;
}

// Java: plain between 10^-3 and 10^7, else with an exponent; always a digit behind the point.
template <typename Real>
size_t write_real(char* to, Real value) {
  char* at = to;
  if (std::isnan(value)) return static_cast<size_t>(put(at, "NaN") - to);
  if (std::signbit(value)) *at++ = '-';
  if (std::isinf(value)) return static_cast<size_t>(put(at, "Infinity") - to);
  if (value == 0) return static_cast<size_t>(put(at, "0.0") - to);
  const Digits digits = digits_of(value);
  const int32_t exponent = digits.exponent - 1;
  if (exponent < -3 || exponent >= 7) {
    *at++ = digits.digit[0];
    *at++ = '.';
    if (digits.count == 1) *at++ = '0';
    at = std::copy(digits.digit + 1, digits.digit + digits.count, at);
    *at++ = 'E';
    return static_cast<size_t>(at - to) + write_integer(at, exponent);
  }
  if (exponent < 0) {
    at = put(at, "0.");
    at = std::fill_n(at, -exponent - 1, '0');
    at = std::copy(digits.digit, digits.digit + digits.count, at);
    return static_cast<size_t>(at - to);
  }
  const uint32_t whole = static_cast<uint32_t>(exponent) + 1;
  for (uint32_t i = 0; i < whole || i < digits.count; ++i) {
    if (i == whole) *at++ = '.';
    *at++ = i < digits.count ? digits.digit[i] : '0';
  }
  if (digits.count <= whole) at = put(at, ".0");
  return static_cast<size_t>(at - to);
}

char* put_fraction(char* to, uint64_t nanos, uint32_t precision) {
  if (precision == 0) return to;
  char digits[9];
  put_padded(digits, nanos, 9);
  *to++ = '.';
  return std::copy(digits, digits + precision, to);
}

char* put_clock(char* to, int64_t second_of_day) {
  const auto second = static_cast<uint64_t>(second_of_day);
  to = put_padded(to, second / 3600, 2);
  *to++ = ':';
  to = put_padded(to, second / 60 % 60, 2);
  *to++ = ':';
  return put_padded(to, second % 60, 2);
}

uint64_t magnitude_of(int64_t value) {
  return value < 0 ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
}

}  // namespace

Digits shortest_digits(double value) { return digits_of(value); }

size_t write_integer(char* to, int64_t value) {
  return static_cast<size_t>(std::to_chars(to, to + 24, value).ptr - to);
}

size_t write_double(char* to, double value) { return write_real(to, value); }
size_t write_float(char* to, float value) { return write_real(to, value); }

size_t write_decimal(char* to, int128 unscaled, uint32_t scale) {
  char reversed[48];
  uint32_t count = 0;
  uint128 rest = decimal::magnitude(unscaled);
  for (uint32_t place = 0; rest != 0 || place <= scale; ++place) {
    if (place == scale && scale != 0) reversed[count++] = '.';
    reversed[count++] = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  char* at = to;
  if (unscaled < 0) *at++ = '-';
  return static_cast<size_t>(std::reverse_copy(reversed, reversed + count, at) - to);
}

// The last four digits of the year, as Flink casts dates.
size_t write_date(char* to, int64_t days) {
  const calendar::Date date = calendar::date_of(days);
  char* at = to;
  if (date.year < 0) *at++ = '-';
  at = put_padded(at, magnitude_of(date.year) % 10'000, 4);
  *at++ = '-';
  at = put_padded(at, static_cast<uint64_t>(date.month), 2);
  *at++ = '-';
  at = put_padded(at, static_cast<uint64_t>(date.day), 2);
  return static_cast<size_t>(at - to);
}

size_t write_time(char* to, int64_t ms_of_day, uint32_t precision) {
  char* at = put_clock(to, ms_of_day / 1000);
  if (precision == 0) return static_cast<size_t>(at - to);
  *at++ = '.';
  int64_t rest = ms_of_day % 1000;
  for (uint32_t i = 0; i < precision; ++i) {
    *at++ = static_cast<char>('0' + rest / 100);
    rest = rest % 100 * 10;
    if (rest == 0) break;
  }
  return static_cast<size_t>(at - to);
}

size_t write_timestamp(char* to, int64_t ticks, int64_t ticks_per_second, uint32_t precision) {
  const int64_t seconds = calendar::floor_div(ticks, ticks_per_second);
  return write_timestamp(to, seconds, calendar::floor_mod(ticks, ticks_per_second),
                         ticks_per_second, precision);
}

size_t write_timestamp(char* to, int64_t seconds, int64_t fraction, int64_t ticks_per_second,
                       uint32_t precision) {
  const int64_t days = calendar::floor_div(seconds, 86'400);
  char* at = to + write_date(to, days);
  *at++ = ' ';
  at = put_clock(at, seconds - days * 86'400);
  const auto nanos = static_cast<uint64_t>(fraction * (1'000'000'000 / ticks_per_second));
  return static_cast<size_t>(put_fraction(at, nanos, precision) - to);
}

size_t write_months(char* to, int32_t months) {
  char* at = to;
  *at++ = months < 0 ? '-' : '+';
  const uint64_t magnitude = magnitude_of(months);
  at = put_padded(at, magnitude / 12, 1);
  *at++ = '-';
  return static_cast<size_t>(put_padded(at, magnitude % 12, 2) - to);
}

size_t write_milliseconds(char* to, int64_t ms) {
  char* at = to;
  *at++ = ms < 0 ? '-' : '+';
  const uint64_t magnitude = magnitude_of(ms);
  at = put_padded(at, magnitude / 86'400'000, 1);
  *at++ = ' ';
  at = put_clock(at, static_cast<int64_t>(magnitude % 86'400'000 / 1000));
  return static_cast<size_t>(put_fraction(at, magnitude % 1000 * 1'000'000, 3) - to);
}

}  // namespace millrace::text
