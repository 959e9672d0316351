#include "formats/zstd-decoder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <vector>

#include "formats/zstd-bits.h"
#include "formats/zstd-entropy.h"

namespace millrace {

namespace {

using zstd::BackwardBits;
using zstd::Distribution;
using zstd::FseTable;
using Bytes = std::span<const uint8_t>;

constexpr const char* kTruncated = "zstd data is truncated";
constexpr const char* kTooLong = "zstd data is longer than announced";
constexpr const char* kBadBlock = "zstd block is malformed";
constexpr const char* kBadSequences = "zstd sequences are malformed";
constexpr size_t kMaxBlock = 128 * 1024;
constexpr uint32_t kFrameMagic = 0xFD2FB528;
constexpr uint32_t kSkippableMagic = 0x184D2A50;  // and the 15 after it

// Baselines and extra bits of the length codes, and the predefined tables: RFC 8878, 3.1.1.3.2.
constexpr std::array<uint32_t, 36> kLiteralBase = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,   9,   10,  11,   12,   13,   14,   15,    16,    18,
    20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536};
constexpr std::array<uint8_t, 36> kLiteralBits = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  0,  0,
                                                  0, 0, 0, 0, 1, 1, 1, 1, 2, 2,  3,  3,
                                                  4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
constexpr std::array<uint32_t, 53> kMatchBase = {
    3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14,  15,  16,  17,   18,   19,   20,
    21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,  33,  34,  35,   37,   39,   41,
    43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539};
constexpr std::array<uint8_t, 53> kMatchBits = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  0,  0,  0, 0,
                                                0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  0,  0,  0, 0,
                                                0, 0, 0, 0, 1, 1, 1, 1, 2, 2,  3,  3,  4, 4,
                                                5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
constexpr std::array<int8_t, 36> kLiteralDefault = {4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2,  2,
                                                    2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2,  2,
                                                    2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1};
constexpr std::array<int8_t, 29> kOffsetDefault = {1, 1, 1, 1, 1, 1, 2, 2, 2, 1,  1,  1,  1,  1, 1,
                                                   1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1};
constexpr std::array<int8_t, 53> kMatchDefault = {
    1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1,  1,  1,  1,  1,  1,  1,  1,  1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,  1, -1, -1, -1, -1, -1, -1, -1};

// What the three fields of a sequence differ in.
struct FieldRules {
  std::span<const int8_t> defaults;
  uint32_t default_log;
  uint32_t max_log;
  uint32_t max_symbol;
};
constexpr FieldRules kLiteralRules{kLiteralDefault, 6, 9, 35};
constexpr FieldRules kOffsetRules{kOffsetDefault, 5, 8, 31};
constexpr FieldRules kMatchRules{kMatchDefault, 6, 9, 52};

uint64_t little_endian(const uint8_t* bytes, size_t count) {
  uint64_t value = 0;
  for (size_t i = 0; i < count; ++i) value |= static_cast<uint64_t>(bytes[i]) << (8 * i);
  return value;
}

// XXH64 with seed 0; a frame's checksum is its low half.
uint64_t xxh64(Bytes bytes) {
  constexpr uint64_t p1 = 0x9E3779B185EBCA87, p2 = 0xC2B2AE3D27D4EB4F, p3 = 0x165667B19E3779F9,
                     p4 = 0x85EBCA77C2B2AE63, p5 = 0x27D4EB2F165667C5;
  const auto round = [](uint64_t lane, uint64_t input) {
    return std::rotl(lane + input * p2, 31) * p1;
  };
  const uint8_t* at = bytes.data();
  const uint8_t* const end = at + bytes.size();
  uint64_t hash = p5;
  if (bytes.size() >= 32) {
    uint64_t lanes[4] = {p1 + p2, p2, 0, 0 - p1};
    for (; end - at >= 32; at += 32) {
      for (size_t i = 0; i < 4; ++i) lanes[i] = round(lanes[i], little_endian(at + 8 * i, 8));
    }
    hash = std::rotl(lanes[0], 1) + std::rotl(lanes[1], 7) + std::rotl(lanes[2], 12) +
           std::rotl(lanes[3], 18);
    for (const uint64_t lane : lanes) hash = (hash ^ round(0, lane)) * p1 + p4;
  }
  hash += bytes.size();
  for (; end - at >= 8; at += 8) {
    hash = std::rotl(hash ^ round(0, little_endian(at, 8)), 27) * p1 + p4;
  }
  if (end - at >= 4) {
    hash = std::rotl(hash ^ little_endian(at, 4) * p1, 23) * p2 + p3;
    at += 4;
  }
  for (; at < end; ++at) hash = std::rotl(hash ^ *at * p5, 11) * p1;
  hash = (hash ^ (hash >> 33)) * p2;
  hash = (hash ^ (hash >> 29)) * p3;
  return hash ^ (hash >> 32);
}

struct FrameHeader {
  size_t size = 0;
  bool checksum = false;
};

const char* read_frame_header(Bytes input, FrameHeader& header) {
  if (input.size() < 6) return kTruncated;
  const uint8_t descriptor = input[4];
  const bool single_segment = (descriptor & 32) != 0;
  if ((descriptor & 8) != 0) return "zstd frame header is malformed";
  if ((descriptor & 3) != 0) return "zstd dictionaries are not supported";
  const uint32_t flag = descriptor >> 6;
  const size_t size_bytes = flag == 0 ? (single_segment ? 1 : 0) : size_t{1} << flag;
  header.size = 5 + (single_segment ? 0 : 1) + size_bytes;
  header.checksum = (descriptor & 4) != 0;
  return header.size > input.size() ? kTruncated : nullptr;
}

}  // namespace

