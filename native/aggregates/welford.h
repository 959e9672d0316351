// The sum of squared distances to the mean, after Welford: what variances are made of.
#pragma once

#include "aggregates/count.h"

namespace millrace {

struct WelfordOp {
  using Value = double;
  std::vector<int64_t> count;
  std::vector<double> mean;
  std::vector<double> squares;
  Argument<double> argument;
  DataType type{TypeRoot::kDouble, false, 0, 0, 0, {}};

  [[nodiscard]] Loaded<double> load(uint32_t group) const {
    return {squares[group], count[group] > 0};
  }
  void bind(const Column* column) { argument.bind(column); }
  void add(uint32_t group, uint32_t row) {
    const double value = argument[row];
    const double delta = value - mean[group];
    mean[group] += delta / static_cast<double>(++count[group]);
    squares[group] += delta * (value - mean[group]);
  }
  void retract(uint32_t group, uint32_t row) {
    const double value = argument[row];
    if (--count[group] == 0) {
      mean[group] = 0;
      squares[group] = 0;
      return;
    }
    const double delta = value - mean[group];
    mean[group] -= delta / static_cast<double>(count[group]);
    squares[group] -= delta * (value - mean[group]);
  }
  void merge(uint32_t group, const WelfordOp& from, uint32_t other) {
    const int64_t their_count = from.count[other];
    if (their_count <= 0) {
      count[group] += their_count;
      if (count[group] <= 0) mean[group] = squares[group] = 0;
      return;
    }
    if (count[group] == 0) {
      count[group] = their_count;
      mean[group] = from.mean[other];
      squares[group] = from.squares[other];
      return;
    }
    const auto mine = static_cast<double>(count[group]);
    const auto theirs = static_cast<double>(their_count);
    count[group] += their_count;
    const auto total = static_cast<double>(count[group]);
    const double delta = from.mean[other] - mean[group];
    mean[group] += theirs / total * delta;
    squares[group] = squares[group] + from.squares[other] + mine * theirs / total * delta * delta;
    if (count[group] <= 0) mean[group] = squares[group] = 0;
  }
  template <typename F>
  void each_state(F&& f) {
    f(count, "count", bigint_not_null());
    f(mean, "mean", type);
    f(squares, "m2", type);
  }
};

}  // namespace millrace
