// Code points in UTF-8 bytes, the same as src/batch/utf8.ts: counting takes a byte that no
// sequence may start with as a character of its own, as Flink's BinaryStringData does; decoding
// puts U+FFFD in the place of each ill-formed piece, as the WHATWG decoder does.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace millrace::utf8 {

// Bytes of the sequence that starts with this byte.
[[nodiscard]] constexpr uint32_t sequence_bytes(char first) {
  const auto byte = static_cast<uint8_t>(first);
  if (byte < 0xc2) return 1;
  if (byte < 0xe0) return 2;
  if (byte < 0xf0) return 3;
  return byte < 0xf8 ? 4 : 1;
}

[[nodiscard]] constexpr bool is_continuation(char byte) {
  return (static_cast<uint8_t>(byte) & 0xc0) == 0x80;
}

[[nodiscard]] inline int32_t count_code_points(std::string_view text) {
  int32_t count = 0;
  for (size_t i = 0; i < text.size(); ++count) i += sequence_bytes(text[i]);
  return count;
}

// Byte offset behind `count` code points; at most the size.
[[nodiscard]] inline size_t skip_code_points(std::string_view text, int64_t count) {
  size_t at = 0;
  for (int64_t i = 0; i < count && at < text.size(); ++i) at += sequence_bytes(text[at]);
  return at < text.size() ? at : text.size();
}

[[nodiscard]] inline bool is_ascii(std::string_view text) {
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    if ((word & 0x8080808080808080ull) != 0) return false;
  }
  for (; i < text.size(); ++i) {
    if (static_cast<uint8_t>(text[i]) >= 0x80) return false;
  }
  return true;
}

constexpr uint32_t kReplacement = 0xfffd;

[[nodiscard]] inline uint32_t decode(std::string_view text, size_t& at);

[[nodiscard]] inline bool is_well_formed(std::string_view text) {
  if (is_ascii(text)) return true;
  for (size_t at = 0; at < text.size();) {
    const size_t start = at;
    const bool is_replaced = decode(text, at) == kReplacement;
    if (is_replaced && text.substr(start, 3) != "\xef\xbf\xbd") return false;
  }
  return true;
}

// The code point at `at`, which moves behind it. `at` < text.size().
[[nodiscard]] inline uint32_t decode(std::string_view text, size_t& at) {
  const auto first = static_cast<uint8_t>(text[at++]);
  if (first < 0x80) return first;
  uint32_t needed = 0;
  uint32_t point = 0;
  uint8_t low = 0x80;
  uint8_t high = 0xbf;
  if (first >= 0xc2 && first <= 0xdf) {
    needed = 1;
    point = first & 0x1fu;
  } else if (first >= 0xe0 && first <= 0xef) {
    needed = 2;
    point = first & 0x0fu;
    if (first == 0xe0) low = 0xa0;
    if (first == 0xed) high = 0x9f;
  } else if (first >= 0xf0 && first <= 0xf4) {
    needed = 3;
    point = first & 0x07u;
    if (first == 0xf0) low = 0x90;
    if (first == 0xf4) high = 0x8f;
  } else {
    return kReplacement;
  }
  for (; needed > 0; --needed) {
    if (at == text.size()) return kReplacement;
    const auto next = static_cast<uint8_t>(text[at]);
    if (next < low || next > high) return kReplacement;
    point = (point << 6) | (next & 0x3fu);
    low = 0x80;
    high = 0xbf;
    ++at;
  }
  return point;
}

// Writes a code point; returns the bytes written, at most 4.
inline uint32_t encode(uint32_t point, char* to) {
  if (point < 0x80) {
    to[0] = static_cast<char>(point);
    return 1;
  }
  if (point < 0x800) {
    to[0] = static_cast<char>(0xc0 | (point >> 6));
    to[1] = static_cast<char>(0x80 | (point & 0x3f));
    return 2;
  }
  if (point < 0x10000) {
    to[0] = static_cast<char>(0xe0 | (point >> 12));
    to[1] = static_cast<char>(0x80 | ((point >> 6) & 0x3f));
    to[2] = static_cast<char>(0x80 | (point & 0x3f));
    return 3;
  }
  to[0] = static_cast<char>(0xf0 | (point >> 18));
  to[1] = static_cast<char>(0x80 | ((point >> 12) & 0x3f));
  to[2] = static_cast<char>(0x80 | ((point >> 6) & 0x3f));
  to[3] = static_cast<char>(0x80 | (point & 0x3f));
  return 4;
}

}  // namespace millrace::utf8