struct ZstdDecoder::State {
  zstd::HuffmanTable huffman;
  FseTable literal_lengths, offsets, match_lengths;
  size_t repeats[3];
  std::vector<uint8_t> literal_memory = std::vector<uint8_t>(kMaxBlock + kSlack);
  Bytes literals;  // of this block: in literal_memory or in the input
  uint8_t* begin = nullptr;  // of this frame's output
  uint8_t* to = nullptr;
  uint8_t* end = nullptr;

  const char* frame(Bytes& input);
  const char* block(Bytes input);
  const char* read_literals(Bytes& input);
  const char* read_compressed_literals(Bytes& input, uint32_t kind, uint32_t format);
  const char* read_table(Bytes& input, uint32_t mode, const FieldRules& rules, FseTable& table);
  const char* sequences(Bytes input);
  const char* run_sequences(Bytes input, uint32_t count);
  bool next_offset(uint64_t value, size_t literal_length, size_t& offset);
  bool copy_sequence(size_t literal_length, size_t match_length, size_t offset);
};

ZstdDecoder::ZstdDecoder() : state_(std::make_unique<State>()) {}
ZstdDecoder::~ZstdDecoder() = default;

const char* ZstdDecoder::decompress(Bytes input, std::span<uint8_t> output) {
  state_->to = output.data();
  state_->end = output.data() + output.size();
  if (input.size() < 4) return kTruncated;
  while (input.size() >= 4) {
    const uint32_t magic = static_cast<uint32_t>(little_endian(input.data(), 4));
    if ((magic & ~15u) == kSkippableMagic) {
      const size_t size = input.size() < 8 ? input.size() : little_endian(input.data() + 4, 4) + 8;
      if (size > input.size() || size < 8) return kTruncated;
      input = input.subspan(size);
      continue;
    }
    if (magic != kFrameMagic) return "zstd frame has no magic number";
    if (const char* reason = state_->frame(input)) return reason;
  }
  if (!input.empty()) return kTruncated;
  return state_->to == state_->end ? nullptr : "zstd data is shorter than announced";
}

const char* ZstdDecoder::State::frame(Bytes& input) {
  FrameHeader header;
  if (const char* reason = read_frame_header(input, header)) return reason;
  input = input.subspan(header.size);
  begin = to;
  huffman.clear();
  literal_lengths.entries.clear();
  offsets.entries.clear();
  match_lengths.entries.clear();
  repeats[0] = 1;
  repeats[1] = 4;
  repeats[2] = 8;
  for (bool last = false; !last;) {
    if (input.size() < 3) return kTruncated;
    const uint32_t head = static_cast<uint32_t>(little_endian(input.data(), 3));
    last = (head & 1) != 0;
    const uint32_t kind = (head >> 1) & 3;
    const size_t size = head >> 3;
    const size_t bytes = kind == 1 ? 1 : size;
    input = input.subspan(3);
    if (bytes > input.size()) return kTruncated;
    if (kind == 3 || size > kMaxBlock) return kBadBlock;
    if (kind == 2) {
      if (const char* reason = block(input.first(bytes))) return reason;
    } else {
      if (size > static_cast<size_t>(end - to)) return kTooLong;
      if (kind == 0) std::memcpy(to, input.data(), size);
      if (kind == 1) std::memset(to, input[0], size);
      to += size;
    }
    input = input.subspan(bytes);
  }
  if (!header.checksum) return nullptr;
  if (input.size() < 4) return kTruncated;
  const uint32_t expected = static_cast<uint32_t>(little_endian(input.data(), 4));
  input = input.subspan(4);
  const Bytes content{begin, static_cast<size_t>(to - begin)};
  return static_cast<uint32_t>(xxh64(content)) == expected ? nullptr
                                                           : "zstd checksum does not match";
}

