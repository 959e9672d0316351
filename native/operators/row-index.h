// Where a row of a large group stands, by the hash of the columns that name it: a retraction under
// a key of many rows need not look at all of them. Rows of equal hashes stay in their order.
#pragma once

#include <cstdint>
#include <vector>

namespace millrace {

// By row id, shared by all indexes over one store: a row is in one group.
struct RowLinks {
  std::vector<uint32_t> hashes;
  std::vector<uint32_t> next;
  std::vector<uint32_t> previous;
  void resize(size_t count) {
    if (count <= next.size()) return;
    hashes.resize(count);
    next.resize(count);
    previous.resize(count);
  }
};

class RowIndex {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  RowIndex() : heads_(kFirstSlots, kNone), tails_(kFirstSlots, kNone) {}

  // Puts a row behind those of its hash.
  void add(RowLinks& links, uint32_t id, uint32_t hash) {
    if (count_ >= heads_.size()) grow(links);
    ++count_;
    links.hashes[id] = hash;
    append(links, id);
  }
  void remove(RowLinks& links, uint32_t id) {
    const size_t slot = links.hashes[id] & (heads_.size() - 1);
    const uint32_t before = links.previous[id];
    const uint32_t after = links.next[id];
    if (before == kNone) heads_[slot] = after;
    else links.next[before] = after;
    if (after == kNone) tails_[slot] = before;
    else links.previous[after] = before;
    --count_;
  }
  // The first row of a hash and the one after a row of it; kNone = no more.
  [[nodiscard]] uint32_t first(const RowLinks& links, uint32_t hash) const {
    return same_hash(links, heads_[hash & (heads_.size() - 1)], hash);
  }
  [[nodiscard]] static uint32_t after(const RowLinks& links, uint32_t id) {
    return same_hash(links, links.next[id], links.hashes[id]);
  }

 private:
  static constexpr size_t kFirstSlots = 128;

  static uint32_t same_hash(const RowLinks& links, uint32_t id, uint32_t hash) {
    while (id != kNone && links.hashes[id] != hash) id = links.next[id];
    return id;
  }
  void append(RowLinks& links, uint32_t id) {
    const size_t slot = links.hashes[id] & (heads_.size() - 1);
    const uint32_t before = tails_[slot];
    links.previous[id] = before;
    links.next[id] = kNone;
    if (before == kNone) heads_[slot] = id;
    else links.next[before] = id;
    tails_[slot] = id;
  }
  void grow(RowLinks& links) {
    const std::vector<uint32_t> heads = std::move(heads_);
    heads_.assign(heads.size() * 2, kNone);
    tails_.assign(heads.size() * 2, kNone);
    for (const uint32_t head : heads) {
      for (uint32_t id = head; id != kNone;) {
        const uint32_t after = links.next[id];
        append(links, id);
        id = after;
      }
    }
  }

  std::vector<uint32_t> heads_;
  std::vector<uint32_t> tails_;
  size_t count_ = 0;
};

}  // namespace millrace
