#include "formats/snappy-decoder.h"

#include <cstring>

namespace millrace {

namespace {

constexpr const char* kTruncated = "snappy data is truncated";
constexpr const char* kTooLong = "snappy data is longer than announced";

struct Cursor {
  const uint8_t* at;
  const uint8_t* end;
  [[nodiscard]] size_t left() const { return static_cast<size_t>(end - at); }
};

uint32_t little_endian(const uint8_t* bytes, uint32_t count) {
  uint32_t value = 0;
  for (uint32_t i = 0; i < count; ++i) value |= static_cast<uint32_t>(bytes[i]) << (8 * i);
  return value;
}

const char* read_length(Cursor& input, uint64_t& length) {
  length = 0;
  for (uint32_t shift = 0; shift <= 28; shift += 7) {
    if (input.left() == 0) return kTruncated;
    const uint8_t byte = *input.at++;
    length |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return nullptr;
  }
  return "snappy length is malformed";
}

// A copy may reach into what it writes: then it repeats.
void copy_within(uint8_t* to, size_t offset, size_t length) {
  const uint8_t* from = to - offset;
  if (offset >= length) {
    std::memcpy(to, from, length);
    return;
  }
  for (size_t i = 0; i < length; ++i) to[i] = from[i];
}

const char* copy_literal(Cursor& input, uint8_t tag, uint8_t*& to, const uint8_t* output_end) {
  size_t length = (tag >> 2) + size_t{1};
  if (length > 60) {
    const uint32_t extra = static_cast<uint32_t>(length - 60);
    if (input.left() < extra) return kTruncated;
    length = size_t{little_endian(input.at, extra)} + 1;
    input.at += extra;
  }
  if (length > input.left()) return kTruncated;
  if (length > static_cast<size_t>(output_end - to)) return kTooLong;
  std::memcpy(to, input.at, length);
  input.at += length;
  to += length;
  return nullptr;
}

}  // namespace

const char* snappy_decompress(std::span<const uint8_t> bytes, std::span<uint8_t> output) {
  Cursor input{bytes.data(), bytes.data() + bytes.size()};
  uint64_t announced;
  if (const char* reason = read_length(input, announced)) return reason;
  if (announced != output.size()) return "snappy length differs from the page header's";
  uint8_t* to = output.data();
  uint8_t* const output_end = to + output.size();
  while (input.left() > 0) {
    const uint8_t tag = *input.at++;
    const uint32_t kind = tag & 3;
    if (kind == 0) {
      if (const char* reason = copy_literal(input, tag, to, output_end)) return reason;
      continue;
    }
    const uint32_t offset_bytes = kind == 3 ? 4 : kind;
    if (input.left() < offset_bytes) return kTruncated;
    size_t length = (tag >> 2) + size_t{1};
    size_t offset = little_endian(input.at, offset_bytes);
    if (kind == 1) {
      length = ((tag >> 2) & 7) + size_t{4};
      offset |= static_cast<size_t>(tag >> 5) << 8;
    }
    input.at += offset_bytes;
    if (offset == 0 || offset > static_cast<size_t>(to - output.data())) {
      return "snappy copy reaches before the start";
    }
    if (length > static_cast<size_t>(output_end - to)) return kTooLong;
    copy_within(to, offset, length);
    to += length;
  }
  return to == output_end ? nullptr : kTruncated;
}

}  // namespace millrace
