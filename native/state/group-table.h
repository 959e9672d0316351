// Keys to dense group ids: open addressing over (tag, group) pairs, keys and hashes in columns by
// group id. Group ids rise in the order of first sight and never change until keep().
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "state/key-layout.h"

namespace millrace {

class GroupTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;
  // Rows between a prefetch and its use: enough to hide a miss of the last cache.
  static constexpr uint32_t kPrefetchDistance = 8;

  explicit GroupTable(uint32_t width = 1) : width_(width), slots_(kFirstSlots) {}

  // Group ids ever given out, dead ones included.
  [[nodiscard]] uint32_t size() const { return static_cast<uint32_t>(hashes_.size()); }
  [[nodiscard]] const uint64_t* words() const { return words_.data(); }
  [[nodiscard]] uint64_t* words() { return words_.data(); }
  [[nodiscard]] const uint64_t* hashes() const { return hashes_.data(); }
  [[nodiscard]] uint32_t width() const { return width_; }
  [[nodiscard]] size_t bytes() const {
    return slots_.size() * sizeof(Slot) + words_.capacity() * 8 + hashes_.capacity() * 8;
  }

  // The group of each key, new ones appended in the order of the rows.
  void find_or_insert(const EncodedKeys& keys, uint32_t count, uint32_t* groups);
  // One key at a time, for operators that decide between rows.
  [[nodiscard]] uint32_t find_or_insert(const uint64_t* words, uint64_t hash);
  [[nodiscard]] uint32_t find(const uint64_t* words, uint64_t hash) const;
  void prefetch(uint64_t hash) const {
    __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
  }
  // Gives the key of `group` a new group id; the old one is dead and found no more.
  uint32_t replace(uint32_t group);

  void reserve(uint32_t more) {
    while ((size() + more) * 2 > slots_.size()) grow();
  }
  // Drops all groups but these, which get the ids 0, 1, ... in this order.
  void keep(std::span<const uint32_t> groups);
  // After the words were rewritten in place: hashes anew.
  void rehash_words();
  void clear();

 private:
  // The tag is the low half of the hash; no table has more slots than that tells apart.
  struct Slot {
    uint32_t tag = 0;
    uint32_t group = kNone;
  };
  static constexpr size_t kFirstSlots = 64;

  template <uint32_t kWidth>
  void find_or_insert_all(const EncodedKeys& keys, uint32_t count, uint32_t* groups);
  template <uint32_t kWidth>
  [[nodiscard]] bool key_equals(uint32_t group, const uint64_t* words) const {
    const uint32_t width = kWidth == 0 ? width_ : kWidth;
    const uint64_t* own = words_.data() + size_t{group} * width;
    if constexpr (kWidth == 1) return own[0] == words[0];
    if constexpr (kWidth == 2) return own[0] == words[0] && own[1] == words[1];
    return std::memcmp(own, words, size_t{width} * 8) == 0;
  }
  template <uint32_t kWidth>
  [[nodiscard]] size_t find_slot(const uint64_t* words, uint64_t hash) const {
    const uint32_t tag = static_cast<uint32_t>(hash);
    const size_t mask = slots_.size() - 1;
    size_t at = hash & mask;
    while (slots_[at].group != kNone &&
           !(slots_[at].tag == tag && key_equals<kWidth>(slots_[at].group, words))) {
      at = (at + 1) & mask;
    }
    return at;
  }
  [[nodiscard]] size_t slot_of(const uint64_t* words, uint64_t hash) const;
  uint32_t append(size_t slot, const uint64_t* words, uint64_t hash);
  void grow();
  void rebuild(size_t slot_count);

  uint32_t width_;
  std::vector<Slot> slots_;
  std::vector<uint64_t> words_;
  std::vector<uint64_t> hashes_;
};

}  // namespace millrace
