#include "kernels/case-mapping.h"

#include <algorithm>

#include "kernels/utf8.h"

namespace millrace::unicode {
namespace {

constexpr uint32_t kCapitalSigma = 0x3a3;
constexpr uint32_t kSmallFinalSigma = 0x3c2;

bool is_in(uint32_t point, const PointRange* ranges, size_t count) {
  const PointRange* end = ranges + count;
  const PointRange* found = std::lower_bound(
      ranges, end, point, [](const PointRange& range, uint32_t p) { return range.last < p; });
  return found != end && found->first <= point;
}

const CaseMapping* find_mapping(uint32_t point, const CaseMapping* rows, size_t count) {
  const CaseMapping* end = rows + count;
  const CaseMapping* found = std::lower_bound(
      rows, end, point, [](const CaseMapping& row, uint32_t p) { return row.from < p; });
  return found != end && found->from == point ? found : nullptr;
}

size_t append_mapped(uint32_t point, const CaseMapping* rows, size_t count, char* to) {
  const CaseMapping* mapping = find_mapping(point, rows, count);
  if (mapping == nullptr) return utf8::encode(point, to);
  size_t bytes = 0;
  for (const uint32_t part : mapping->to) {
    if (part != 0) bytes += utf8::encode(part, to + bytes);
  }
  return bytes;
}

// Whether the nearest character that is not ignorable is a cased one, reading from `at` on.
bool is_followed_by_cased(std::string_view text, size_t at) {
  while (at < text.size()) {
    const uint32_t point = utf8::decode(text, at);
    if (is_in(point, kCaseIgnorable, kCaseIgnorableCount)) continue;
    return is_in(point, kCased, kCasedCount);
  }
  return false;
}

}  // namespace

size_t to_upper(std::string_view text, char* to) {
  size_t bytes = 0;
  for (size_t at = 0; at < text.size();) {
    const char byte = text[at];
    if (static_cast<uint8_t>(byte) < 0x80) {
      to[bytes++] = byte >= 'a' && byte <= 'z' ? static_cast<char>(byte ^ 0x20) : byte;
      ++at;
      continue;
    }
    bytes += append_mapped(utf8::decode(text, at), kUpper, kUpperCount, to + bytes);
  }
  return bytes;
}

size_t to_lower(std::string_view text, char* to) {
  size_t bytes = 0;
  bool follows_cased = false;  // of the characters before that are not ignorable, the last
  for (size_t at = 0; at < text.size();) {
    const uint32_t point = utf8::decode(text, at);
    if (point == kCapitalSigma && follows_cased && !is_followed_by_cased(text, at)) {
      bytes += utf8::encode(kSmallFinalSigma, to + bytes);
    } else if (point < 0x80) {
      const auto byte = static_cast<char>(point);
      to[bytes++] = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte ^ 0x20) : byte;
    } else {
      bytes += append_mapped(point, kLower, kLowerCount, to + bytes);
    }
    if (!is_in(point, kCaseIgnorable, kCaseIgnorableCount)) {
      follows_cased = is_in(point, kCased, kCasedCount);
    }
  }
  return bytes;
}

}  // namespace millrace::unicode
