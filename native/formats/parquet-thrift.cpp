#include "formats/parquet-thrift.h"

namespace millrace::parquet {

uint64_t ThriftReader::varint() {
  uint64_t value = 0;
  for (uint32_t shift = 0; shift < 70; shift += 7) {
    const uint8_t next = byte();
    if (shift < 64) value |= static_cast<uint64_t>(next & 0x7f) << shift;
    if (next < 0x80) return value;
  }
  failed_ = true;
  return 0;
}

int64_t ThriftReader::integer() {
  const uint64_t raw = varint();
  return static_cast<int64_t>(raw >> 1) ^ -static_cast<int64_t>(raw & 1);
}

std::string ThriftReader::text() {
  const uint64_t length = varint();
  if (length > bytes_.size() - at_) {
    failed_ = true;
    return {};
  }
  std::string value(reinterpret_cast<const char*>(bytes_.data()) + at_, length);
  at_ += length;
  return value;
}

// An element takes at least a byte, so no list is longer than what is left.
uint64_t ThriftReader::list_head(uint8_t& type) {
  const uint8_t head = byte();
  type = head & 15;
  const uint64_t count = (head >> 4) == 15 ? varint() : head >> 4;
  if (count > bytes_.size() - at_) failed_ = true;
  return failed_ ? 0 : count;
}

void ThriftReader::skip(uint8_t type) {
  if (failed_ || ++depth_ > kMaxDepth) {
    failed_ = true;
    return;
  }
  switch (type) {
    case kTrue:
    case kFalse: break;
    case kByte: (void)byte(); break;
    case kI16:
    case kI32:
    case kI64: (void)varint(); break;
    case kDouble:
      if (bytes_.size() - at_ < 8) failed_ = true;
      else at_ += 8;
      break;
    case kBinary: {
      const uint64_t length = varint();
      if (length > bytes_.size() - at_) failed_ = true;
      else at_ += length;
      break;
    }
    case kList:
    case kSet: {
      uint8_t element;
      const uint64_t count = list_head(element);
      for (uint64_t i = 0; i < count && !failed_; ++i) {
        if (element == kTrue || element == kFalse) (void)byte();
        else skip(element);
      }
      break;
    }
    case kMap: {
      const uint64_t count = varint();
      const uint8_t types = count == 0 ? 0 : byte();
      if (count > bytes_.size() - at_) failed_ = true;
      for (uint64_t i = 0; i < count && !failed_; ++i) {
        skip(types >> 4);
        skip(types & 15);
      }
      break;
    }
    case kStruct:
      read_struct([this](int32_t, uint8_t field) { skip(field); });
      break;
    default: failed_ = true;
  }
  --depth_;
}

}  // namespace millrace::parquet
