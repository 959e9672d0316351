// The encodings of levels and values inside a Parquet page.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "columnar/arena.h"
#include "columnar/string_view.h"

namespace millrace::parquet {

using Bytes = std::span<const uint8_t>;

// Memory that these decoders read must have so many readable bytes behind its end.
constexpr size_t kPadding = 8;
// Most bytes that one page may unfold to; more is an error.
constexpr uint64_t kMaxPageBytes = 512u << 20;

// Runs of one value and runs of packed values in turn: levels, dictionary indexes, booleans.
class HybridDecoder {
 public:
  // `width` 0 to 32.
  void open(Bytes bytes, uint32_t width);
  // Takes the next `count` values if they are one value in one run.
  bool take_repeated(uint32_t count, uint32_t& value);
  // False where the data ends before.
  [[nodiscard]] bool read(uint32_t count, uint32_t* values);

 private:
  bool next_run();

  const uint8_t* at_ = nullptr;
  const uint8_t* end_ = nullptr;
  uint32_t width_ = 0;
  uint64_t run_left_ = 0;
  bool packed_ = false;
  uint32_t repeated_ = 0;
  const uint8_t* packed_at_ = nullptr;
  uint64_t packed_bit_ = 0;
};

// Each takes its part off the front of `bytes`; null on success, else what is wrong.
[[nodiscard]] const char* read_delta_integers(Bytes& bytes, uint32_t count,
                                              std::vector<int64_t>& values);
[[nodiscard]] const char* read_delta_lengths(Bytes& bytes, uint32_t count,
                                             std::vector<StringView>& values);
// Strings that share a prefix with the one before; they are put together in `arena`.
[[nodiscard]] const char* read_delta_strings(Bytes& bytes, uint32_t count, Arena& arena,
                                             std::vector<StringView>& values);
// Bytes of one significance side by side -> values.
void join_byte_streams(const uint8_t* streams, uint32_t count, uint32_t width, uint8_t* values);

}  // namespace millrace::parquet
