#include "aggregates/hash-map-order.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <string_view>

#include "columnar/string_view.h"

namespace millrace {
namespace {

// A map starts with so many buckets, and doubles them when it is three quarters full.
constexpr size_t kFirstBuckets = 16;

uint32_t mixed(uint32_t hash, uint32_t word) {
  hash ^= std::rotl(word * 0xcc9e2d51u, 15) * 0x1b873593u;
  return std::rotl(hash, 13) * 5 + 0xe6546b64u;
}

// Murmur3-32 as Flink hashes the bytes of a text: the last ones are mixed in one by one.
uint32_t hash_text(std::string_view text) {
  uint32_t hash = 42;
  const auto byte = [&](size_t at) -> uint32_t { return static_cast<uint8_t>(text[at]); };
  const size_t whole = text.size() - text.size() % 4;
  for (size_t at = 0; at < whole; at += 4) {
    hash = mixed(hash, byte(at) | byte(at + 1) << 8 | byte(at + 2) << 16 | byte(at + 3) << 24);
  }
  for (size_t at = whole; at < text.size(); ++at) {
    hash = mixed(hash, static_cast<uint32_t>(static_cast<int8_t>(text[at])));
  }
  hash ^= static_cast<uint32_t>(text.size());
  hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
  return hash ^ (hash >> 16);
}

template <typename T>
uint32_t hash_integer(const Column& keys, uint32_t row) {
  const T value = keys.data<T>()[row];
  if constexpr (sizeof(T) == 8) {
    return static_cast<uint32_t>(value) ^ static_cast<uint32_t>(value >> 32);
  }
  return static_cast<uint32_t>(static_cast<int32_t>(value));
}

uint32_t hash_real(const Column& keys, uint32_t row) {
  if (keys.type.root == TypeRoot::kFloat) return std::bit_cast<uint32_t>(keys.data<float>()[row]);
  const auto bits = std::bit_cast<uint64_t>(keys.data<double>()[row]);
  return static_cast<uint32_t>(bits) ^ static_cast<uint32_t>(bits >> 32);
}

using Hash = uint32_t (*)(const Column&, uint32_t row);

// Java's hash of a key; null where keys of this type stay in their own order.
Hash hash_of(const DataType& type) {
  switch (type.root) {
    case TypeRoot::kChar:
    case TypeRoot::kVarchar:
      return [](const Column& keys, uint32_t row) {
        return hash_text(keys.data<StringView>()[row].view());
      };
    case TypeRoot::kTinyint: return hash_integer<int8_t>;
    case TypeRoot::kSmallint: return hash_integer<int16_t>;
    case TypeRoot::kInteger:
    case TypeRoot::kDate: return hash_integer<int32_t>;
    case TypeRoot::kBigint: return hash_integer<int64_t>;
    case TypeRoot::kFloat:
    case TypeRoot::kDouble: return hash_real;
    default: return nullptr;
  }
}

}  // namespace

std::vector<uint32_t> hash_map_order(const Column& keys) {
  std::vector<uint32_t> rows(keys.length);
  std::iota(rows.begin(), rows.end(), 0);
  const Hash hash = hash_of(keys.type);
  if (hash == nullptr || rows.size() < 2) return rows;
  size_t buckets = kFirstBuckets;
  while (rows.size() > buckets / 4 * 3) buckets *= 2;
  std::vector<uint32_t> places(rows.size());
  for (const uint32_t row : rows) {
    const uint32_t full = keys.is_null(row) ? 0 : hash(keys, row);
    places[row] = (full ^ (full >> 16)) & static_cast<uint32_t>(buckets - 1);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [&](uint32_t a, uint32_t b) { return places[a] < places[b]; });
  return rows;
}

}  // namespace millrace
