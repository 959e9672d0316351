#include "aggregates/average.h"

#include "aggregates/make.h"

namespace millrace {

namespace {

uint32_t digit_count(uint128 value) {
  uint32_t digits = 0;
  while (value != 0) {
    value /= 10;
    ++digits;
  }
  return digits;
}

uint128 power_of_ten(uint32_t exponent) {
  uint128 power = 1;
  for (uint32_t i = 0; i < exponent; ++i) power *= 10;
  return power;
}

}  // namespace

Loaded<int128> divide_decimal(int128 sum, int64_t count, uint32_t shift) {
  const bool negative = (sum < 0) != (count < 0);
  const uint128 magnitude = sum < 0 ? static_cast<uint128>(-sum) : static_cast<uint128>(sum);
  const uint128 divisor = count < 0 ? static_cast<uint128>(-static_cast<int128>(count))
                                    : static_cast<uint128>(count);
  const uint128 scale = power_of_ten(shift);
  const uint128 whole = magnitude / divisor;
  const uint128 limit = static_cast<uint128>(kDecimalLimit);
  if (whole >= limit / scale + 1) return {0, false};
  const uint128 rest = (magnitude % divisor) * scale;
  uint128 quotient = whole * scale + rest / divisor;
  const uint128 remainder = rest % divisor;
  // Rounding to 38 significant digits first may lift a fraction just below one half to it.
  const uint32_t digits = digit_count(quotient);
  const uint128 below_half = 2 * remainder >= divisor ? 0 : divisor - 2 * remainder;
  const uint32_t further = digits >= 38 ? 0 : 38 - digits;
  const bool lifted = further < 20 && below_half * power_of_ten(further) <= divisor && further > 0;
  if (below_half == 0 || lifted) ++quotient;
  if (quotient >= limit) return {0, false};
  const int128 result = static_cast<int128>(quotient);
  return {negative ? -result : result, true};
}

AggregatePtr make_average(const AggregateCall& call, const DataType& argument) {
  return with_number(argument.physical(), [&]<typename T>(T) -> AggregatePtr {
    if constexpr (std::is_same_v<T, int128>) {
      const DataType sum{TypeRoot::kDecimal, true, 38, argument.scale, 0, {}};
      return make<AverageOp<T, int128>>(sum, uint32_t{call.type.scale} - argument.scale);
    } else if constexpr (std::is_floating_point_v<T>) {
      return make<AverageOp<T, double>>(DataType{TypeRoot::kDouble, true, 0, 0, 0, {}}, 0u);
    } else {
      return make<AverageOp<T, int64_t>>(DataType{TypeRoot::kBigint, true, 0, 0, 0, {}}, 0u);
    }
  });
}

}  // namespace millrace
