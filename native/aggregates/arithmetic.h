// Sums as Flink adds: integers wrap as in Java, floats add in arrival order, a decimal beyond 38
// digits is absent.
#pragma once

#include <type_traits>

#include "columnar/types.h"

namespace millrace {

// 10^38: the first unscaled value that no DECIMAL holds.
inline constexpr int128 kDecimalLimit = [] {
  int128 limit = 1;
  for (int i = 0; i < 38; ++i) limit *= 10;
  return limit;
}();

[[nodiscard]] inline bool fits_decimal(int128 unscaled) {
  return unscaled < kDecimalLimit && unscaled > -kDecimalLimit;
}

// a + b into out; false where the sum does not fit.
template <typename T>
[[nodiscard]] inline bool checked_add(T a, T b, T& out) {
  if constexpr (std::is_floating_point_v<T>) {
    out = a + b;
  } else if constexpr (std::is_same_v<T, int128>) {
    out = a + b;  // two values below 10^38 cannot leave 128 bits
    return fits_decimal(out);
  } else {
    using U = std::make_unsigned_t<T>;
    out = static_cast<T>(static_cast<U>(static_cast<U>(a) + static_cast<U>(b)));
  }
  return true;
}

template <typename T>
[[nodiscard]] inline bool checked_subtract(T a, T b, T& out) {
  if constexpr (std::is_floating_point_v<T>) {
    out = a - b;
  } else if constexpr (std::is_same_v<T, int128>) {
    out = a - b;
    return fits_decimal(out);
  } else {
    using U = std::make_unsigned_t<T>;
    out = static_cast<T>(static_cast<U>(static_cast<U>(a) - static_cast<U>(b)));
  }
  return true;
}

}  // namespace millrace
