// DECIMAL arithmetic on unscaled 128-bit integers: exact, rounded HALF_UP once at the end, and no
// value where the result needs more digits than its type has (Flink's DecimalDataUtils).
// src/types/decimal.ts is the same in TypeScript.
#pragma once

#include <optional>

#include "columnar/types.h"

namespace millrace::decimal {

constexpr uint32_t kMaxPrecision = 38;

struct Shape {
  uint32_t precision;
  uint32_t scale;
};

[[nodiscard]] inline Shape shape_of(const DataType& type) { return {type.precision, type.scale}; }

// 10^exponent, 0 <= exponent <= 38.
[[nodiscard]] uint128 power_of_ten(uint32_t exponent);

[[nodiscard]] inline uint128 magnitude(int128 value) {
  return value < 0 ? uint128{0} - static_cast<uint128>(value) : static_cast<uint128>(value);
}

// Whether |value| has at most `precision` digits.
[[nodiscard]] inline bool fits(int128 value, uint32_t precision) {
  return magnitude(value) < power_of_ten(precision);
}

// The value at another scale; nothing if it does not fit `to`.
[[nodiscard]] std::optional<int128> rescale(int128 value, uint32_t scale, Shape to);

// Left and right at their own scales; the result at `to`, or nothing if it does not fit.
[[nodiscard]] std::optional<int128> add(int128 left, uint32_t left_scale, int128 right,
                                        uint32_t right_scale, Shape to);
[[nodiscard]] std::optional<int128> multiply(int128 left, uint32_t left_scale, int128 right,
                                             uint32_t right_scale, Shape to);
// The divisor is not 0.
[[nodiscard]] std::optional<int128> divide(int128 left, uint32_t left_scale, int128 right,
                                           uint32_t right_scale, Shape to);
[[nodiscard]] std::optional<int128> modulo(int128 left, uint32_t left_scale, int128 right,
                                           uint32_t right_scale, Shape to);

// Negative, 0 or positive, exactly, whatever the scales.
[[nodiscard]] int compare(int128 left, uint32_t left_scale, int128 right, uint32_t right_scale);

// Digits dropped from the right end of a value: HALF_UP, or cut toward zero. digits <= 76.
[[nodiscard]] int128 drop_digits(int128 value, uint32_t digits, bool round);

}  // namespace millrace::decimal
