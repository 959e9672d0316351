// Snappy's raw block format, as Parquet pages carry it.
#pragma once

#include <cstdint>
#include <span>

namespace millrace {

// Fills `output` exactly. Null on success, else what is wrong with the input.
[[nodiscard]] const char* snappy_decompress(std::span<const uint8_t> input,
                                            std::span<uint8_t> output);

}  // namespace millrace
