#include "formats/parquet-encoding.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace millrace::parquet {

namespace {

constexpr const char* kBadDelta = "delta-encoded values are malformed";

uint64_t load64(const uint8_t* at) {
  uint64_t value;
  std::memcpy(&value, at, 8);
  return value;
}

// Groups of eight values of a width known to the compiler.
template <uint32_t Width>
void unpack_groups(const uint8_t* base, uint32_t groups, uint32_t* values) {
  constexpr uint64_t mask = (uint64_t{1} << Width) - 1;
  for (uint32_t group = 0; group < groups; ++group, base += Width, values += 8) {
#pragma GCC unroll 8
    for (uint32_t i = 0; i < 8; ++i) {
      const uint32_t bit = i * Width;
      values[i] = static_cast<uint32_t>((load64(base + (bit >> 3)) >> (bit & 7)) & mask);
    }
  }
}

using UnpackGroups = void (*)(const uint8_t*, uint32_t, uint32_t*);

template <uint32_t... Widths>
constexpr std::array<UnpackGroups, 33> unpackers(std::integer_sequence<uint32_t, Widths...>) {
  return {&unpack_groups<Widths>...};
}

constexpr auto kUnpackers = unpackers(std::make_integer_sequence<uint32_t, 33>{});

// `width` bits a value, from bit `bit` after `base`.
void unpack(const uint8_t* base, uint64_t bit, uint32_t width, uint32_t count, uint32_t* values) {
  const uint64_t mask = (uint64_t{1} << width) - 1;
  uint32_t start = 0;
  if ((bit & 7) == 0) {
    start = count & ~7u;
    kUnpackers[width](base + (bit >> 3), start / 8, values);
    bit += uint64_t{start} * width;
  }
  for (uint32_t i = start; i < count; ++i, bit += width) {
    values[i] = static_cast<uint32_t>((load64(base + (bit >> 3)) >> (bit & 7)) & mask);
  }
}

// `width` up to 64.
uint64_t unpack_wide(const uint8_t* base, uint64_t bit, uint32_t width) {
  const uint8_t* at = base + (bit >> 3);
  const uint32_t shift = bit & 7;
  uint64_t value = load64(at) >> shift;
  if (shift + width > 64) value |= uint64_t{at[8]} << (64 - shift);
  return width == 64 ? value : value & ((uint64_t{1} << width) - 1);
}

bool read_varint(const uint8_t*& at, const uint8_t* end, uint64_t& value) {
  value = 0;
  for (uint32_t shift = 0; shift < 64; shift += 7) {
    if (at == end) return false;
    const uint8_t byte = *at++;
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool read_zigzag(const uint8_t*& at, const uint8_t* end, int64_t& value) {
  uint64_t raw;
  if (!read_varint(at, end, raw)) return false;
  value = static_cast<int64_t>(raw >> 1) ^ -static_cast<int64_t>(raw & 1);
  return true;
}

}  // namespace

void HybridDecoder::open(Bytes bytes, uint32_t width) {
  at_ = bytes.data();
  end_ = at_ + bytes.size();
  width_ = width;
  run_left_ = 0;
}

bool HybridDecoder::next_run() {
  while (run_left_ == 0) {
    uint64_t head;
    if (!read_varint(at_, end_, head)) return false;
    packed_ = (head & 1) != 0;
    const uint64_t left = static_cast<uint64_t>(end_ - at_);
    if (packed_) {
      // Some writers cut the last run's padding off.
      const uint64_t groups = std::min<uint64_t>(head >> 1, uint64_t{1} << 32);
      const uint64_t bytes = std::min(groups * width_, left);
      run_left_ = width_ == 0 ? groups * 8 : std::min(groups * 8, bytes * 8 / width_);
      packed_at_ = at_;
      packed_bit_ = 0;
      at_ += bytes;
      if (groups > 0 && run_left_ == 0) return false;
    } else {
      const uint32_t bytes = (width_ + 7) / 8;
      if (bytes > left) return false;
      repeated_ = 0;
      for (uint32_t i = 0; i < bytes; ++i) repeated_ |= uint32_t{at_[i]} << (8 * i);
      at_ += bytes;
      run_left_ = head >> 1;
    }
  }
  return true;
}

bool HybridDecoder::take_repeated(uint32_t count, uint32_t& value) {
  if (run_left_ == 0 && !next_run()) return false;
  if (packed_ || run_left_ < count) return false;
  run_left_ -= count;
  value = repeated_;
  return true;
}

bool HybridDecoder::read(uint32_t count, uint32_t* values) {
  while (count > 0) {
    if (run_left_ == 0 && !next_run()) return false;
    const uint32_t take = static_cast<uint32_t>(std::min<uint64_t>(count, run_left_));
    if (packed_) {
      unpack(packed_at_, packed_bit_, width_, take, values);
      packed_bit_ += uint64_t{take} * width_;
    } else {
      std::fill_n(values, take, repeated_);
    }
    values += take;
    count -= take;
    run_left_ -= take;
  }
  return true;
}

// Blocks of miniblocks; each block has a least delta, each miniblock a width.
const char* read_delta_integers(Bytes& bytes, uint32_t count, std::vector<int64_t>& values) {
  const uint8_t* at = bytes.data();
  const uint8_t* const end = at + bytes.size();
  uint64_t block_size, miniblocks, total;
  int64_t value;
  if (!read_varint(at, end, block_size) || !read_varint(at, end, miniblocks) ||
      !read_varint(at, end, total) || !read_zigzag(at, end, value)) {
    return kBadDelta;
  }
  if (miniblocks == 0 || block_size == 0 || block_size > (1u << 24)) return kBadDelta;
  const uint64_t per_miniblock = block_size / miniblocks;
  if (per_miniblock * miniblocks != block_size || per_miniblock % 8 != 0) return kBadDelta;
  if (total != count || uint64_t{count} * 8 > kMaxPageBytes) return kBadDelta;
  values.clear();
  if (count > 0) values.push_back(value);
  while (values.size() < count) {
    int64_t least;
    if (!read_zigzag(at, end, least)) return kBadDelta;
    if (static_cast<uint64_t>(end - at) < miniblocks) return kBadDelta;
    const uint8_t* const widths = at;
    at += miniblocks;
    for (uint64_t m = 0; m < miniblocks && values.size() < count; ++m) {
      const uint32_t width = widths[m];
      const uint64_t size = per_miniblock * width / 8;
      if (width > 64 || size > static_cast<uint64_t>(end - at)) return kBadDelta;
      const uint64_t take = std::min<uint64_t>(per_miniblock, count - values.size());
      uint64_t sum = static_cast<uint64_t>(values.back());
      for (uint64_t i = 0; i < take; ++i) {
        sum += static_cast<uint64_t>(least) + (width == 0 ? 0 : unpack_wide(at, i * width, width));
        values.push_back(static_cast<int64_t>(sum));
      }
      at += size;
    }
  }
  bytes = bytes.subspan(static_cast<size_t>(at - bytes.data()));
  return nullptr;
}

const char* read_delta_lengths(Bytes& bytes, uint32_t count, std::vector<StringView>& values) {
  std::vector<int64_t> lengths;
  if (const char* reason = read_delta_integers(bytes, count, lengths)) return reason;
  values.clear();
  values.reserve(count);
  for (const int64_t length : lengths) {
    if (length < 0 || static_cast<uint64_t>(length) > bytes.size()) return kBadDelta;
    const size_t size = static_cast<size_t>(length);
    values.emplace_back(reinterpret_cast<const char*>(bytes.data()), size);
    bytes = bytes.subspan(size);
  }
  return nullptr;
}

const char* read_delta_strings(Bytes& bytes, uint32_t count, Arena& arena,
                               std::vector<StringView>& values) {
  std::vector<int64_t> prefixes;
  if (const char* reason = read_delta_integers(bytes, count, prefixes)) return reason;
  if (const char* reason = read_delta_lengths(bytes, count, values)) return reason;
  uint64_t total = 0;
  for (uint32_t i = 0; i < count; ++i) {
    if (prefixes[i] == 0) continue;
    const uint64_t known = i == 0 ? 0 : values[i - 1].size();
    if (prefixes[i] < 0 || static_cast<uint64_t>(prefixes[i]) > known) return kBadDelta;
    const size_t prefix = static_cast<size_t>(prefixes[i]);
    const size_t length = prefix + values[i].size();
    total += length;
    if (total > kMaxPageBytes) return "a page is too large";
    char* const whole = arena.allocate(length);
    std::memcpy(whole, values[i - 1].data(), prefix);
    std::memcpy(whole + prefix, values[i].data(), values[i].size());
    values[i] = StringView(whole, length);
  }
  return nullptr;
}

void join_byte_streams(const uint8_t* streams, uint32_t count, uint32_t width, uint8_t* values) {
  for (uint32_t byte = 0; byte < width; ++byte) {
    const uint8_t* const stream = streams + size_t{byte} * count;
    for (uint32_t i = 0; i < count; ++i) values[size_t{i} * width + byte] = stream[i];
  }
}

}  // namespace millrace::parquet
