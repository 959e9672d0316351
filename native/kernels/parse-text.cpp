#include "kernels/parse-text.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "kernels/calendar.h"

namespace millrace::text {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return static_cast<uint8_t>(c) <= ' '; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Takes a sign off the front; whether it was a minus.
bool take_sign(std::string_view& text) {
  if (text.empty() || (text.front() != '-' && text.front() != '+')) return false;
  const bool is_negative = text.front() == '-';
  text.remove_prefix(1);
  return is_negative;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

// A number of at most 9 digits and nothing else, blanks around it aside.
std::optional<int32_t> parse_part(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || text.size() > 9) return std::nullopt;
  int32_t value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// The parts of a decimal number: value = 0.d1d2d3... * 10^point.
struct Number {
  std::string_view whole;
  std::string_view fraction;
  int64_t exponent = 0;
};

constexpr int64_t kLargestExponent = 1'000'000;

std::optional<int64_t> parse_exponent(std::string_view text) {
  const bool is_negative = take_sign(text);
  if (text.empty()) return std::nullopt;
  int64_t value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    if (value < kLargestExponent) value = value * 10 + (c - '0');
  }
  return is_negative ? -value : value;
}

std::optional<Number> split_number(std::string_view text) {
  Number number;
  size_t at = 0;
  while (at < text.size() && is_digit(text[at])) ++at;
  number.whole = text.substr(0, at);
  if (at < text.size() && text[at] == '.') {
    const size_t start = ++at;
    while (at < text.size() && is_digit(text[at])) ++at;
    number.fraction = text.substr(start, at - start);
  }
  if (number.whole.empty() && number.fraction.empty()) return std::nullopt;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const std::optional<int64_t> exponent = parse_exponent(text.substr(at + 1));
    if (!exponent.has_value()) return std::nullopt;
    number.exponent = *exponent;
    at = text.size();
  }
  if (at != text.size()) return std::nullopt;
  return number;
}

// The digit at a place of whole and fraction together; 0 behind them.
int digit_at(const Number& number, size_t place) {
  if (place < number.whole.size()) return number.whole[place] - '0';
  place -= number.whole.size();
  return place < number.fraction.size() ? number.fraction[place] - '0' : 0;
}

// Milliseconds of a fraction of a second: the fourth digit rounds; other characters count as 0.
int32_t fraction_ms(std::string_view text) {
  int32_t value = 0;
  int32_t unit = 100;
  for (size_t i = 0; i < text.size(); ++i) {
    value += unit * (is_digit(text[i]) ? text[i] - '0' : 0);
    if (unit == 1) {
      if (i + 1 < text.size() && text[i + 1] >= '5' && text[i + 1] <= '9') ++value;
      break;
    }
    unit /= 10;
  }
  return value;
}

// An offset such as -08 or +01:00 at the end of a time, in milliseconds; cut off `text`.
std::optional<int32_t> take_offset(std::string_view& text) {
  const size_t at = text.find_first_of("+-");
  if (at == std::string_view::npos) return 0;
  const bool is_negative = text[at] == '-';
  std::string_view offset = text.substr(at + 1);
  text = text.substr(0, at);
  const size_t colon = offset.find(':');
  const auto hours = parse_part(offset.substr(0, colon));
  const auto minutes =
      colon == std::string_view::npos ? std::optional<int32_t>(0)
                                      : parse_part(offset.substr(colon + 1));
  if (!hours.has_value() || !minutes.has_value() || *hours > 23 || *minutes > 59) {
    return std::nullopt;
  }
  const int32_t ms = *hours * 3'600'000 + *minutes * 60'000;
  return is_negative ? -ms : ms;
}

// One or two digits at `at`, which moves behind them; -1 where there is none.
int32_t take_two(std::string_view text, size_t& at) {
  if (at >= text.size() || !is_digit(text[at])) return -1;
  int32_t value = text[at++] - '0';
  if (at < text.size() && is_digit(text[at])) value = value * 10 + (text[at++] - '0');
  return value;
}