const char* ZstdDecoder::State::block(Bytes input) {
  if (const char* reason = read_literals(input)) return reason;
  return sequences(input);
}

const char* ZstdDecoder::State::read_literals(Bytes& input) {
  if (input.empty()) return kTruncated;
  const uint32_t kind = input[0] & 3;
  const uint32_t format = (input[0] >> 2) & 3;
  if (kind >= 2) return read_compressed_literals(input, kind, format);
  const size_t header = (format & 1) == 0 ? 1 : format == 1 ? 2 : 3;
  if (input.size() < header) return kTruncated;
  const size_t size = little_endian(input.data(), header) >> (header == 1 ? 3 : 4);
  input = input.subspan(header);
  if (size > kMaxBlock) return kBadBlock;
  const size_t bytes = kind == 1 ? 1 : size;
  if (bytes > input.size()) return kTruncated;
  if (kind == 1) std::memset(literal_memory.data(), input[0], size);
  if (kind == 0) std::memcpy(literal_memory.data(), input.data(), size);
  literals = {literal_memory.data(), size};
  input = input.subspan(bytes);
  return nullptr;
}

const char* ZstdDecoder::State::read_compressed_literals(Bytes& input, uint32_t kind,
                                                         uint32_t format) {
  const size_t header = format < 2 ? 3 : format + 2;
  if (input.size() < header) return kTruncated;
  const uint32_t width = format < 2 ? 10 : format == 2 ? 14 : 18;
  const uint64_t head = little_endian(input.data(), header) >> 4;
  const size_t size = head & ((1u << width) - 1);
  const size_t compressed = (head >> width) & ((1u << width) - 1);
  input = input.subspan(header);
  if (size > kMaxBlock) return kBadBlock;
  if (compressed > input.size()) return kTruncated;
  Bytes stream = input.first(compressed);
  input = input.subspan(compressed);
  if (kind == 2) {
    if (const char* reason = huffman.read(stream)) return reason;
  } else if (!huffman.is_present()) {
    return kBadBlock;
  }
  const std::span<uint8_t> target{literal_memory.data(), size};
  literals = target;
  return format == 0 ? huffman.decode_one(stream, target) : huffman.decode_four(stream, target);
}

const char* ZstdDecoder::State::read_table(Bytes& input, uint32_t mode, const FieldRules& rules,
                                           FseTable& table) {
  Distribution distribution;
  switch (mode) {
    case 0:
      distribution.accuracy_log = rules.default_log;
      distribution.symbol_count = static_cast<uint32_t>(rules.defaults.size());
      std::copy(rules.defaults.begin(), rules.defaults.end(), distribution.counts.begin());
      build_fse_table(distribution, table);
      return nullptr;
    case 1:
      if (input.empty()) return kTruncated;
      if (input[0] > rules.max_symbol) return kBadSequences;
      zstd::build_rle_table(input[0], table);
      input = input.subspan(1);
      return nullptr;
    case 2:
      if (const char* reason =
              read_distribution(input, rules.max_log, rules.max_symbol, distribution)) {
        return reason;
      }
      build_fse_table(distribution, table);
      return nullptr;
    default:
      return table.entries.empty() ? kBadSequences : nullptr;
  }
}

