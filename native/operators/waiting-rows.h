// Rows that wait for a time: taken in the order of their times, those of one time in the order in
// which they were added. Rows that come in order cost no more than a queue.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace millrace {

class WaitingRows {
 public:
  void add(int64_t time, uint32_t row) {
    const Entry entry{time, next_++, row};
    if (head_ == queue_.size()) {
      queue_.clear();
      head_ = 0;
    }
    if (queue_.empty() || queue_.back().time <= time) {
      queue_.push_back(entry);
    } else {
      heap_.push_back(entry);
      std::push_heap(heap_.begin(), heap_.end(), later);
    }
  }
  [[nodiscard]] bool is_empty() const { return head_ == queue_.size() && heap_.empty(); }
  [[nodiscard]] int64_t next_time() const {
    return queue_is_next() ? queue_[head_].time : heap_[0].time;
  }
  [[nodiscard]] uint32_t next_row() const {
    return queue_is_next() ? queue_[head_].row : heap_[0].row;
  }
  // The first; there must be one.
  uint32_t take() {
    if (queue_is_next()) {
      const uint32_t row = queue_[head_++].row;
      if (head_ > kMostTaken && head_ * 2 > queue_.size()) {
        queue_.erase(queue_.begin(), queue_.begin() + static_cast<int64_t>(head_));
        head_ = 0;
      }
      return row;
    }
    std::pop_heap(heap_.begin(), heap_.end(), later);
    const uint32_t row = heap_.back().row;
    heap_.pop_back();
    return row;
  }
  // What waits, in the order in which it would be taken.
  void in_order(std::vector<uint32_t>& rows) const {
    std::vector<Entry> all(queue_.begin() + static_cast<int64_t>(head_), queue_.end());
    all.insert(all.end(), heap_.begin(), heap_.end());
    std::sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) { return later(b, a); });
    for (const Entry& entry : all) rows.push_back(entry.row);
  }

 private:
  static constexpr size_t kMostTaken = 4096;
  struct Entry {
    int64_t time;
    uint64_t sequence;
    uint32_t row;
  };
  static bool later(const Entry& a, const Entry& b) {
    return a.time != b.time ? a.time > b.time : a.sequence > b.sequence;
  }
  [[nodiscard]] bool queue_is_next() const {
    if (head_ == queue_.size()) return false;
    return heap_.empty() || !later(queue_[head_], heap_[0]);
  }

  std::vector<Entry> queue_;  // rising times, from head_ on
  size_t head_ = 0;
  std::vector<Entry> heap_;
  uint64_t next_ = 0;
};

}  // namespace millrace
