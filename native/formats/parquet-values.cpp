#include "formats/parquet-values.h"

#include <cstring>

namespace millrace::parquet {

namespace {

constexpr const char* kTruncated = "a page ends before its values";
constexpr const char* kUnknownEncoding = "encoding is not supported";

uint32_t read_u32(const uint8_t* at) {
  uint32_t value;
  std::memcpy(&value, at, 4);
  return value;
}

}  // namespace

uint32_t raw_width(Physical physical) {
  switch (physical) {
    case Physical::kBoolean: return 1;
    case Physical::kInt32:
    case Physical::kFloat: return 4;
    case Physical::kInt64:
    case Physical::kDouble: return 8;
    case Physical::kInt96: return 12;
    case Physical::kByteArray:
    case Physical::kFixed: return sizeof(StringView);
  }
  return 0;
}

const char* PageValues::open(Physical physical, uint32_t type_length, Encoding encoding,
                             Bytes bytes, uint32_t count) {
  physical_ = physical;
  width_ = physical == Physical::kFixed ? type_length : raw_width(physical);
  bytes_ = bytes;
  bit_ = 0;
  next_ = 0;
  arena_ = nullptr;
  if (physical == Physical::kFixed && (type_length == 0 || type_length > (1u << 24))) {
    return "length of a fixed-length type is malformed";
  }
  return encoding == Encoding::kPlain ? open_plain() : open_encoded(encoding, count);
}

const char* PageValues::open_plain() {
  switch (physical_) {
    case Physical::kBoolean: form_ = Form::kBits; break;
    case Physical::kByteArray: form_ = Form::kStrings; break;
    case Physical::kFixed: form_ = Form::kFixedStrings; break;
    default: form_ = Form::kFixed;
  }
  return nullptr;
}

const char* PageValues::open_encoded(Encoding encoding, uint32_t count) {
  const bool integer = physical_ == Physical::kInt32 || physical_ == Physical::kInt64;
  const bool text = physical_ == Physical::kByteArray || physical_ == Physical::kFixed;
  switch (encoding) {
    case Encoding::kPlainDictionary:
    case Encoding::kRleDictionary:
      form_ = Form::kDictionary;
      if (bytes_.empty()) {
        hybrid_.open(bytes_, 0);
        return count == 0 ? nullptr : kTruncated;
      }
      if (bytes_[0] > 32) return "width of dictionary indexes is malformed";
      hybrid_.open(bytes_.subspan(1), bytes_[0]);
      return nullptr;
    case Encoding::kRle:
      if (physical_ != Physical::kBoolean || bytes_.size() < 4) return kUnknownEncoding;
      if (read_u32(bytes_.data()) > bytes_.size() - 4) return kTruncated;
      form_ = Form::kRleBooleans;
      hybrid_.open(bytes_.subspan(4, read_u32(bytes_.data())), 1);
      return nullptr;
    case Encoding::kDeltaBinaryPacked:
      if (!integer) return kUnknownEncoding;
      form_ = Form::kIntegers;
      return read_delta_integers(bytes_, count, integers_);
    case Encoding::kDeltaLengthByteArray:
      if (!text) return kUnknownEncoding;
      form_ = Form::kViews;
      return read_delta_lengths(bytes_, count, views_);
    case Encoding::kDeltaByteArray:
      if (!text) return kUnknownEncoding;
      form_ = Form::kViews;
      arena_ = std::make_shared<Arena>();
      return read_delta_strings(bytes_, count, *arena_, views_);
    case Encoding::kByteStreamSplit:
      if (physical_ == Physical::kBoolean || physical_ == Physical::kByteArray) {
        return kUnknownEncoding;
      }
      return open_byte_streams(count);
    default: return kUnknownEncoding;
  }
}

const char* PageValues::open_byte_streams(uint32_t count) {
  const uint64_t size = uint64_t{count} * width_;
  if (size > bytes_.size()) return kTruncated;
  if (physical_ == Physical::kFixed) {
    arena_ = std::make_shared<Arena>();
    uint8_t* const memory = reinterpret_cast<uint8_t*>(arena_->allocate(size));
    join_byte_streams(bytes_.data(), count, width_, memory);
    bytes_ = {memory, size};
  } else {
    joined_.resize(size);
    join_byte_streams(bytes_.data(), count, width_, joined_.data());
    bytes_ = joined_;
  }
  return open_plain();
}

const char* PageValues::read(uint32_t count, void* raw) {
  switch (form_) {
    case Form::kFixed: return read_fixed(count, static_cast<uint8_t*>(raw));
    case Form::kStrings:
    case Form::kFixedStrings: return read_strings(count, static_cast<StringView*>(raw));
    case Form::kBits:
      if (bit_ + count > uint64_t{bytes_.size()} * 8) return kTruncated;
      read_bits(count, static_cast<uint8_t*>(raw));
      return nullptr;
    case Form::kRleBooleans: return read_rle_booleans(count, static_cast<uint8_t*>(raw));
    case Form::kIntegers:
      if (count > integers_.size() - next_) return kTruncated;
      read_integers(count, raw);
      return nullptr;
    case Form::kViews:
      if (count > views_.size() - next_) return kTruncated;
      std::memcpy(raw, views_.data() + next_, count * sizeof(StringView));
      next_ += count;
      return nullptr;
    case Form::kDictionary: break;
  }
  return "a dictionary is missing";
}

const char* PageValues::read_indexes(uint32_t count, uint32_t* indexes) {
  return hybrid_.read(count, indexes) ? nullptr : kTruncated;
}

const char* PageValues::read_fixed(uint32_t count, uint8_t* raw) {
  const size_t size = size_t{count} * width_;
  if (size > bytes_.size()) return kTruncated;
  if (size > 0) std::memcpy(raw, bytes_.data(), size);
  bytes_ = bytes_.subspan(size);
  return nullptr;
}

const char* PageValues::read_strings(uint32_t count, StringView* views) {
  const bool prefixed = form_ == Form::kStrings;
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t length = width_;
    if (prefixed) {
      if (bytes_.size() < 4) return kTruncated;
      length = read_u32(bytes_.data());
      bytes_ = bytes_.subspan(4);
    }
    if (length > bytes_.size()) return kTruncated;
    views[i] = StringView(reinterpret_cast<const char*>(bytes_.data()), length);
    bytes_ = bytes_.subspan(length);
  }
  return nullptr;
}

void PageValues::read_bits(uint32_t count, uint8_t* raw) {
  for (uint32_t i = 0; i < count; ++i, ++bit_) {
    raw[i] = (bytes_[bit_ >> 3] >> (bit_ & 7)) & 1;
  }
}

const char* PageValues::read_rle_booleans(uint32_t count, uint8_t* raw) {
  uint32_t values[256];
  for (uint32_t done = 0; done < count;) {
    const uint32_t take = count - done < 256 ? count - done : 256;
    if (!hybrid_.read(take, values)) return kTruncated;
    for (uint32_t i = 0; i < take; ++i) raw[done + i] = values[i] & 1;
    done += take;
  }
  return nullptr;
}

void PageValues::read_integers(uint32_t count, void* raw) {
  if (physical_ == Physical::kInt64) {
    std::memcpy(raw, integers_.data() + next_, size_t{count} * 8);
  } else {
    int32_t* const out = static_cast<int32_t*>(raw);
    for (uint32_t i = 0; i < count; ++i) out[i] = static_cast<int32_t>(integers_[next_ + i]);
  }
  next_ += count;
}

}  // namespace millrace::parquet
