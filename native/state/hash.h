// Hashing inside an operator. Never written anywhere: key groups have their own hash, for ever.
#pragma once

#include <cstdint>
#include <cstring>

#include "columnar/types.h"

namespace millrace {

// Both halves of a 128-bit product, folded: every bit of a and b reaches every bit of the result.
[[nodiscard]] inline uint64_t hash_mix(uint64_t a, uint64_t b) {
  const uint128 product = static_cast<uint128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

constexpr uint64_t kHashSeed = 0x9e3779b97f4a7c15u;
constexpr uint64_t kHashStep = 0xd6e8feb86659fd93u;

[[nodiscard]] inline uint64_t hash_word(uint64_t word) {
  return hash_mix(word ^ kHashSeed, kHashStep);
}

[[nodiscard]] inline uint64_t hash_words(const uint64_t* words, uint32_t count) {
  uint64_t hash = hash_word(words[0]);
  for (uint32_t i = 1; i < count; ++i) hash = hash_mix(hash ^ words[i], kHashStep + 2 * i);
  return hash;
}

[[nodiscard]] inline uint64_t hash_bytes(const char* text, size_t length) {
  uint64_t hash = kHashSeed ^ length;
  while (length >= 8) {
    uint64_t word;
    std::memcpy(&word, text, 8);
    hash = hash_mix(hash ^ word, kHashStep);
    text += 8;
    length -= 8;
  }
  uint64_t tail = 0;
  std::memcpy(&tail, text, length);
  return hash_mix(hash ^ tail, kHashStep);
}

}  // namespace millrace