const char* ZstdDecoder::State::sequences(Bytes input) {
  if (input.empty()) return kTruncated;
  uint32_t count = input[0];
  size_t header = 1;
  if (count >= 128) {
    header = count == 255 ? 3 : 2;
    if (input.size() < header) return kTruncated;
    count = count == 255 ? input[1] + (uint32_t{input[2]} << 8) + 0x7F00
                         : ((count - 128) << 8) + input[1];
  }
  input = input.subspan(header);
  if (count > 0) {
    if (input.empty()) return kTruncated;
    const uint8_t modes = input[0];
    if ((modes & 3) != 0) return kBadSequences;
    input = input.subspan(1);
    if (const char* r = read_table(input, modes >> 6, kLiteralRules, literal_lengths)) return r;
    if (const char* r = read_table(input, (modes >> 4) & 3, kOffsetRules, offsets)) return r;
    if (const char* r = read_table(input, (modes >> 2) & 3, kMatchRules, match_lengths)) return r;
    if (const char* r = run_sequences(input, count)) return r;
  }
  if (literals.size() > static_cast<size_t>(end - to)) return kTooLong;
  if (!literals.empty()) std::memcpy(to, literals.data(), literals.size());
  to += literals.size();
  return nullptr;
}

const char* ZstdDecoder::State::run_sequences(Bytes input, uint32_t count) {
  BackwardBits bits;
  if (!bits.open(input)) return kBadSequences;
  const zstd::FseEntry* const literal_entries = literal_lengths.entries.data();
  const zstd::FseEntry* const offset_entries = offsets.entries.data();
  const zstd::FseEntry* const match_entries = match_lengths.entries.data();
  size_t literal_state = bits.take(literal_lengths.accuracy_log);
  size_t offset_state = bits.take(offsets.accuracy_log);
  size_t match_state = bits.take(match_lengths.accuracy_log);
  for (uint32_t i = 0;; ++i) {
    (void)bits.reload();
    if (bits.overrun()) return kBadSequences;
    const zstd::FseEntry literal = literal_entries[literal_state];
    const zstd::FseEntry match = match_entries[match_state];
    const zstd::FseEntry far = offset_entries[offset_state];
    const uint64_t offset_value = (uint64_t{1} << far.symbol) + bits.take(far.symbol);
    const uint32_t match_bits = kMatchBits[match.symbol];
    const uint32_t literal_bits = kLiteralBits[literal.symbol];
    if (far.symbol + match_bits + literal_bits > 31) (void)bits.reload();
    const size_t match_length = kMatchBase[match.symbol] + bits.take(match_bits);
    const size_t literal_length = kLiteralBase[literal.symbol] + bits.take(literal_bits);
    if (bits.overrun()) return kBadSequences;
    size_t offset;
    if (!next_offset(offset_value, literal_length, offset)) return kBadSequences;
    if (!copy_sequence(literal_length, match_length, offset)) return kBadSequences;
    if (i + 1 == count) break;
    (void)bits.reload();
    literal_state = literal.next_base + bits.take(literal.bits);
    match_state = match.next_base + bits.take(match.bits);
    offset_state = far.next_base + bits.take(far.bits);
  }
  (void)bits.reload();
  return bits.at_end() ? nullptr : kBadSequences;
}

// Values 1 to 3 name one of the last three offsets; without literals they are moved by one.
bool ZstdDecoder::State::next_offset(uint64_t value, size_t literal_length, size_t& offset) {
  if (value > 3) {
    offset = value - 3;
    repeats[2] = repeats[1];
    repeats[1] = repeats[0];
    repeats[0] = offset;
    return true;
  }
  const size_t index = value - 1 + (literal_length == 0 ? 1 : 0);
  if (index == 0) {
    offset = repeats[0];
    return true;
  }
  offset = index < 3 ? repeats[index] : repeats[0] - 1;
  if (index > 1) repeats[2] = repeats[1];
  repeats[1] = repeats[0];
  repeats[0] = offset;
  return offset != 0;
}

bool ZstdDecoder::State::copy_sequence(size_t literal_length, size_t match_length,
                                       size_t offset) {
  if (literal_length > literals.size()) return false;
  if (literal_length + match_length > static_cast<size_t>(end - to)) return false;
  // Both buffers have kSlack bytes behind them, so whole words may be copied.
  const uint8_t* literal = literals.data();
  for (size_t i = 0; i < literal_length; i += 16) std::memcpy(to + i, literal + i, 16);
  literals = literals.subspan(literal_length);
  to += literal_length;
  if (offset > static_cast<size_t>(to - begin)) return false;
  const uint8_t* from = to - offset;
  if (offset >= 16) {
    for (size_t i = 0; i < match_length; i += 16) std::memcpy(to + i, from + i, 16);
  } else if (offset >= 8) {
    for (size_t i = 0; i < match_length; i += 8) std::memcpy(to + i, from + i, 8);
  } else {
    for (size_t i = 0; i < match_length; ++i) to[i] = from[i];
  }
  to += match_length;
  return true;
}

}  // namespace millrace
