// COUNT(*) and COUNT(x).
#pragma once

#include "aggregates/kernel.h"

namespace millrace {

inline const DataType& bigint_not_null() {
  static const DataType type{TypeRoot::kBigint, false, 0, 0, 0, {}};
  return type;
}

struct CountOp {
  using Value = int64_t;
  static constexpr bool kNeverNull = true;
  static constexpr bool kAlwaysChanges = true;

  std::vector<int64_t> count;

  [[nodiscard]] Loaded<int64_t> load(uint32_t group) const { return {count[group], true}; }
  void bind(const Column*) {}
  void add(uint32_t group, uint32_t) { ++count[group]; }
  void retract(uint32_t group, uint32_t) { --count[group]; }
  void merge(uint32_t group, const CountOp& from, uint32_t other) {
    count[group] += from.count[other];
  }
  template <typename F>
  void each_state(F&& f) { f(count, "count", bigint_not_null()); }
};

}  // namespace millrace
