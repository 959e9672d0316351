// Numbers strings: equal bytes get one id, from 0 up. Ids live until clear().
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "columnar/arena.h"
#include "columnar/string_view.h"
#include "state/hash.h"

namespace millrace {

class StringPool {
 public:
  StringPool() : arena_(std::make_shared<Arena>()), slots_(kFirstSlots) {}

  uint32_t intern(const StringView& text) {
    const uint64_t hash = hash_bytes(text.data(), text.length);
    const uint32_t tag = static_cast<uint32_t>(hash >> 32);
    size_t at = hash & mask();
    while (slots_[at].id != kEmpty) {
      if (slots_[at].tag == tag && views_[slots_[at].id] == text) return slots_[at].id;
      at = (at + 1) & mask();
    }
    const uint32_t id = static_cast<uint32_t>(views_.size());
    views_.push_back(arena_->copy(text));
    hashes_.push_back(hash);
    slots_[at] = {tag, id};
    if (views_.size() * 2 > slots_.size()) grow();
    return id;
  }

  [[nodiscard]] const StringView& operator[](uint32_t id) const { return views_[id]; }
  [[nodiscard]] uint32_t size() const { return static_cast<uint32_t>(views_.size()); }
  // Keeps the memory of the views alive; a column that shows them holds it.
  [[nodiscard]] const std::shared_ptr<Arena>& arena() const { return arena_; }
  [[nodiscard]] size_t bytes() const {
    return arena_->allocated_bytes() + views_.capacity() * 24 + slots_.size() * 8;
  }

  // Views handed out before stay valid as long as someone holds the old arena.
  void clear() {
    arena_ = std::make_shared<Arena>();
    views_.clear();
    hashes_.clear();
    slots_.assign(kFirstSlots, Slot{});
  }

 private:
  static constexpr uint32_t kEmpty = UINT32_MAX;
  static constexpr size_t kFirstSlots = 64;
  struct Slot {
    uint32_t tag = 0;
    uint32_t id = kEmpty;
  };

  [[nodiscard]] size_t mask() const { return slots_.size() - 1; }

  void grow() {
    std::vector<Slot> slots(slots_.size() * 2);
    for (uint32_t id = 0; id < views_.size(); ++id) {
      size_t at = hashes_[id] & (slots.size() - 1);
      while (slots[at].id != kEmpty) at = (at + 1) & (slots.size() - 1);
      slots[at] = {static_cast<uint32_t>(hashes_[id] >> 32), id};
    }
    slots_ = std::move(slots);
  }

  std::shared_ptr<Arena> arena_;
  std::vector<Slot> slots_;
  std::vector<StringView> views_;
  std::vector<uint64_t> hashes_;
};

}  // namespace millrace
