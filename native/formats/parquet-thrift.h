// Thrift's compact protocol, as far as Parquet's metadata needs it. The first fault sticks: every
// later read gives zero, so callers check `failed` once at the end.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace millrace::parquet {

class ThriftReader {
 public:
  enum Type : uint8_t {
    kTrue = 1, kFalse = 2, kByte = 3, kI16 = 4, kI32 = 5, kI64 = 6, kDouble = 7, kBinary = 8,
    kList = 9, kSet = 10, kMap = 11, kStruct = 12,
  };

  explicit ThriftReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  // Calls on_field(id, type) for each field; it must take or skip the field's value.
  template <typename F>
  void read_struct(F&& on_field) {
    if (++depth_ > kMaxDepth) failed_ = true;
    int32_t id = 0;
    while (!failed_) {
      const uint8_t head = byte();
      const uint8_t type = head & 15;
      if (type == 0) break;
      id = (head >> 4) != 0 ? id + (head >> 4) : static_cast<int32_t>(integer());
      on_field(id, type);
    }
    --depth_;
  }

  // Calls on_element(type) for each element of a list.
  template <typename F>
  void read_list(uint8_t field_type, F&& on_element) {
    if (field_type != kList && field_type != kSet) {
      failed_ = true;
      return;
    }
    uint8_t type;
    const uint64_t count = list_head(type);
    for (uint64_t i = 0; i < count && !failed_; ++i) on_element(type);
  }

  [[nodiscard]] int64_t integer();  // zigzag: i16, i32, i64
  // A boolean field's value is its type.
  [[nodiscard]] static bool boolean(uint8_t type) { return type == kTrue; }
  [[nodiscard]] std::string text();
  void skip(uint8_t type);

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] size_t position() const { return at_; }

 private:
  static constexpr uint32_t kMaxDepth = 64;
  uint8_t byte() {
    if (at_ >= bytes_.size()) {
      failed_ = true;
      return 0;
    }
    return bytes_[at_++];
  }
  uint64_t varint();
  uint64_t list_head(uint8_t& type);

  std::span<const uint8_t> bytes_;
  size_t at_ = 0;
  uint32_t depth_ = 0;
  bool failed_ = false;
};

}  // namespace millrace::parquet
