// SUM and $SUM0. A decimal sum that overflows is absent, and the next row starts it anew: so Flink.
#pragma once

#include "aggregates/arithmetic.h"
#include "aggregates/count.h"

namespace millrace {

// Rows are only added. T is the type of argument and sum alike.
template <typename T>
struct SumOp {
  using Value = T;
  NullableState<T> sum;
  Argument<T> argument;
  DataType type;

  explicit SumOp(const DataType& result) : type(result) { type.nullable = true; }
  [[nodiscard]] Loaded<T> load(uint32_t group) const { return sum.load(group); }
  void bind(const Column* column) { argument.bind(column); }
  void add(uint32_t group, uint32_t row) { add_value(group, argument[row]); }
  void add_value(uint32_t group, T value) {
    if (sum.valid[group] == 0) return sum.set(group, value);
    T total;
    sum.valid[group] = checked_add(sum.values[group], value, total) ? 1 : 0;
    sum.values[group] = total;
  }
  void retract(uint32_t, uint32_t) {}
  void merge(uint32_t group, const SumOp& from, uint32_t other) {
    if (from.sum.valid[other] != 0) add_value(group, from.sum.values[other]);
  }
  template <typename F>
  void each_state(F&& f) { f(sum, "sum", type); }
};

// Rows may be taken back: NULL again when none is left.
template <typename T>
struct RetractableSumOp {
  using Value = T;
  SumOp<T> base;
  std::vector<int64_t> count;

  explicit RetractableSumOp(const DataType& result) : base(result) {}
  [[nodiscard]] Loaded<T> load(uint32_t group) const {
    Loaded<T> loaded = base.load(group);
    loaded.valid = loaded.valid && count[group] != 0;
    return loaded;
  }
  void bind(const Column* column) { base.bind(column); }
  void add(uint32_t group, uint32_t row) {
    base.add(group, row);
    ++count[group];
  }
  void retract(uint32_t group, uint32_t row) {
    const T value = base.argument[row];
    NullableState<T>& sum = base.sum;
    T total;
    const T from = sum.valid[group] != 0 ? sum.values[group] : T{};
    sum.valid[group] = checked_subtract(from, value, total) ? 1 : 0;
    sum.values[group] = total;
    --count[group];
  }
  void merge(uint32_t group, const RetractableSumOp& from, uint32_t other) {
    base.merge(group, from.base, other);
    count[group] += from.count[other];
  }
  template <typename F>
  void each_state(F&& f) {
    base.each_state(f);
    f(count, "count", bigint_not_null());
  }
};

// Starts at 0; integers and floats only.
template <typename T>
struct SumFromZeroOp {
  using Value = T;
  static constexpr bool kNeverNull = true;
  std::vector<T> sum;
  Argument<T> argument;
  DataType type;

  explicit SumFromZeroOp(const DataType& result) : type(result) {}
  [[nodiscard]] Loaded<T> load(uint32_t group) const { return {sum[group], true}; }
  void bind(const Column* column) { argument.bind(column); }
  void add(uint32_t group, uint32_t row) {
    (void)checked_add(sum[group], argument[row], sum[group]);
  }
  void retract(uint32_t group, uint32_t row) {
    (void)checked_subtract(sum[group], argument[row], sum[group]);
  }
  void merge(uint32_t group, const SumFromZeroOp& from, uint32_t other) {
    (void)checked_add(sum[group], from.sum[other], sum[group]);
  }
  template <typename F>
  void each_state(F&& f) { f(sum, "sum", type); }
};

}  // namespace millrace