bool take_char(std::string_view text, size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

// The clock and the fraction behind a date. False where they are not there as they should be.
bool parse_clock(std::string_view text, size_t at, int64_t& second_of_day, int32_t& nanos) {
  const int32_t hour = take_two(text, at);
  if (hour < 0 || !take_char(text, at, ':')) return false;
  const int32_t minute = take_two(text, at);
  if (minute < 0 || !take_char(text, at, ':')) return false;
  const int32_t second = take_two(text, at);
  if (second < 0) return false;
  nanos = 0;
  if (take_char(text, at, '.')) {
    int32_t unit = 100'000'000;
    for (; unit > 0 && at < text.size() && is_digit(text[at]); unit /= 10) {
      nanos += unit * (text[at++] - '0');
    }
  }
  const bool is_midnight = hour == 24 && minute == 0 && second == 0 && nanos == 0;
  if (at != text.size() || (hour > 23 && !is_midnight) || minute > 59 || second > 59) return false;
  second_of_day = hour * 3600 + minute * 60 + second;
  return true;
}

}  // namespace

std::optional<bool> parse_boolean(std::string_view text) {
  for (const char* word : {"true", "t", "yes", "y", "1"}) {
    if (equals_ignoring_case(text, word)) return true;
  }
  for (const char* word : {"false", "f", "no", "n", "0"}) {
    if (equals_ignoring_case(text, word)) return false;
  }
  return std::nullopt;
}

std::optional<int64_t> parse_integer(std::string_view text, int64_t least, int64_t greatest) {
  text = trimmed(text);
  const bool is_negative = take_sign(text);
  if (text.empty()) return std::nullopt;
  uint128 value = 0;
  size_t at = 0;
  for (; at < text.size() && text[at] != '.'; ++at) {
    if (!is_digit(text[at])) return std::nullopt;
    if (value < (uint128{1} << 100)) value = value * 10 + static_cast<uint32_t>(text[at] - '0');
  }
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (!is_digit(text[i])) return std::nullopt;
  }
  const int128 number = is_negative ? -static_cast<int128>(value) : static_cast<int128>(value);
  if (number < least || number > greatest) return std::nullopt;
  return static_cast<int64_t>(number);
}

std::optional<double> parse_double(std::string_view text) {
  text = trimmed(text);
  const bool is_negative = take_sign(text);
  const double sign = is_negative ? -1.0 : 1.0;
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return sign * std::numeric_limits<double>::infinity();
  if (!text.empty() && (is_digit(text[0]) || text[0] == '.')) {
    const char last = text.back();
    if (last == 'd' || last == 'D' || last == 'f' || last == 'F') text.remove_suffix(1);
  }
  const std::optional<Number> number = split_number(text);
  if (!number.has_value()) return std::nullopt;
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec == std::errc::result_out_of_range) {
    // Beyond the range at either end: the first digit that is not 0 tells which.
    size_t first = 0;
    const size_t digits = number->whole.size() + number->fraction.size();
    while (first < digits && digit_at(*number, first) == 0) ++first;
    const int64_t point = static_cast<int64_t>(number->whole.size()) - static_cast<int64_t>(first);
    const bool is_large = first < digits && point + number->exponent > 0;
    value = is_large ? std::numeric_limits<double>::infinity() : 0;
  }
  return sign * value;
}

