// The random numbers of the generators, the same in src/connectors/random.ts: 32-bit hashes of
// (seed, record number, field), so that a value never depends on which others are made.
#pragma once

#include <cstdint>

namespace millrace::random {

constexpr uint32_t kGolden = 0x9e3779b9;

// A bijection of 32 bits in which every input bit reaches every output bit.
constexpr uint32_t mix(uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352d;
  x ^= x >> 15;
  x *= 0x846ca68b;
  x ^= x >> 16;
  return x;
}

constexpr uint32_t seed_key(uint64_t seed) {
  return mix(mix(static_cast<uint32_t>(seed) ^ kGolden) ^ static_cast<uint32_t>(seed >> 32));
}

// The key of a record; records of one seed have different keys below 2^32.
constexpr uint32_t record_key(uint32_t seed, uint64_t number) {
  const auto high = static_cast<uint32_t>(number >> 32);
  const uint32_t base = high == 0 ? seed : mix(seed + high * 0x85ebca6b);
  return mix(static_cast<uint32_t>(number) * 0x9e3779b1 + base);
}

constexpr uint32_t draw(uint32_t key, uint32_t field) { return mix(key ^ (field * kGolden)); }

// The k-th number of a field that needs many.
constexpr uint32_t draw_at(uint32_t field_key, uint32_t k) {
  return mix(field_key + k * kGolden);
}

// A number in [0, n), n at most 2^21.
constexpr uint32_t below(uint32_t u, uint32_t n) {
  return static_cast<uint32_t>((static_cast<uint64_t>(u) * n) >> 32);
}

// A number in [0, n) of any n below 2^53, from two draws; below() where n is small.
inline int64_t below_wide(uint32_t u, uint32_t v, int64_t n) {
  if (n <= (1 << 21)) return below(u, static_cast<uint32_t>(n));
  const double fraction = (static_cast<double>(u) * 1048576.0 + static_cast<double>(v >> 12)) /
                          4503599627370496.0;
  return static_cast<int64_t>(fraction * static_cast<double>(n));
}

}  // namespace millrace::random
