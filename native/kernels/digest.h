// MD5 and the SHA family (RFC 1321, FIPS 180-4) over bytes in memory.
#pragma once

#include <cstdint>
#include <string_view>

namespace millrace::digest {

constexpr uint32_t kMaxBytes = 64;

enum class Algorithm { kMd5, kSha1, kSha224, kSha256, kSha384, kSha512 };

// Writes the digest to `out` (kMaxBytes of room); returns its bytes.
uint32_t compute(Algorithm algorithm, std::string_view text, uint8_t* out);

}  // namespace millrace::digest
