// MIN and MAX where rows may be taken back: how often each value of a group occurs, and which is
// the best. Values come in Java's order of objects: NaN is the greatest, -0.0 below 0.0.
//
// A group's values also stand in a heap, best first. Values that are gone stay in it until they
// reach the top, so that taking rows back costs O(log n).
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "aggregates/arithmetic.h"
#include "aggregates/count.h"
#include "aggregates/extreme.h"
#include "state/group-table.h"

namespace millrace {

template <typename T>
[[nodiscard]] inline bool object_less(const T& a, const T& b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a) || std::isnan(b)) return !std::isnan(a) && std::isnan(b);
    if (a == b) return std::signbit(a) && !std::signbit(b);
    return a < b;
  } else {
    return value_less(a, b);
  }
}

template <typename T>
[[nodiscard]] inline bool object_equals(const T& a, const T& b) {
  return !object_less(a, b) && !object_less(b, a);
}

template <typename T>
struct CountedExtremeOp {
  using Value = T;
  static constexpr bool kIsText = std::is_same_v<T, StringView>;
  static constexpr uint32_t kValueWords = sizeof(T) == 16 && !kIsText ? 2 : 1;

  NullableState<T> best;
  std::vector<int64_t> size;  // values of a positive count
  Argument<T> argument;
  DataType type;
  bool least = true;  // MIN; else MAX

  CountedExtremeOp(const DataType& result, bool is_min) : type(result), least(is_min) {
    type.nullable = true;
  }
  [[nodiscard]] Loaded<T> load(uint32_t group) const {
    return {best.values[group], size[group] > 0 && best.valid[group] != 0};
  }
  void bind(const Column* column) {
    argument.bind(column);
    if (unused_ > kMostUnused && unused_ > values_.size() / 2) rebuild(identity());
  }

  void add(uint32_t group, uint32_t row) {
    const uint32_t entry = entry_of(group, argument[row]);
    if (size[group] == 0 || wins(values_[entry], best.values[group])) {
      best.set(group, values_[entry]);
    }
    change_count(entry, 1);
    if (counts_[entry] == 1) ++size[group];
  }

  void retract(uint32_t group, uint32_t row) {
    const uint32_t entry = entry_of(group, argument[row]);
    change_count(entry, -1);
    if (counts_[entry] != 0) return;
    --size[group];
    if (size[group] == 0) {
      best.valid[group] = 0;
    } else if (object_equals(values_[entry], best.values[group])) {
      find_best(group);
    }
  }

