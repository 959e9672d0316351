// The string form inside operators: 16 bytes, up to 12 bytes inline, else a prefix and a pointer
// into memory that the column's owners keep alive.
//
//     length <= 12:  | length u32 | 12 bytes, zero padded            |
//     length  > 12:  | length u32 | first 4 bytes | pointer to bytes |
//
// Zero padding makes two short strings equal exactly when their 16 bytes are equal.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace millrace {

struct StringView {
  static constexpr uint32_t kInline = 12;

  uint32_t length = 0;
  char prefix[4] = {};
  union {
    char rest[8];
    const char* pointer;
  };

  StringView() : rest{} {}
  // Long text is referenced, not copied: its memory must outlive the view.
  StringView(const char* text, size_t text_length) : length(static_cast<uint32_t>(text_length)) {
    if (length <= kInline) {
      std::memset(prefix, 0, 12);
      if (length != 0) std::memcpy(prefix, text, length);  // text may be null
    } else {
      std::memcpy(prefix, text, 4);
      pointer = text;
    }
  }
  explicit StringView(std::string_view text) : StringView(text.data(), text.size()) {}

  [[nodiscard]] bool is_inline() const { return length <= kInline; }
  [[nodiscard]] const char* data() const { return is_inline() ? prefix : pointer; }
  [[nodiscard]] uint32_t size() const { return length; }
  // Valid while *this and the memory behind it live.
  [[nodiscard]] std::string_view view() const { return {data(), length}; }

  friend bool operator==(const StringView& a, const StringView& b) {
    uint64_t head_a, head_b;
    std::memcpy(&head_a, &a, 8);
    std::memcpy(&head_b, &b, 8);
    if (head_a != head_b) return false;
    if (a.is_inline()) {
      uint64_t tail_a, tail_b;
      std::memcpy(&tail_a, a.rest, 8);
      std::memcpy(&tail_b, b.rest, 8);
      return tail_a == tail_b;
    }
    return std::memcmp(a.pointer, b.pointer, a.length) == 0;
  }

  // Order of unsigned UTF-8 bytes.
  [[nodiscard]] int compare(const StringView& other) const {
    const uint32_t shared = length < other.length ? length : other.length;
    const int order = std::memcmp(data(), other.data(), shared);
    if (order != 0) return order;
    return length < other.length ? -1 : length > other.length ? 1 : 0;
  }
};

static_assert(sizeof(StringView) == 16);

}  // namespace millrace
