#include "formats/zstd-entropy.h"

#include <bit>

#include "formats/zstd-bits.h"

namespace millrace::zstd {

namespace {

constexpr const char* kBadTable = "zstd entropy table is malformed";
constexpr const char* kBadTree = "zstd Huffman tree is malformed";
constexpr const char* kBadLiterals = "zstd literals are malformed";

uint32_t highest_bit(uint32_t value) { return 31 - static_cast<uint32_t>(std::countl_zero(value)); }

// Bits from the first byte on, lowest first; zero behind the end.
class ForwardBits {
 public:
  explicit ForwardBits(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  uint32_t take(uint32_t count) {
    uint32_t value = 0;
    for (uint32_t i = 0; i < count; ++i, ++position_) {
      const size_t byte = position_ >> 3;
      if (byte < bytes_.size()) value |= ((bytes_[byte] >> (position_ & 7)) & 1u) << i;
    }
    return value;
  }
  void back(uint32_t count) { position_ -= count; }
  [[nodiscard]] size_t bytes_taken() const { return (position_ + 7) >> 3; }

 private:
  std::span<const uint8_t> bytes_;
  size_t position_ = 0;
};

// A count in as few bits as what remains allows.
int32_t read_count(ForwardBits& bits, int32_t remaining) {
  const uint32_t width = highest_bit(static_cast<uint32_t>(remaining + 1)) + 1;
  uint32_t value = bits.take(width);
  const uint32_t low = (1u << (width - 1)) - 1;
  const uint32_t threshold = (1u << width) - 1 - static_cast<uint32_t>(remaining + 1);
  if ((value & low) < threshold) {
    bits.back(1);
    value &= low;
  } else if (value > low) {
    value -= threshold;
  }
  return static_cast<int32_t>(value) - 1;
}

}  // namespace

const char* read_distribution(std::span<const uint8_t>& input, uint32_t max_log,
                              uint32_t max_symbol, Distribution& distribution) {
  ForwardBits bits(input);
  distribution.accuracy_log = bits.take(4) + 5;
  if (distribution.accuracy_log > max_log) return kBadTable;
  distribution.counts.fill(0);
  int32_t remaining = 1 << distribution.accuracy_log;
  uint32_t symbol = 0;
  while (remaining > 0 && symbol <= max_symbol) {
    const int32_t count = read_count(bits, remaining);
    remaining -= count < 0 ? -count : count;
    distribution.counts[symbol++] = static_cast<int16_t>(count);
    if (count != 0) continue;
    for (uint32_t repeat = 3; repeat == 3;) {
      repeat = bits.take(2);
      symbol += repeat;
      if (symbol > max_symbol + 1) return kBadTable;
    }
  }
  if (remaining != 0 || bits.bytes_taken() > input.size()) return kBadTable;
  distribution.symbol_count = symbol;
  input = input.subspan(bits.bytes_taken());
  return nullptr;
}

void build_fse_table(const Distribution& distribution, FseTable& table) {
  const uint32_t size = 1u << distribution.accuracy_log;
  table.accuracy_log = distribution.accuracy_log;
  table.entries.assign(size, {});
  std::array<uint16_t, kMaxSymbols> next{};
  uint32_t high = size;
  for (uint32_t symbol = 0; symbol < distribution.symbol_count; ++symbol) {
    const int16_t count = distribution.counts[symbol];
    next[symbol] = static_cast<uint16_t>(count < 0 ? 1 : count);
    if (count < 0) table.entries[--high].symbol = static_cast<uint8_t>(symbol);
  }
  const uint32_t step = (size >> 1) + (size >> 3) + 3;
  uint32_t position = 0;
  for (uint32_t symbol = 0; symbol < distribution.symbol_count; ++symbol) {
    for (int32_t i = 0; i < distribution.counts[symbol]; ++i) {
      table.entries[position].symbol = static_cast<uint8_t>(symbol);
      do {
        position = (position + step) & (size - 1);
      } while (position >= high);
    }
  }
  for (FseEntry& entry : table.entries) {
    const uint32_t state = next[entry.symbol]++;
    entry.bits = static_cast<uint8_t>(distribution.accuracy_log - highest_bit(state));
    entry.next_base = static_cast<uint16_t>((state << entry.bits) - size);
  }
}

void build_rle_table(uint8_t symbol, FseTable& table) {
  table.accuracy_log = 0;
  table.entries.assign(1, FseEntry{0, 0, symbol});
}

namespace {

// Huffman weights under FSE: two states take turns until the bits run out.
const char* read_fse_weights(std::span<const uint8_t> input, std::array<uint8_t, 256>& weights,
                             uint32_t& count) {
  Distribution distribution;
  if (const char* reason = read_distribution(input, 6, 15, distribution)) return reason;
  FseTable table;
  build_fse_table(distribution, table);
  BackwardBits bits;
  if (!bits.open(input)) return kBadTree;
  uint32_t state[2];
  for (uint32_t& one : state) {
    one = static_cast<uint32_t>(bits.take(table.accuracy_log));
    (void)bits.reload();
  }
  if (bits.overrun()) return kBadTree;
  for (uint32_t turn = 0; count < 254; turn ^= 1) {
    const FseEntry entry = table.entries[state[turn]];
    weights[count++] = entry.symbol;
    (void)bits.reload();
    const uint32_t low = static_cast<uint32_t>(bits.take(entry.bits));
    if (bits.overrun()) {  // the other state's symbol is the last
      weights[count++] = table.entries[state[turn ^ 1]].symbol;
      return nullptr;
    }
    state[turn] = entry.next_base + low;
  }
  return kBadTree;
}

}  // namespace

const char* HuffmanTable::read(std::span<const uint8_t>& input) {
  bits_ = 0;
  if (input.empty()) return kBadTree;
  const uint32_t header = input[0];
  std::array<uint8_t, 256> weights{};
  uint32_t count = 0;
  uint32_t bytes = header;
  if (header < 128) {
    if (bytes + 1 > input.size()) return kBadTree;
    if (const char* reason = read_fse_weights(input.subspan(1, bytes), weights, count)) {
      return reason;
    }
  } else {
    count = header - 127;
    bytes = (count + 1) / 2;
    if (bytes + 1 > input.size()) return kBadTree;
    for (uint32_t i = 0; i < count; ++i) {
      const uint8_t pair = input[1 + i / 2];
      weights[i] = i % 2 == 0 ? pair >> 4 : pair & 15;
    }
  }
  input = input.subspan(bytes + 1);
  return build({weights.data(), count});
}

// The last symbol's weight is not sent: it fills the sum up to a power of two.
const char* HuffmanTable::build(std::span<const uint8_t> sent) {
  std::array<uint8_t, 256> weights{};
  uint32_t sum = 0;
  for (size_t i = 0; i < sent.size(); ++i) {
    if (sent[i] > kMaxBits) return kBadTree;
    weights[i] = sent[i];
    if (sent[i] > 0) sum += 1u << (sent[i] - 1);
  }
  if (sum == 0) return kBadTree;
  const uint32_t max_bits = highest_bit(sum) + 1;
  if (max_bits > kMaxBits) return kBadTree;
  const uint32_t left = (1u << max_bits) - sum;
  if (!std::has_single_bit(left)) return kBadTree;
  weights[sent.size()] = static_cast<uint8_t>(highest_bit(left) + 1);
  uint32_t at = 0;
  for (uint32_t weight = 1; weight <= max_bits; ++weight) {
    for (size_t symbol = 0; symbol <= sent.size(); ++symbol) {
      if (weights[symbol] != weight) continue;
      const Entry entry{static_cast<uint8_t>(symbol),
                        static_cast<uint8_t>(max_bits + 1 - weight)};
      const uint32_t width = 1u << (weight - 1);
      for (uint32_t i = 0; i < width; ++i) entries_[at++] = entry;
    }
  }
  bits_ = max_bits;
  return nullptr;
}

const char* HuffmanTable::decode_one(std::span<const uint8_t> input,
                                     std::span<uint8_t> output) const {
  BackwardBits bits;
  if (!bits.open(input)) return kBadLiterals;
  for (uint8_t& symbol : output) {
    const Entry entry = entries_[bits.peek(bits_)];
    symbol = entry.symbol;
    bits.skip(entry.bits);
    (void)bits.reload();
    if (bits.overrun()) return kBadLiterals;
  }
  return bits.at_end() ? nullptr : kBadLiterals;
}

const char* HuffmanTable::decode_four(std::span<const uint8_t> input,
                                      std::span<uint8_t> output) const {
  if (input.size() < 10) return kBadLiterals;
  const size_t part = (output.size() + 3) / 4;
  if (part * 3 > output.size()) return kBadLiterals;
  BackwardBits streams[4];
  size_t at = 6;
  for (size_t i = 0; i < 4; ++i) {
    const size_t size = i < 3 ? input[2 * i] | size_t{input[2 * i + 1]} << 8 : input.size() - at;
    if (size > input.size() - at || !streams[i].open(input.subspan(at, size))) return kBadLiterals;
    at += size;
  }
  const uint32_t width = bits_;
  const Entry* const entries = entries_.data();
  uint8_t* const base = output.data();
  const size_t last_part = output.size() - 3 * part;
  // Five codes of at most 11 bits fit the 57 bits that a reload leaves.
  size_t done = 0;
  for (; done + 5 <= last_part; done += 5) {
    bool room = streams[0].reload();
    room &= streams[1].reload();
    room &= streams[2].reload();
    room &= streams[3].reload();
    if (!room) break;
    for (size_t i = 0; i < 5; ++i) {
      for (size_t stream = 0; stream < 4; ++stream) {
        const Entry entry = entries[streams[stream].peek(width)];
        streams[stream].skip(entry.bits);
        base[stream * part + done + i] = entry.symbol;
      }
    }
  }
  for (size_t stream = 0; stream < 4; ++stream) {
    const size_t end = stream < 3 ? part : last_part;
    for (size_t i = done; i < end; ++i) {
      (void)streams[stream].reload();
      if (streams[stream].overrun()) return kBadLiterals;
      const Entry entry = entries[streams[stream].peek(width)];
      streams[stream].skip(entry.bits);
      base[stream * part + i] = entry.symbol;
    }
    (void)streams[stream].reload();
    if (!streams[stream].at_end()) return kBadLiterals;
  }
  return nullptr;
}

}  // namespace millrace::zstd
