// Many small lists of row ids in one piece of memory: a block of a power of two a list, blocks
// given back to a free list of their size.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace millrace {

class RowLists {
 public:
  // At least so many lists, the new ones empty.
  void resize(uint32_t count) {
    if (count > lists_.size()) lists_.resize(count);
  }
  [[nodiscard]] uint32_t size(uint32_t list) const { return lists_[list].count; }
  // Valid until the next insert into any list.
  [[nodiscard]] std::span<const uint32_t> rows(uint32_t list) const {
    const List& own = lists_[list];
    return {memory_.data() + own.offset, own.count};
  }

  void insert(uint32_t list, uint32_t position, uint32_t row) {
    if (lists_[list].count == capacity(lists_[list])) grow(lists_[list]);
    List& own = lists_[list];
    uint32_t* const at = memory_.data() + own.offset + position;
    std::memmove(at + 1, at, (own.count - position) * sizeof(uint32_t));
    *at = row;
    ++own.count;
  }
  void erase(uint32_t list, uint32_t position) {
    List& own = lists_[list];
    uint32_t* const at = memory_.data() + own.offset + position;
    std::memmove(at, at + 1, (own.count - position - 1) * sizeof(uint32_t));
    if (--own.count == 0) release(list);
  }
  void set(uint32_t list, uint32_t position, uint32_t row) {
    memory_[lists_[list].offset + position] = row;
  }
  // Empties a list and gives its block back.
  void release(uint32_t list) {
    List& own = lists_[list];
    if (own.size_class != kNoBlock) free_[own.size_class].push_back(own.offset);
    own = List{};
  }
  // Lists get new numbers; `new_ids` by old number, UINT32_MAX = gone (and empty).
  void renumber(std::span<const uint32_t> new_ids, uint32_t count) {
    std::vector<List> moved(count);
    for (uint32_t old = 0; old < new_ids.size() && old < lists_.size(); ++old) {
      if (new_ids[old] != UINT32_MAX) moved[new_ids[old]] = lists_[old];
    }
    lists_ = std::move(moved);
  }
  [[nodiscard]] size_t bytes() const {
    return memory_.capacity() * 4 + lists_.capacity() * sizeof(List);
  }

 private:
  static constexpr uint8_t kNoBlock = 0xff;
  struct List {
    uint32_t offset = 0;
    uint32_t count = 0;
    uint8_t size_class = kNoBlock;  // log2 of the block's rows
  };
  static uint32_t capacity(const List& list) {
    return list.size_class == kNoBlock ? 0 : 1u << list.size_class;
  }

  void grow(List& list) {
    const uint8_t wanted =
        list.size_class == kNoBlock ? 0 : static_cast<uint8_t>(list.size_class + 1);
    uint32_t offset;
    if (!free_[wanted].empty()) {
      offset = free_[wanted].back();
      free_[wanted].pop_back();
    } else {
      offset = static_cast<uint32_t>(memory_.size());
      memory_.resize(memory_.size() + (size_t{1} << wanted));
    }
    std::memcpy(memory_.data() + offset, memory_.data() + list.offset,
                list.count * sizeof(uint32_t));
    if (list.size_class != kNoBlock) free_[list.size_class].push_back(list.offset);
    list.offset = offset;
    list.size_class = wanted;
  }

  std::vector<List> lists_;
  std::vector<uint32_t> memory_;
  std::array<std::vector<uint32_t>, 32> free_;
};

}  // namespace millrace
