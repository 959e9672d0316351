// The entropy coders of Zstandard: FSE tables and Huffman tables.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace millrace::zstd {

constexpr uint32_t kMaxSymbols = 256;

// Normalised counts of an FSE table; -1 = "less than one".
struct Distribution {
  std::array<int16_t, kMaxSymbols> counts{};
  uint32_t symbol_count = 0;
  uint32_t accuracy_log = 0;
};

struct FseEntry {
  uint16_t next_base = 0;
  uint8_t bits = 0;
  uint8_t symbol = 0;
};

struct FseTable {
  std::vector<FseEntry> entries;
  uint32_t accuracy_log = 0;
};

// Reads counts from the front of `input` and advances it. Null on success.
[[nodiscard]] const char* read_distribution(std::span<const uint8_t>& input, uint32_t max_log,
                                            uint32_t max_symbol, Distribution& distribution);
void build_fse_table(const Distribution& distribution, FseTable& table);
// One symbol for ever.
void build_rle_table(uint8_t symbol, FseTable& table);

class HuffmanTable {
 public:
  static constexpr uint32_t kMaxBits = 11;
  // Reads a tree description from the front of `input` and advances it. Null on success.
  [[nodiscard]] const char* read(std::span<const uint8_t>& input);
  [[nodiscard]] bool is_present() const { return bits_ > 0; }
  void clear() { bits_ = 0; }
  // Null on success. `output` is filled exactly.
  [[nodiscard]] const char* decode_one(std::span<const uint8_t> input,
                                       std::span<uint8_t> output) const;
  [[nodiscard]] const char* decode_four(std::span<const uint8_t> input,
                                        std::span<uint8_t> output) const;

 private:
  struct Entry {
    uint8_t symbol;
    uint8_t bits;
  };
  const char* build(std::span<const uint8_t> weights);

  std::array<Entry, 1u << kMaxBits> entries_{};
  uint32_t bits_ = 0;
};

}  // namespace millrace::zstd
