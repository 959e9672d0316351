// The watermark of several inputs: the lowest of theirs. An input that has ended stands at MAX
// and so no longer holds the others back.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "columnar/batch.h"

namespace millrace {

class InputWatermarks {
 public:
  explicit InputWatermarks(size_t input_count) : inputs_(input_count, kMinWatermark) {}

  [[nodiscard]] int64_t current() const { return current_; }
  [[nodiscard]] const std::vector<int64_t>& inputs() const { return inputs_; }

  // Raises one input; true where that raised the lowest.
  bool raise(size_t input, int64_t watermark) {
    if (watermark <= inputs_[input]) return false;
    const bool was_lowest = inputs_[input] == current_;
    inputs_[input] = watermark;
    if (!was_lowest) return false;
    const int64_t lowest = *std::min_element(inputs_.begin(), inputs_.end());
    if (lowest <= current_) return false;
    current_ = lowest;
    return true;
  }

  // Turns the runs of a batch of `input` into those of the common watermark.
  void merge(size_t input, std::vector<WatermarkRun>& runs) {
    size_t kept = 0;
    for (const WatermarkRun& run : runs) {
      if (!raise(input, run.watermark)) continue;
      const bool same_row = kept > 0 && runs[kept - 1].row == run.row;
      runs[same_row ? kept - 1 : kept++] = {run.row, current_};
    }
    runs.resize(kept);
  }

 private:
  std::vector<int64_t> inputs_;
  int64_t current_ = kMinWatermark;
};

}  // namespace millrace
