// A bit stream of Zstandard, read from its last byte to its first. The highest set bit of the
// last byte marks the end and is no content.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>

namespace millrace::zstd {

class BackwardBits {
 public:
  // False where the stream is empty or has no end mark.
  bool open(std::span<const uint8_t> bytes) {
    if (bytes.empty() || bytes.back() == 0) return false;
    start_ = bytes.data();
    const uint32_t mark = static_cast<uint32_t>(std::countl_zero(bytes.back())) + 1;
    if (bytes.size() >= 8) {
      at_ = start_ + bytes.size() - 8;
      std::memcpy(&bits_, at_, 8);
      consumed_ = mark;
    } else {
      at_ = start_;
      bits_ = 0;
      std::memcpy(&bits_, start_, bytes.size());
      consumed_ = mark + 8 * static_cast<uint32_t>(8 - bytes.size());
    }
    return true;
  }

  // The next `count` bits, 1 <= count <= 56, without taking them. Zero behind the end.
  [[nodiscard]] uint64_t peek(uint32_t count) const {
    return (bits_ << (consumed_ & 63)) >> (64 - count);
  }
  void skip(uint32_t count) { consumed_ += count; }
  [[nodiscard]] uint64_t take(uint32_t count) {
    if (count == 0) return 0;
    const uint64_t value = peek(count);
    consumed_ += count;
    return value;
  }

  // After it at least 57 bits can be taken, if the stream has them. Whether at least 8 more
  // bytes lay before the window, so that the next reload needs no care.
  bool reload() {
    const uint32_t bytes = consumed_ >> 3;
    if (at_ - start_ >= 8 && consumed_ <= 64) [[likely]] {
      at_ -= bytes;
      consumed_ &= 7;
      std::memcpy(&bits_, at_, 8);
      return at_ - start_ >= 8;
    }
    if (consumed_ > 64) return false;
    const uint32_t room = static_cast<uint32_t>(at_ - start_);
    const uint32_t step = bytes < room ? bytes : room;
    if (step > 0) {
      at_ -= step;
      consumed_ -= 8 * step;
      std::memcpy(&bits_, at_, 8);
    }
    return false;
  }

  // More bits were taken than there are.
  [[nodiscard]] bool overrun() const { return consumed_ > 64; }
  // Every bit was taken and no more.
  [[nodiscard]] bool at_end() const { return at_ == start_ && consumed_ == 64; }

 private:
  const uint8_t* start_ = nullptr;
  const uint8_t* at_ = nullptr;
  uint64_t bits_ = 0;
  uint32_t consumed_ = 0;
};

}  // namespace millrace::zstd
