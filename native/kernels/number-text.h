// Numbers, dates and times as the text CAST makes of them, into a buffer of the caller. Each
// function returns the number of bytes written; kMaxNumberText bytes are enough for all.
#pragma once

#include <cstddef>
#include <cstdint>

#include "columnar/types.h"

namespace millrace::text {

constexpr size_t kMaxNumberText = 96;

size_t write_integer(char* to, int64_t value);
// Double.toString and Float.toString: 1.0, 1.0E10, NaN, -Infinity.
size_t write_double(char* to, double value);
size_t write_float(char* to, float value);
// BigDecimal.toPlainString of unscaled / 10^scale.
size_t write_decimal(char* to, int128 unscaled, uint32_t scale);
// yyyy-MM-dd.
size_t write_date(char* to, int64_t days);
// HH:mm:ss, then unless precision is 0 a point, at least one digit, and no zeros after it.
size_t write_time(char* to, int64_t ms_of_day, uint32_t precision);
// yyyy-MM-dd HH:mm:ss, then a point and `precision` digits where precision is not 0.
size_t write_timestamp(char* to, int64_t ticks, int64_t ticks_per_second, uint32_t precision);
// The same of whole seconds and the ticks behind them.
size_t write_timestamp(char* to, int64_t seconds, int64_t fraction, int64_t ticks_per_second,
                       uint32_t precision);
// +1-02.
size_t write_months(char* to, int32_t months);
// +1 02:03:04.567.
size_t write_milliseconds(char* to, int64_t ms);

// The digits and the decimal exponent of the shortest text that reads back as |value|, which is
// finite and not 0: value = 0.d1d2d3... * 10^exponent.
struct Digits {
  char digit[20];
  uint32_t count;
  int32_t exponent;
};
[[nodiscard]] Digits shortest_digits(double value);

}  // namespace millrace::text
