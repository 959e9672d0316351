// Values out of text, with the leniency of the Java calls that Flink's formats make.
// src/formats/text-parse.ts is the same in TypeScript. All give false where the text is no value
// of the type.
#pragma once

#include <cstdint>
#include <string_view>

#include "columnar/types.h"

namespace millrace {

// String.trim: bytes up to and including the space at both ends.
[[nodiscard]] std::string_view java_trim(std::string_view text);

// Long.parseLong within [least, most].
[[nodiscard]] bool parse_integer(std::string_view text, int64_t least, int64_t most,
                                 int64_t& value);

// Double.parseDouble but for hexadecimal forms; the text is trimmed.
[[nodiscard]] bool parse_real(std::string_view text, double& value);

// new BigDecimal(text), rounded half up to the scale. `fits` is false where it then has more
// digits than the precision.
[[nodiscard]] bool parse_decimal(std::string_view text, int precision, int scale, int128& value,
                                 bool& fits);

// Base64 of RFC 2045 without line feeds: padding required, white space between groups allowed.
// Returns the length written to `out`, which has room for text.size(), or -1.
[[nodiscard]] int64_t parse_base64(std::string_view text, char* out);

// How java.time resolves a day that the month has not: refuse, or take the month's last.
enum class Resolve : uint8_t { kStrict, kSmart };

// ISO_LOCAL_DATE, to days since 1970-01-01.
[[nodiscard]] bool parse_date(std::string_view text, int32_t& days);
// HH:mm:ss with up to nine digits of fraction, to ms of the day; 24:00:00 is 0.
[[nodiscard]] bool parse_time(std::string_view text, int32_t& millis);
// yyyy-MM-dd HH:mm:ss[.fraction] to ticks; `zulu` asks for a Z behind.
[[nodiscard]] bool parse_sql_timestamp(std::string_view text, bool zulu, int64_t ticks_per_second,
                                       int64_t& ticks);
// ISO-8601: a T between. Without `zulu` it is ISO_LOCAL_DATE_TIME: seconds may be left out.
[[nodiscard]] bool parse_iso_timestamp(std::string_view text, bool zulu, int64_t ticks_per_second,
                                       int64_t& ticks);

}  // namespace millrace
