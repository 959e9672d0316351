// Unicode case mapping without a locale, as Java's and JavaScript's: full mappings (one character
// may become three) and the final sigma.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace millrace::unicode {

struct CaseMapping {
  uint32_t from;
  uint32_t to[3];  // zeros fill it up
};
struct PointRange {
  uint32_t first;
  uint32_t last;
};

// Sorted tables of what is not ASCII (ranges: ASCII too).
extern const CaseMapping kUpper[];
extern const size_t kUpperCount;
extern const CaseMapping kLower[];
extern const size_t kLowerCount;
extern const PointRange kCased[];
extern const size_t kCasedCount;
extern const PointRange kCaseIgnorable[];
extern const size_t kCaseIgnorableCount;

// Bytes that the mapped text can take at most.
[[nodiscard]] constexpr size_t mapped_bytes_bound(size_t bytes) { return bytes * 3; }

// Write the mapped text; return its bytes.
size_t to_upper(std::string_view text, char* to);
size_t to_lower(std::string_view text, char* to);

}  // namespace millrace::unicode
