#include "columnar/decimal.h"

#include <array>

namespace millrace::decimal {

namespace {

constexpr std::array<uint128, kMaxPrecision + 1> make_powers() {
  std::array<uint128, kMaxPrecision + 1> powers{};
  powers[0] = 1;
  for (uint32_t i = 1; i <= kMaxPrecision; ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}

constexpr std::array<uint128, kMaxPrecision + 1> kPowers = make_powers();

// An unsigned 256-bit integer, for products and scaled dividends.
struct Wide {
  uint128 high = 0;
  uint128 low = 0;
};

Wide multiply_wide(uint128 a, uint128 b) {
  const uint64_t a0 = static_cast<uint64_t>(a), a1 = static_cast<uint64_t>(a >> 64);
  const uint64_t b0 = static_cast<uint64_t>(b), b1 = static_cast<uint64_t>(b >> 64);
  const uint128 low = uint128{a0} * b0;
  const uint128 middle1 = uint128{a0} * b1;
  const uint128 middle2 = uint128{a1} * b0;
  const uint128 carry =
      (low >> 64) + static_cast<uint64_t>(middle1) + static_cast<uint64_t>(middle2);
  return {uint128{a1} * b1 + (middle1 >> 64) + (middle2 >> 64) + (carry >> 64),
          (carry << 64) | static_cast<uint64_t>(low)};
}

// value / divisor and the rest, by shifting; only for values beyond 128 bits.
Wide divide_wide(const Wide& value, uint128 divisor, uint128& rest) {
  if (value.high == 0) {
    rest = value.low % divisor;
    return {0, value.low / divisor};
  }
  Wide quotient;
  quotient.high = value.high / divisor;
  uint128 carry = value.high % divisor;
  for (int bit = 127; bit >= 0; --bit) {
    const bool is_over = (carry >> 127) != 0;
    carry = (carry << 1) | ((value.low >> bit) & 1);
    if (is_over || carry >= divisor) {
      carry -= divisor;
      quotient.low |= uint128{1} << bit;
    }
  }
  rest = carry;
  return quotient;
}

// value / 10^digits, cut.
Wide shift_down(Wide value, uint32_t digits) {
  uint128 rest = 0;
  while (digits > 0) {
    const uint32_t step = digits < kMaxPrecision ? digits : kMaxPrecision;
    value = divide_wide(value, kPowers[step], rest);
    digits -= step;
  }
  return value;
}

// value / 10^digits, HALF_UP: the digit before the cut decides.
Wide shift_down_rounded(const Wide& value, uint32_t digits) {
  if (digits == 0) return value;
  uint128 last = 0;
  Wide result = divide_wide(shift_down(value, digits - 1), 10, last);
  if (last >= 5 && ++result.low == 0) ++result.high;
  return result;
}

// value * 10^digits; false where it needs more than 256 bits.
bool shift_up(Wide& value, uint32_t digits) {
  while (digits > 0) {
    const uint32_t step = digits < kMaxPrecision ? digits : kMaxPrecision;
    const Wide low = multiply_wide(value.low, kPowers[step]);
    const Wide high = multiply_wide(value.high, kPowers[step]);
    if (high.high != 0 || high.low + low.high < high.low) return false;
    value = {high.low + low.high, low.low};
    digits -= step;
  }
  return true;
}

std::optional<int128> finish(const Wide& value, bool is_negative, uint32_t precision) {
  if (value.high != 0 || value.low >= kPowers[precision]) return std::nullopt;
  const auto result = static_cast<int128>(value.low);
  return is_negative ? -result : result;
}

int compare_magnitudes(const Wide& a, const Wide& b) {
  if (a.high != b.high) return a.high < b.high ? -1 : 1;
  if (a.low != b.low) return a.low < b.low ? -1 : 1;
  return 0;
}

// Both at the larger scale. Operands have at most 38 digits, so 76 digits hold them.
void align(uint128 a, uint32_t a_scale, uint128 b, uint32_t b_scale, Wide& left, Wide& right) {
  left = multiply_wide(a, kPowers[a_scale < b_scale ? b_scale - a_scale : 0]);
  right = multiply_wide(b, kPowers[b_scale < a_scale ? a_scale - b_scale : 0]);
}

Wide add_wide(const Wide& a, const Wide& b) {
  const uint128 low = a.low + b.low;
  return {a.high + b.high + (low < a.low ? 1 : 0), low};
}

Wide subtract_wide(const Wide& a, const Wide& b) {
  return {a.high - b.high - (a.low < b.low ? 1 : 0), a.low - b.low};
}

bool is_small(int128 value) {
  return value == static_cast<int64_t>(value);
}

}  // namespace

uint128 power_of_ten(uint32_t exponent) { return kPowers[exponent]; }

std::optional<int128> rescale(int128 value, uint32_t scale, Shape to) {
  Wide wide{0, magnitude(value)};
  if (to.scale >= scale) {
    if (!shift_up(wide, to.scale - scale)) return std::nullopt;
  } else {
    wide = shift_down_rounded(wide, scale - to.scale);
  }
  return finish(wide, value < 0, to.precision);
}

std::optional<int128> add(int128 left, uint32_t left_scale, int128 right, uint32_t right_scale,
                          Shape to) {
  if (left_scale == right_scale && left_scale == to.scale) {
    int128 sum;
    if (__builtin_add_overflow(left, right, &sum) || !fits(sum, to.precision)) return std::nullopt;
    return sum;
  }
  Wide a, b, sum;
  align(magnitude(left), left_scale, magnitude(right), right_scale, a, b);
  bool is_negative = left < 0;
  if ((left < 0) == (right < 0)) {
    sum = add_wide(a, b);
  } else if (compare_magnitudes(a, b) >= 0) {
    sum = subtract_wide(a, b);
  } else {
    sum = subtract_wide(b, a);
    is_negative = right < 0;
  }
  const uint32_t scale = left_scale > right_scale ? left_scale : right_scale;
  if (to.scale >= scale) {
    if (!shift_up(sum, to.scale - scale)) return std::nullopt;
  } else {
    sum = shift_down_rounded(sum, scale - to.scale);
  }
  return finish(sum, is_negative, to.precision);
}

std::optional<int128> multiply(int128 left, uint32_t left_scale, int128 right,
                               uint32_t right_scale, Shape to) {
  const uint32_t scale = left_scale + right_scale;
  if (scale == to.scale && is_small(left) && is_small(right)) {
    const int128 product = left * right;
    if (!fits(product, to.precision)) return std::nullopt;
    return product;
  }
  Wide product = multiply_wide(magnitude(left), magnitude(right));
  if (to.scale >= scale) {
    if (!shift_up(product, to.scale - scale)) return std::nullopt;
  } else {
    product = shift_down_rounded(product, scale - to.scale);
  }
  return finish(product, (left < 0) != (right < 0), to.precision);
}

std::optional<int128> divide(int128 left, uint32_t left_scale, int128 right, uint32_t right_scale,
                             Shape to) {
  Wide dividend{0, magnitude(left)};
  uint128 divisor = magnitude(right);
  const int64_t shift = int64_t{to.scale} - left_scale + right_scale;
  // Beyond 256 bits the quotient would have more than 38 digits.
  if (shift > 0 && !shift_up(dividend, static_cast<uint32_t>(shift))) return std::nullopt;
  if (shift < 0) {
    if (-shift > kMaxPrecision) return int128{0};
    const Wide scaled = multiply_wide(divisor, kPowers[-shift]);
    if (scaled.high != 0) return int128{0};
    divisor = scaled.low;
  }
  uint128 rest = 0;
  Wide quotient = divide_wide(dividend, divisor, rest);
  if (rest >= divisor - rest) quotient = add_wide(quotient, {0, 1});
  return finish(quotient, (left < 0) != (right < 0), to.precision);
}

std::optional<int128> modulo(int128 left, uint32_t left_scale, int128 right, uint32_t right_scale,
                             Shape to) {
  if (left_scale == right_scale && left_scale == to.scale) {
    const int128 rest = left % right;
    if (!fits(rest, to.precision)) return std::nullopt;
    return rest;
  }
  Wide a, b;
  align(magnitude(left), left_scale, magnitude(right), right_scale, a, b);
  uint128 rest = 0;
  if (b.high != 0) {
    // The divisor was scaled up beyond 2^128, so the dividend was not: it is its own rest.
    rest = a.low;
  } else {
    (void)divide_wide(a, b.low, rest);
  }
  const uint32_t scale = left_scale > right_scale ? left_scale : right_scale;
  Wide result{0, rest};
  if (to.scale >= scale) {
    if (!shift_up(result, to.scale - scale)) return std::nullopt;
  } else {
    result = shift_down_rounded(result, scale - to.scale);
  }
  return finish(result, left < 0, to.precision);
}

int compare(int128 left, uint32_t left_scale, int128 right, uint32_t right_scale) {
  if (left_scale == right_scale) return left < right ? -1 : left > right ? 1 : 0;
  if ((left < 0) != (right < 0)) return left < 0 ? -1 : 1;
  Wide a, b;
  align(magnitude(left), left_scale, magnitude(right), right_scale, a, b);
  const int order = compare_magnitudes(a, b);
  return left < 0 ? -order : order;
}

int128 drop_digits(int128 value, uint32_t digits, bool round) {
  const Wide wide{0, magnitude(value)};
  const Wide result = round ? shift_down_rounded(wide, digits) : shift_down(wide, digits);
  return value < 0 ? -static_cast<int128>(result.low) : static_cast<int128>(result.low);
}

}  // namespace millrace::decimal