  void merge(uint32_t group, CountedExtremeOp& from, uint32_t other) {
    if (from.size[other] > 0 &&
        (size[group] == 0 || wins(from.best.values[other], best.values[group]))) {
      best.set(group, kept_copy(from.best.values[other]));
    }
    if (other >= from.heaps_.size()) return;
    bool lost_best = false;
    for (const uint32_t theirs : from.heaps_[other]) {
      if (from.counts_[theirs] == 0) continue;
      const uint32_t entry = entry_of(group, from.values_[theirs]);
      const int64_t before = counts_[entry];
      change_count(entry, from.counts_[theirs]);
      size[group] += (counts_[entry] > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
      lost_best = lost_best || (before > 0 && counts_[entry] <= 0 &&
                                object_equals(values_[entry], best.values[group]));
    }
    if (lost_best) find_best(group);
  }

  template <typename F>
  void each_state(F&& f) {
    f(best, "value", type);
    f(size, "size", bigint_not_null());
  }
  void restored(std::span<const uint32_t> groups) {
    if constexpr (kIsText) {
      for (const uint32_t group : groups) {
        if (best.valid[group] != 0) best.values[group] = kept_copy(best.values[group]);
      }
    }
  }

  void kept(std::span<const uint32_t> groups) {
    std::vector<uint32_t> new_ids(heaps_.size(), UINT32_MAX);
    for (uint32_t id = 0; id < groups.size(); ++id) {
      if (groups[id] < new_ids.size()) new_ids[groups[id]] = id;
    }
    rebuild(new_ids);
  }

  void share_text(Column& out)
    requires kIsText
  {
    out.owners.push_back(pool_.arena());
  }

  [[nodiscard]] std::optional<Field> counted_value() const { return Field{"value", type}; }
  [[nodiscard]] uint32_t counted_size() const {
    return static_cast<uint32_t>(
        std::count_if(counts_.begin(), counts_.end(), [](int64_t count) { return count != 0; }));
  }
  void save_counted(std::vector<uint32_t>& groups, Column& values, Column& counts) {
    uint32_t row = 0;
    for (uint32_t entry = 0; entry < values_.size(); ++entry) {
      if (counts_[entry] == 0) continue;
      groups.push_back(owners_[entry]);
      values.data<T>()[row] = values_[entry];
      counts.data<int64_t>()[row++] = counts_[entry];
    }
  }
  void restore_counted(std::span<const uint32_t> groups, const Column& values,
                       const Column& counts) {
    for (uint32_t i = 0; i < groups.size(); ++i) {
      const uint32_t entry = entry_of(groups[i], values.data<T>()[values.at(i)]);
      change_count(entry, counts.data<int64_t>()[counts.at(i)]);
    }
  }

 private:
  static constexpr uint32_t kMostUnused = 1024;

  [[nodiscard]] bool wins(const T& a, const T& b) const {
    return least ? object_less(a, b) : object_less(b, a);
  }

  // The entry of a value, made with a count of 0 if there is none.
  uint32_t entry_of(uint32_t group, const T& value) {
    uint64_t key[1 + kValueWords] = {group};
    if constexpr (kIsText) {
      key[1] = pool_.intern(value);
    } else {
      T bits = value;
      if constexpr (std::is_floating_point_v<T>) {
        if (std::isnan(bits)) bits = std::numeric_limits<T>::quiet_NaN();
      }
      std::memcpy(key + 1, &bits, sizeof(T));
    }
    const uint32_t entry = entries_.find_or_insert(key, hash_words(key, 1 + kValueWords));
    if (entry < values_.size()) return entry;
    if constexpr (kIsText) {
      values_.push_back(pool_[static_cast<uint32_t>(key[1])]);
    } else {
      values_.push_back(value);
    }
    counts_.push_back(0);
    owners_.push_back(group);
    queued_.push_back(0);
    ++unused_;
    return entry;
  }

  // Entries with a count stand in the heap of their group.
  void change_count(uint32_t entry, int64_t change) {
    const bool was_used = counts_[entry] != 0;
    (void)checked_add(counts_[entry], change, counts_[entry]);  // a snapshot may hold any count
    const bool is_used = counts_[entry] != 0;
    unused_ = unused_ + (was_used ? 1 : 0) - (is_used ? 1 : 0);
    if (!is_used || queued_[entry] != 0) return;
    queued_[entry] = 1;
    if (heaps_.size() <= owners_[entry]) heaps_.resize(owners_[entry] + 1);
    std::vector<uint32_t>& heap = heaps_[owners_[entry]];
    heap.push_back(entry);
    std::push_heap(heap.begin(), heap.end(), HeapOrder{this});
  }

  std::vector<uint32_t> identity() const {
    std::vector<uint32_t> groups(heaps_.size());
    for (uint32_t group = 0; group < groups.size(); ++group) groups[group] = group;
    return groups;
  }

  // Keeps the entries that have a count, of the groups that have a new id.
  void rebuild(const std::vector<uint32_t>& new_ids) {
    const std::vector<T> values = std::move(values_);
    const std::vector<int64_t> counts = std::move(counts_);
    const std::vector<uint32_t> owners = std::move(owners_);
    const StringPool old = std::move(pool_);  // keeps the old text alive until it is copied
    values_.clear();
    counts_.clear();
    owners_.clear();
    queued_.clear();
    heaps_.clear();
    unused_ = 0;
    pool_ = StringPool();
    entries_.clear();
    for (uint32_t entry = 0; entry < values.size(); ++entry) {
      if (counts[entry] == 0 || new_ids[owners[entry]] == UINT32_MAX) continue;
      change_count(entry_of(new_ids[owners[entry]], values[entry]), counts[entry]);
    }
    if constexpr (kIsText) {
      for (uint32_t group = 0; group < best.values.size(); ++group) {
        if (best.valid[group] != 0) best.values[group] = kept_copy(best.values[group]);
      }
    }
  }

  T kept_copy(const T& value) {
    if constexpr (kIsText) return pool_[pool_.intern(value)];
    return value;
  }

  // std heaps keep the greatest on top: here the one that wins.
  struct HeapOrder {
    const CountedExtremeOp* op;
    bool operator()(uint32_t a, uint32_t b) const {
      return op->wins(op->values_[b], op->values_[a]);
    }
  };

  // As Flink, over every value whose count is not 0, even a negative one.
  void find_best(uint32_t group) {
    std::vector<uint32_t>& heap = heaps_[group];
    while (!heap.empty() && counts_[heap.front()] == 0) {
      std::pop_heap(heap.begin(), heap.end(), HeapOrder{this});
      queued_[heap.back()] = 0;
      heap.pop_back();
    }
    if (!heap.empty()) {
      best.set(group, values_[heap.front()]);
    } else {
      best.valid[group] = 0;
      size[group] = 0;
    }
  }

  GroupTable entries_{1 + kValueWords};
  StringPool pool_;
  std::vector<T> values_;
  std::vector<int64_t> counts_;
  std::vector<uint32_t> owners_;
  std::vector<std::vector<uint32_t>> heaps_;
  std::vector<uint8_t> queued_;
  size_t unused_ = 0;  // entries with a count of 0
};

}  // namespace millrace