std::optional<int128> parse_decimal(std::string_view text, decimal::Shape shape) {
  text = trimmed(text);
  const bool is_negative = take_sign(text);
  const std::optional<Number> number = split_number(text);
  if (!number.has_value()) return std::nullopt;
  const size_t digits = number->whole.size() + number->fraction.size();
  size_t first = 0;
  while (first < digits && digit_at(*number, first) == 0) ++first;
  if (first == digits) return int128{0};
  // Digits from the first to the last place that the scale keeps.
  const int64_t kept = static_cast<int64_t>(number->whole.size()) - static_cast<int64_t>(first) +
                       number->exponent + shape.scale;
  if (kept < 0) return int128{0};
  if (kept > decimal::kMaxPrecision) return std::nullopt;
  uint128 value = 0;
  for (int64_t i = 0; i < kept; ++i) {
    value = value * 10 + static_cast<uint32_t>(digit_at(*number, first + static_cast<size_t>(i)));
  }
  if (digit_at(*number, first + static_cast<size_t>(kept)) >= 5) ++value;
  if (value >= decimal::power_of_ten(shape.precision)) return std::nullopt;
  return is_negative ? -static_cast<int128>(value) : static_cast<int128>(value);
}

std::optional<int32_t> parse_date(std::string_view text) {
  const size_t blank = text.find(' ');
  if (blank != std::string_view::npos && blank > 0) text = text.substr(0, blank);
  std::optional<int32_t> parts[3] = {std::nullopt, 1, 1};
  for (int i = 0; i < 3; ++i) {
    const size_t hyphen = i < 2 ? text.find('-') : std::string_view::npos;
    parts[i] = parse_part(text.substr(0, hyphen));
    if (!parts[i].has_value()) return std::nullopt;
    if (hyphen == std::string_view::npos) break;
    text = text.substr(hyphen + 1);
  }
  const int32_t year = *parts[0], month = *parts[1], day = *parts[2];
  if (year > 9999 || month < 1 || month > 12 || day < 1) return std::nullopt;
  if (day > calendar::days_in_month(year, month)) return std::nullopt;
  return static_cast<int32_t>(calendar::days_of(year, month, day));
}

std::optional<int32_t> parse_time(std::string_view text) {
  const std::optional<int32_t> offset = take_offset(text);
  if (!offset.has_value()) return std::nullopt;
  int32_t fraction = 0;
  const size_t point = text.find('.');
  int32_t parts[3] = {0, 0, 0};
  int count = 0;
  std::string_view rest = text.substr(0, point);
  for (; count < 3; ++count) {
    const size_t colon = count < 2 ? rest.find(':') : std::string_view::npos;
    const std::optional<int32_t> part = parse_part(rest.substr(0, colon));
    if (!part.has_value()) return std::nullopt;
    parts[count] = *part;
    if (colon == std::string_view::npos) break;
    rest = rest.substr(colon + 1);
  }
  if (point != std::string_view::npos) {
    if (count < 2) return std::nullopt;
    fraction = fraction_ms(trimmed(text.substr(point + 1)));
  }
  if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59) return std::nullopt;
  const int32_t clock = parts[0] * 3'600'000 + parts[1] * 60'000 + parts[2] * 1000;
  const int32_t ms = clock + fraction + *offset;
  if (ms < 0 || ms >= calendar::kMsPerDay) return std::nullopt;
  return ms;
}

std::optional<LocalTime> parse_timestamp(std::string_view text) {
  size_t at = 0;
  int32_t year = 0;
  for (; at < 4; ++at) {
    if (at >= text.size() || !is_digit(text[at])) return std::nullopt;
    year = year * 10 + (text[at] - '0');
  }
  if (!take_char(text, at, '-')) return std::nullopt;
  const int32_t month = take_two(text, at);
  if (!take_char(text, at, '-')) return std::nullopt;
  const int32_t day = take_two(text, at);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  int64_t second_of_day = 0;
  int32_t nanos = 0;
  if (at != text.size()) {
    if (!take_char(text, at, ' ')) return std::nullopt;
    if (!parse_clock(text, at, second_of_day, nanos)) return std::nullopt;
  }
  const int32_t last = calendar::days_in_month(year, month);
  const int64_t days = calendar::days_of(year, month, day < last ? day : last);
  return LocalTime{days * 86'400 + second_of_day, nanos};
}

}  // namespace millrace::text
