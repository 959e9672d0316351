// Numbers and times as text in Java's spelling, appended to a buffer.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "columnar/types.h"

namespace millrace {

// Bytes that grow at the end.
class TextBuffer {
 public:
  // Room for `count` more bytes; write there, then advance().
  char* room(size_t count) {
    if (size_ + count > capacity_) grow(count);
    return data_.get() + size_;
  }
  void advance(size_t count) { size_ += count; }
  void append(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(room(text.size()), text.data(), text.size());
    size_ += text.size();
  }
  void append(char c) {
    *room(1) = c;
    ++size_;
  }
  void clear() { size_ = 0; }
  void truncate(size_t size) { size_ = size; }
  [[nodiscard]] char last() const { return data_.get()[size_ - 1]; }
  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] std::string_view view() const { return {data_.get(), size_}; }

 private:
  void grow(size_t count);
  std::unique_ptr<char[]> data_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

void append_integer(TextBuffer& out, int64_t value);
// Double.toString: 1.0, 1.0E10, 1.0E-5; NaN, Infinity, -Infinity.
void append_double(TextBuffer& out, double value);
void append_float(TextBuffer& out, float value);
// BigDecimal.toPlainString of unscaled * 10^-scale.
void append_plain_decimal(TextBuffer& out, int128 unscaled, int32_t scale);
// BigDecimal.toString after stripTrailingZeros: 1.5, 1E+2, 1E-8.
void append_short_decimal(TextBuffer& out, int128 unscaled, int32_t scale);

// yyyy-MM-dd.
void append_date(TextBuffer& out, int64_t days);
// HH:mm:ss and the fraction without trailing zeros; `digits` >= 0 asks for just so many.
void append_time(TextBuffer& out, int64_t nanos_of_day, int32_t digits = -1);

}  // namespace millrace
