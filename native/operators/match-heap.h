// Partial matches by their first row: a binary heap with the very moves of java.util.PriorityQueue,
// because which of two matches with the same first row comes first shows in the result.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace millrace {

constexpr uint32_t kNoStep = UINT32_MAX;

// A match being made.
struct PartialMatch {
  uint32_t state = 0;
  uint32_t step = kNoStep;  // its last row in MatchPaths
  int64_t start_time = 0;   // of its first row, ms
  // Number of its first row among the rows taken of its key; the largest before the first.
  int64_t start_sequence = std::numeric_limits<int64_t>::max();
  [[nodiscard]] bool has_begun() const { return step != kNoStep; }
};

class MatchHeap {
 public:
  [[nodiscard]] const std::vector<PartialMatch>& items() const { return items_; }
  [[nodiscard]] bool is_empty() const { return items_.empty(); }
  [[nodiscard]] size_t size() const { return items_.size(); }
  [[nodiscard]] const PartialMatch& first() const { return items_.front(); }
  void clear() { items_.clear(); }
  void swap(MatchHeap& other) noexcept { items_.swap(other.items_); }
  void give_up() { std::vector<PartialMatch>().swap(items_); }

  void add(const PartialMatch& item) {
    size_t at = items_.size();
    items_.push_back(item);
    while (at > 0) {
      const size_t parent = (at - 1) / 2;
      if (item.start_sequence >= items_[parent].start_sequence) break;
      items_[at] = items_[parent];
      at = parent;
    }
    items_[at] = item;
  }

  // Takes the first away; there must be one.
  PartialMatch poll() {
    const PartialMatch first = items_.front();
    const PartialMatch last = items_.back();
    items_.pop_back();
    if (!items_.empty()) sift_down(0, last);
    return first;
  }

  // Takes those away that the test finds, each given to it once.
  template <typename F>
  void remove_where(F&& test) {
    size_t kept = 0;
    for (size_t i = 0; i < items_.size(); ++i) {
      const PartialMatch item = items_[i];
      if (!test(item)) items_[kept++] = item;
    }
    if (kept == items_.size()) return;
    items_.resize(kept);
    for (size_t at = kept / 2; at-- > 0;) {
      const PartialMatch item = items_[at];
      sift_down(at, item);
    }
  }

 private:
  void sift_down(size_t at, const PartialMatch item) {
    const size_t half = items_.size() / 2;
    while (at < half) {
      size_t child = 2 * at + 1;
      const size_t right = child + 1;
      if (right < items_.size() &&
          items_[child].start_sequence > items_[right].start_sequence) {
        child = right;
      }
      if (item.start_sequence <= items_[child].start_sequence) break;
      items_[at] = items_[child];
      at = child;
    }
    items_[at] = item;
  }

  std::vector<PartialMatch> items_;
};

}  // namespace millrace
