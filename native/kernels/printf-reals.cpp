// The digits of %e, %f and %g: those of the shortest text that reads back, rounded half up; the
// same as src/expr/printf/reals.ts.
#include <algorithm>
#include <cstdlib>

#include "kernels/number-text.h"
#include "kernels/printf-format.h"

namespace millrace::printf {
namespace {

// Without a point: value = 0.d1d2d3... * 10^exponent.
struct Decimal {
  std::string digits;
  int64_t exponent;
};

Decimal shortest(double value) {
  if (value == 0) return {"0", 1};
  const text::Digits found = text::shortest_digits(value);
  return {std::string(found.digit, found.count), found.exponent};
}

// The first `count` digits; none left of the first digit.
Decimal rounded(double value, int64_t count) {
  Decimal all = shortest(value);
  if (count >= static_cast<int64_t>(all.digits.size())) return all;
  if (count < 0) return {"0", 1};
  const auto kept = static_cast<size_t>(count);
  const bool goes_up = all.digits[kept] >= '5';
  std::string digits = all.digits.substr(0, kept);
  if (!goes_up) return {kept == 0 ? "0" : digits, all.exponent};
  for (size_t at = kept; at > 0; --at) {
    if (digits[at - 1] != '9') {
      ++digits[at - 1];
      return {digits, all.exponent};
    }
    digits[at - 1] = '0';
  }
  return {'1' + digits, all.exponent + 1};
}

std::string padded(std::string text, size_t size) {
  if (text.size() < size) text.append(size - text.size(), '0');
  return text;
}

RealText scientific(double value, int64_t precision, const char* point) {
  const Decimal found = rounded(value, precision + 1);
  const auto size = static_cast<size_t>(precision);
  RealText text;
  text.mantissa = found.digits.substr(0, 1);
  text.mantissa += precision > 0 ? '.' + padded(found.digits.substr(1, size), size) : point;
  const int64_t power = value == 0 ? 0 : found.exponent - 1;
  const std::string number = std::to_string(std::abs(power));
  text.exponent = power < 0 ? "e-" : "e+";
  if (number.size() < 2) text.exponent += '0';
  text.exponent += number;
  return text;
}

std::string plain(double value, int64_t precision, const char* point) {
  const Decimal found = rounded(value, shortest(value).exponent + precision);
  const auto exponent = found.exponent;
  const std::string all = exponent > 0
      ? padded(found.digits, static_cast<size_t>(exponent))
      : std::string(static_cast<size_t>(1 - exponent), '0') + found.digits;
  const auto wholes = static_cast<size_t>(std::max<int64_t>(exponent, 1));
  const auto size = static_cast<size_t>(precision);
  std::string text = all.substr(0, wholes);
  return text + (precision > 0 ? '.' + padded(all.substr(wholes).substr(0, size), size) : point);
}

// %g: plain from 10^-4 up to 10^precision, after rounding.
RealText shorter(double value, int64_t precision) {
  if (value == 0) return {plain(0, precision - 1, ""), ""};
  const int64_t power = rounded(value, precision).exponent - 1;
  if (power < -4 || power >= precision) return scientific(value, precision - 1, "");
  return {plain(value, precision - power - 1, ""), ""};
}

}  // namespace

RealText real_text(const Conversion& conversion, double value) {
  const int64_t asked = conversion.precision < 0 ? 6 : conversion.precision;
  const char* const point = conversion.has('#') ? "." : "";
  switch (conversion.letter) {
    case 'e': return scientific(value, asked, point);
    case 'f': return {plain(value, asked, point), ""};
    default: return shorter(value, std::max<int64_t>(asked, 1));
  }
}

}  // namespace millrace::printf
