// Patterns of dates, those of java.time.format (kTime) and those of SimpleDateFormat (kSimple):
// parsed, written and read as src/types/date-pattern*.ts and simple-pattern-read.ts do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace millrace::dates {

enum class PatternKind : uint8_t { kTime, kSimple };

// A field by letter and count; literal text (letter '\''); '[' and ']' around an optional part.
struct PatternItem {
  char letter;
  uint32_t count;
  std::string text;
};

using Pattern = std::vector<PatternItem>;

// What went wrong with a pattern; empty where nothing did.
using Fault = std::string;

[[nodiscard]] Fault parse_pattern(std::string_view text, PatternKind kind, Pattern& pattern);

// Wall-clock time: whole ms since 1970, nanoseconds above them, the zone's offset in ms.
struct ClockTime {
  int64_t local_ms;
  int32_t nanos_of_ms;
  int64_t offset_ms;
  bool is_utc;  // the only zone whose name is known
};

// Appends the time by the pattern.
[[nodiscard]] Fault write_time(const Pattern& pattern, PatternKind kind, const ClockTime& time,
                               std::string& to);

struct ReadTime {
  int64_t ms;
  int32_t nanos_of_ms;
};

// By java.time.format, smart and strict; `time` stays empty where the text does not follow.
[[nodiscard]] Fault read_time(const Pattern& pattern, std::string_view text,
                              std::optional<ReadTime>& time);
// As java.sql.Timestamp.valueOf or Date.valueOf.
[[nodiscard]] std::optional<ReadTime> read_sql_timestamp(std::string_view text);

struct SimpleTime {
  int64_t local_ms;
  std::optional<int64_t> offset_ms;  // where the text names a zone
};

// By SimpleDateFormat, leniently.
[[nodiscard]] Fault read_simple_time(const Pattern& pattern, std::string_view text,
                                     std::optional<SimpleTime>& time);

extern const std::string_view kMonths[12];
extern const std::string_view kWeekdays[7];  // from Sunday

}  // namespace millrace::dates
