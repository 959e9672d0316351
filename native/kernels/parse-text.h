// Strings read as values, the way CAST does it. Each returns nothing where the text is not such a
// value or does not fit. src/types/parse-text.ts is the same in TypeScript.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "columnar/decimal.h"

namespace millrace::text {

// true t yes y 1 and false f no n 0, in any case; no blanks.
[[nodiscard]] std::optional<bool> parse_boolean(std::string_view text);
// Blanks around, a sign, digits, and a fraction that is checked and dropped.
[[nodiscard]] std::optional<int64_t> parse_integer(std::string_view text, int64_t least,
                                                   int64_t greatest);
// Double.parseDouble without hexadecimal forms: 1, .5, 1.e3, 1e-3d, NaN, -Infinity.
[[nodiscard]] std::optional<double> parse_double(std::string_view text);
// Digits with an exponent if need be, rounded half up.
[[nodiscard]] std::optional<int128> parse_decimal(std::string_view text, decimal::Shape shape);

// Days since the epoch: 2020, 2020-5, 2020-05-01, with whatever follows a blank cut off.
[[nodiscard]] std::optional<int32_t> parse_date(std::string_view text);
// Milliseconds of the day: 10, 10:11, 10:11:12.5, with an offset such as +01:00 added.
[[nodiscard]] std::optional<int32_t> parse_time(std::string_view text);

// A wall-clock time: seconds since the epoch and the nanoseconds behind them.
struct LocalTime {
  int64_t seconds;
  int32_t nanos;
};
// yyyy-[M]M-[d]d, then perhaps [H]H:[m]m:[s]s and a fraction of up to 9 digits. The 30th of a
// shorter month is its last day; 24:00:00 is the next midnight.
[[nodiscard]] std::optional<LocalTime> parse_timestamp(std::string_view text);

}  // namespace millrace::text
