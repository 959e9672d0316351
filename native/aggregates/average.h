// AVG. Integers add up in BIGINT and truncate back, FLOAT adds up in DOUBLE; a decimal sum that
// overflowed stays absent (unlike that of SUM).
#pragma once

#include "aggregates/arithmetic.h"
#include "aggregates/count.h"

namespace millrace {

// |sum| / count at `shift` more digits, rounded as Flink does: HALF_UP to 38 significant digits,
// then HALF_UP to the scale. Absent where 38 digits do not hold it.
[[nodiscard]] Loaded<int128> divide_decimal(int128 sum, int64_t count, uint32_t shift);

// T argument and result, S the sum.
template <typename T, typename S>
struct AverageOp {
  using Value = T;
  NullableState<S> sum;  // absent = overflowed
  std::vector<int64_t> count;
  Argument<T> argument;
  DataType sum_type;
  uint32_t shift = 0;  // decimals: digits that the result has beyond the sum

  AverageOp(const DataType& sum_column, uint32_t more_digits)
      : sum_type(sum_column), shift(more_digits) {}
  [[nodiscard]] Loaded<T> load(uint32_t group) const {
    if (count[group] == 0 || sum.valid[group] == 0) return {T{}, false};
    if constexpr (std::is_same_v<T, int128>) {
      return divide_decimal(sum.values[group], count[group], shift);
    } else if constexpr (std::is_floating_point_v<S>) {
      return {static_cast<T>(sum.values[group] / static_cast<double>(count[group])), true};
    } else {
      return {quotient(sum.values[group], count[group]), true};
    }
  }
  // As Java: the least BIGINT by -1 is itself.
  [[nodiscard]] static T quotient(int64_t total, int64_t rows) {
    if (rows == -1) return static_cast<T>(0 - static_cast<uint64_t>(total));
    return static_cast<T>(total / rows);
  }
  void resized(uint32_t groups) {
    // New groups hold a sum of 0, not an absent one.
    for (uint32_t group = known_; group < groups; ++group) sum.valid[group] = 1;
    known_ = groups;
  }
  void kept(std::span<const uint32_t> groups) { known_ = static_cast<uint32_t>(groups.size()); }
  void restored(std::span<const uint32_t>) {}
  void bind(const Column* column) { argument.bind(column); }
  void add(uint32_t group, uint32_t row) {
    combine(group, static_cast<S>(argument[row]));
    ++count[group];
  }
  void retract(uint32_t group, uint32_t row) {
    if (sum.valid[group] != 0) {
      S total;
      sum.valid[group] =
          checked_subtract(sum.values[group], static_cast<S>(argument[row]), total) ? 1 : 0;
      sum.values[group] = total;
    }
    --count[group];
  }
  void merge(uint32_t group, const AverageOp& from, uint32_t other) {
    if (from.sum.valid[other] == 0) sum.valid[group] = 0;
    combine(group, from.sum.values[other]);
    count[group] += from.count[other];
  }
  template <typename F>
  void each_state(F&& f) {
    f(sum, "wide_sum", sum_type);
    f(count, "count", bigint_not_null());
  }

 private:
  void combine(uint32_t group, S value) {
    if (sum.valid[group] == 0) return;
    S total;
    sum.valid[group] = checked_add(sum.values[group], value, total) ? 1 : 0;
    sum.values[group] = total;
  }
  uint32_t known_ = 0;
};

}  // namespace millrace
