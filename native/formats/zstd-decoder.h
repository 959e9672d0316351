// Zstandard decompression (RFC 8878), without dictionaries: what Parquet pages carry.
//
//     zstd-bits.h       bits read backwards
//     zstd-entropy.*    FSE and Huffman tables, literals in one or four streams
//     zstd-decoder.*    frames, blocks, sequences
#pragma once

#include <cstdint>
#include <memory>
#include <span>

namespace millrace {

class ZstdDecoder {
 public:
  // Bytes behind `output` that may be written, with anything.
  static constexpr size_t kSlack = 32;

  ZstdDecoder();
  ~ZstdDecoder();
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;

  // Fills `output` exactly, from one frame or several. Null on success, else what is wrong.
  [[nodiscard]] const char* decompress(std::span<const uint8_t> input, std::span<uint8_t> output);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace millrace
