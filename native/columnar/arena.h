// Memory handed out in pieces and freed as a whole. Not thread-safe; a column that references
// an arena holds a shared_ptr to it (Column::owners).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "columnar/string_view.h"

namespace millrace {

class Arena {
 public:
  explicit Arena(size_t first_block_bytes = 16 * 1024) : next_block_bytes_(first_block_bytes) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // `bytes` of memory, not aligned, not zeroed.
  char* allocate(size_t bytes) {
    if (bytes > room_) grow(bytes);
    char* at = cursor_;
    cursor_ += bytes;
    room_ -= bytes;
    return at;
  }

  // A view of a copy in this arena (short text needs no memory).
  StringView copy(const char* text, size_t length) {
    if (length <= StringView::kInline) return {text, length};
    char* at = allocate(length);
    std::memcpy(at, text, length);
    return {at, length};
  }
  StringView copy(const StringView& text) {
    return text.is_inline() ? text : copy(text.pointer, text.length);
  }

  [[nodiscard]] size_t allocated_bytes() const { return allocated_bytes_; }

 private:
  void grow(size_t bytes) {
    const size_t size = bytes > next_block_bytes_ ? bytes : next_block_bytes_;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    cursor_ = blocks_.back().get();
    room_ = size;
    allocated_bytes_ += size;
    if (next_block_bytes_ < 1024 * 1024) next_block_bytes_ *= 2;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* cursor_ = nullptr;
  size_t room_ = 0;
  size_t next_block_bytes_;
  size_t allocated_bytes_ = 0;
};

}  // namespace millrace
