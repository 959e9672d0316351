#include "kernels/digest.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>

namespace millrace::digest {
namespace {

uint32_t read_be32(const uint8_t* at) {
  return uint32_t{at[0]} << 24 | uint32_t{at[1]} << 16 | uint32_t{at[2]} << 8 | at[3];
}
uint32_t read_le32(const uint8_t* at) {
  return uint32_t{at[3]} << 24 | uint32_t{at[2]} << 16 | uint32_t{at[1]} << 8 | at[0];
}
uint64_t read_be64(const uint8_t* at) {
  return uint64_t{read_be32(at)} << 32 | read_be32(at + 4);
}
template <typename T>
void write_be(T value, uint8_t* to) {
  for (size_t i = 0; i < sizeof(T); ++i) {
    to[i] = static_cast<uint8_t>(value >> (8 * (sizeof(T) - 1 - i)));
  }
}

// The text in blocks of kBlock bytes, the last ones padded: 0x80, zeros, the bit count.
template <uint32_t kBlock, bool kBigEndian, typename F>
void for_each_block(std::string_view text, F&& f) {
  constexpr uint32_t kCountBytes = kBlock / 8;
  const auto* at = reinterpret_cast<const uint8_t*>(text.data());
  size_t rest = text.size();
  for (; rest >= kBlock; rest -= kBlock, at += kBlock) f(at);
  uint8_t tail[2 * kBlock] = {};
  if (rest > 0) std::memcpy(tail, at, rest);
  tail[rest] = 0x80;
  const uint32_t blocks = rest + 1 + kCountBytes > kBlock ? 2 : 1;
  const uint64_t bits = uint64_t{text.size()} * 8;
  uint8_t* const count = tail + blocks * kBlock - 8;
  for (uint32_t i = 0; i < 8; ++i) {
    count[i] = static_cast<uint8_t>(bits >> (kBigEndian ? 56 - 8 * i : 8 * i));
  }
  for (uint32_t i = 0; i < blocks; ++i) f(tail + i * kBlock);
}

struct Md5Constants {
  std::array<uint32_t, 64> sines{};
  Md5Constants() {
    for (int i = 0; i < 64; ++i) {
      sines[static_cast<size_t>(i)] =
          static_cast<uint32_t>(std::floor(std::fabs(std::sin(i + 1.0)) * 4294967296.0));
    }
  }
};

void md5_block(const uint8_t* block, uint32_t* state, const Md5Constants& constants) {
  constexpr uint8_t kShifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23},
                                     {6, 10, 15, 21}};
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  for (uint32_t i = 0; i < 64; ++i) {
    uint32_t mixed = 0;
    uint32_t word = 0;
    switch (i / 16) {
      case 0: mixed = (b & c) | (~b & d); word = i; break;
      case 1: mixed = (d & b) | (~d & c); word = (5 * i + 1) % 16; break;
      case 2: mixed = b ^ c ^ d; word = (3 * i + 5) % 16; break;
      default: mixed = c ^ (b | ~d); word = (7 * i) % 16; break;
    }
    const uint32_t sum = a + mixed + constants.sines[i] + read_le32(block + 4 * word);
    a = d;
    d = c;
    c = b;
    b += std::rotl(sum, kShifts[i / 16][i % 4]);
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
}

uint32_t md5(std::string_view text, uint8_t* out) {
  static const Md5Constants constants;
  uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  for_each_block<64, false>(text,
                            [&](const uint8_t* block) { md5_block(block, state, constants); });
  for (uint32_t i = 0; i < 16; ++i) {
    out[i] = static_cast<uint8_t>(state[i / 4] >> (8 * (i % 4)));
  }
  return 16;
}

void sha1_block(const uint8_t* block, uint32_t* state) {
  uint32_t words[80];
  for (uint32_t i = 0; i < 16; ++i) words[i] = read_be32(block + 4 * i);
  for (uint32_t i = 16; i < 80; ++i) {
    words[i] = std::rotl(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
  }
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
  for (uint32_t i = 0; i < 80; ++i) {
    uint32_t mixed = b ^ c ^ d;
    uint32_t constant = i < 40 ? 0x6ed9eba1 : 0xca62c1d6;
    if (i < 20) {
      mixed = (b & c) | (~b & d);
      constant = 0x5a827999;
    } else if (i >= 40 && i < 60) {
      mixed = (b & c) | (b & d) | (c & d);
      constant = 0x8f1bbcdc;
    }
    const uint32_t next = std::rotl(a, 5) + mixed + e + constant + words[i];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
}

uint32_t sha1(std::string_view text, uint8_t* out) {
  uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  for_each_block<64, true>(text, [&](const uint8_t* block) { sha1_block(block, state); });
  for (uint32_t i = 0; i < 5; ++i) write_be(state[i], out + 4 * i);
  return 20;
}

// The round constants of SHA-512; their high halves are those of SHA-256.
constexpr uint64_t kRounds[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

// Rotations and shifts of SHA-2 by word size: big sigmas, then small ones (third is a shift).
template <typename Word>
constexpr int kTurns[4][3] = {{2, 13, 22}, {6, 11, 25}, {7, 18, 3}, {17, 19, 10}};
template <>
constexpr int kTurns<uint64_t>[4][3] = {{28, 34, 39}, {14, 18, 41}, {1, 8, 7}, {19, 61, 6}};

template <typename Word>
Word big_sigma(Word x, int which) {
  const auto& turns = kTurns<Word>[which];
  return std::rotr(x, turns[0]) ^ std::rotr(x, turns[1]) ^ std::rotr(x, turns[2]);
}
template <typename Word>
Word small_sigma(Word x, int which) {
  const auto& turns = kTurns<Word>[which];
  return std::rotr(x, turns[0]) ^ std::rotr(x, turns[1]) ^ (x >> turns[2]);
}

template <typename Word>
void sha2_block(const uint8_t* block, Word* state) {
  constexpr uint32_t kCount = sizeof(Word) == 8 ? 80 : 64;
  Word words[kCount];
  for (uint32_t i = 0; i < 16; ++i) {
    if constexpr (sizeof(Word) == 8) words[i] = read_be64(block + 8 * i);
    else words[i] = read_be32(block + 4 * i);
  }
  for (uint32_t i = 16; i < kCount; ++i) {
    words[i] = small_sigma(words[i - 2], 3) + words[i - 7] + small_sigma(words[i - 15], 2) +
               words[i - 16];
  }
  Word v[8];
  std::memcpy(v, state, sizeof(v));
  for (uint32_t i = 0; i < kCount; ++i) {
    const auto round = static_cast<Word>(kRounds[i] >> (64 - 8 * sizeof(Word)));
    const Word choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
    const Word majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
    const Word first = v[7] + big_sigma(v[4], 1) + choice + round + words[i];
    const Word second = big_sigma(v[0], 0) + majority;
    for (int k = 7; k > 0; --k) v[k] = v[k - 1];
    v[4] += first;
    v[0] = first + second;
  }
  for (int i = 0; i < 8; ++i) state[i] += v[i];
}

template <typename Word>
uint32_t sha2(std::string_view text, const Word (&initial)[8], uint32_t bytes, uint8_t* out) {
  Word state[8];
  std::memcpy(state, initial, sizeof(state));
  for_each_block<16 * sizeof(Word), true>(
      text, [&](const uint8_t* block) { sha2_block(block, state); });
  uint8_t all[kMaxBytes];
  for (uint32_t i = 0; i < 8; ++i) write_be(state[i], all + i * sizeof(Word));
  std::memcpy(out, all, bytes);
  return bytes;
}

constexpr uint32_t kSha224[8] = {0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939,
                                 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4};
constexpr uint32_t kSha256[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
constexpr uint64_t kSha384[8] = {0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17,
                                 0x152fecd8f70e5939, 0x67332667ffc00b31, 0x8eb44a8768581511,
                                 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4};
constexpr uint64_t kSha512[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

}  // namespace

uint32_t compute(Algorithm algorithm, std::string_view text, uint8_t* out) {
  switch (algorithm) {
    case Algorithm::kMd5: return md5(text, out);
    case Algorithm::kSha1: return sha1(text, out);
    case Algorithm::kSha224: return sha2(text, kSha224, 28, out);
    case Algorithm::kSha256: return sha2(text, kSha256, 32, out);
    case Algorithm::kSha384: return sha2(text, kSha384, 48, out);
    case Algorithm::kSha512: return sha2(text, kSha512, 64, out);
  }
  return 0;
}

}  // namespace millrace::digest
