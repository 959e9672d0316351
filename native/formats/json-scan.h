// Walking over JSON text of one line, byte by byte, without a tree. Accepts what Jackson accepts
// of Flink's json format: control characters inside strings are allowed.
// src/formats/json/scan.ts is the same in TypeScript.
//
// The text is followed by at least kScanPadding readable bytes.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "formats/number-text.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace millrace::json {

constexpr size_t kScanPadding = 32;
constexpr int kMaxDepth = 1000;

struct Cursor {
  const char* at;
  const char* end;
  [[nodiscard]] bool done() const { return at >= end; }
};

inline bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// To the next byte that is no white space; 0 at the end of the text.
inline char next_byte(Cursor& cursor) {
  while (cursor.at < cursor.end) {
    if (static_cast<uint8_t>(*cursor.at) > ' ') [[likely]] return *cursor.at;
    if (!is_space(*cursor.at)) return *cursor.at;
    ++cursor.at;
  }
  return 0;
}

// The first quote or backslash from `at` on, or `end`.
inline const char* quote_or_backslash(const char* at, const char* end) {
#if defined(__SSE2__)
  const __m128i quotes = _mm_set1_epi8('"'), slashes = _mm_set1_epi8('\\');
  for (; at < end; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i found =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, quotes), _mm_cmpeq_epi8(bytes, slashes));
    const int mask = _mm_movemask_epi8(found);
    if (mask != 0) {
      at += __builtin_ctz(static_cast<unsigned>(mask));
      return at < end ? at : end;
    }
  }
  return end;
#else
  while (at < end && *at != '"' && *at != '\\') ++at;
  return at;
#endif
}

// The inside of a string, between its quotes.
struct Text {
  const char* begin = nullptr;
  const char* end = nullptr;
  bool escaped = false;
  [[nodiscard]] std::string_view raw() const {
    return {begin, static_cast<size_t>(end - begin)};
  }
};

// Longest text that starts_with compares.
constexpr size_t kQuotedBytes = 16;

// Whether the text at `at` begins with the `length` bytes of `prefix`; both are readable for
// kQuotedBytes.
inline bool starts_with(const char* at, const char* prefix, uint32_t length) {
#if defined(__SSE2__)
  const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(prefix));
  const auto differ = ~static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(a, b)));
  return (differ & ((1u << length) - 1)) == 0;
#else
  return std::memcmp(at, prefix, length) == 0;
#endif
}

// Past an escape at `at` (a backslash); null where it is malformed.
const char* skip_escape(const char* at, const char* end);

// From behind the opening quote to behind the closing one. False: malformed, the cursor stands
// at the fault.
inline bool scan_string(Cursor& cursor, Text& text) {
  text.begin = cursor.at;
  text.escaped = false;
  const char* at = cursor.at;
  while (true) {
    at = quote_or_backslash(at, cursor.end);
    if (at == cursor.end) {
      cursor.at = at;
      return false;
    }
    if (*at == '"') break;
    text.escaped = true;
    const char* next = skip_escape(at, cursor.end);
    if (next == nullptr) {
      cursor.at = at;
      return false;
    }
    at = next;
  }
  text.end = at;
  cursor.at = at + 1;
  return true;
}

// Past a number; `integral` = neither fraction nor exponent. False: malformed.
bool scan_number(Cursor& cursor, bool& integral);
// Past true, false or null, given in `word`.
bool scan_word(Cursor& cursor, std::string_view word);
// Past any value. False: malformed.
bool skip_value(Cursor& cursor, int depth);

// Appends the text with its escapes resolved, as UTF-8; a lone surrogate becomes '?'.
void append_unescaped(TextBuffer& out, std::string_view raw);

// Appends a value as Jackson prints it from its tree: no white space, the last of equal names,
// doubles in Java's spelling. False: malformed.
bool append_compact(Cursor& cursor, TextBuffer& out, int depth);

}  // namespace millrace::json
