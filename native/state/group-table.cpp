#include "state/group-table.h"

namespace millrace {

void GroupTable::find_or_insert(const EncodedKeys& keys, uint32_t count, uint32_t* groups) {
  reserve(count);
  if (width_ == 1) return find_or_insert_all<1>(keys, count, groups);
  if (width_ == 2) return find_or_insert_all<2>(keys, count, groups);
  find_or_insert_all<0>(keys, count, groups);
}

template <uint32_t kWidth>
void GroupTable::find_or_insert_all(const EncodedKeys& keys, uint32_t count, uint32_t* groups) {
  const uint32_t width = kWidth == 0 ? width_ : kWidth;
  const uint64_t* hashes = keys.hashes.data();
  const uint64_t* words = keys.words.data();
  for (uint32_t i = 0; i < count; ++i) {
    if (i + kPrefetchDistance < count) {
      prefetch(hashes[i + kPrefetchDistance]);
    }
    const uint64_t* key = words + size_t{i} * width;
    if (i > 0 && hashes[i] == hashes[i - 1] &&
        std::memcmp(key, key - width, size_t{width} * 8) == 0) {
      groups[i] = groups[i - 1];
      continue;
    }
    const size_t slot = find_slot<kWidth>(key, hashes[i]);
    const uint32_t group = slots_[slot].group;
    groups[i] = group != kNone ? group : append(slot, key, hashes[i]);
  }
}

size_t GroupTable::slot_of(const uint64_t* words, uint64_t hash) const {
  if (width_ == 1) return find_slot<1>(words, hash);
  return width_ == 2 ? find_slot<2>(words, hash) : find_slot<0>(words, hash);
}

uint32_t GroupTable::find_or_insert(const uint64_t* words, uint64_t hash) {
  reserve(1);
  const size_t slot = slot_of(words, hash);
  const uint32_t group = slots_[slot].group;
  return group != kNone ? group : append(slot, words, hash);
}

uint32_t GroupTable::find(const uint64_t* words, uint64_t hash) const {
  return slots_[slot_of(words, hash)].group;
}

uint32_t GroupTable::replace(uint32_t group) {
  reserve(1);
  size_t at = hashes_[group] & (slots_.size() - 1);
  while (slots_[at].group != group) at = (at + 1) & (slots_.size() - 1);
  const size_t first = size_t{group} * width_;
  for (uint32_t i = 0; i < width_; ++i) words_.push_back(words_[first + i]);
  hashes_.push_back(hashes_[group]);
  slots_[at].group = size() - 1;
  return slots_[at].group;
}

uint32_t GroupTable::append(size_t slot, const uint64_t* words, uint64_t hash) {
  const uint32_t group = size();
  words_.insert(words_.end(), words, words + width_);
  hashes_.push_back(hash);
  slots_[slot] = {static_cast<uint32_t>(hash), group};
  return group;
}

void GroupTable::grow() {
  // Dead groups stand in no slot: only what is in one moves. The tag is the low end of the hash, so
  // the new place needs nothing but the slots, in their order.
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  const size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.group == kNone) continue;
    size_t at = slot.tag & mask;
    while (slots_[at].group != kNone) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

void GroupTable::rebuild(size_t slot_count) {
  slots_.assign(slot_count, Slot{});
  const size_t mask = slot_count - 1;
  for (uint32_t group = 0; group < size(); ++group) {
    size_t at = hashes_[group] & mask;
    while (slots_[at].group != kNone) at = (at + 1) & mask;
    slots_[at] = {static_cast<uint32_t>(hashes_[group]), group};
  }
}

void GroupTable::keep(std::span<const uint32_t> groups) {
  std::vector<uint64_t> words;
  std::vector<uint64_t> hashes;
  words.reserve(groups.size() * width_);
  hashes.reserve(groups.size());
  for (const uint32_t group : groups) {
    const uint64_t* key = words_.data() + size_t{group} * width_;
    words.insert(words.end(), key, key + width_);
    hashes.push_back(hashes_[group]);
  }
  words_ = std::move(words);
  hashes_ = std::move(hashes);
  size_t slot_count = kFirstSlots;
  while (groups.size() * 2 > slot_count) slot_count *= 2;
  rebuild(slot_count);
}

void GroupTable::rehash_words() {
  for (uint32_t group = 0; group < size(); ++group) {
    hashes_[group] = hash_words(words_.data() + size_t{group} * width_, width_);
  }
  rebuild(slots_.size());
}

void GroupTable::clear() {
  words_.clear();
  // A table that is filled again to about the same size need not grow again.
  const bool was_sparse = size() * 16 < slots_.size();
  hashes_.clear();
  slots_.assign(was_sparse ? kFirstSlots : slots_.size(), Slot{});
}

}  // namespace millrace
