// The watermark of several inputs: the lowest of those that are active. An input that has ended
// stands at MAX and so no longer holds the others back; one that is idle does not count. Where
// all are idle, the highest of theirs holds, unless the last one was left out until then. The
// common watermark never falls. src/batch/watermark.ts is the same and has an example.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "columnar/batch.h"

namespace millrace {

class InputWatermarks {
 public:
  // `leaves_out`: an input that is active again does not count before it has caught up with the
  // common watermark, as among the channels of a task in Flink; else it counts at once, as among
  // the inputs of a join.
  explicit InputWatermarks(size_t input_count, bool leaves_out = false)
      : inputs_(input_count, kMinWatermark),
        roles_(input_count, Role::kCounts),
        ended_(input_count, false),
        leaves_out_(leaves_out) {}

  [[nodiscard]] size_t count() const { return inputs_.size(); }
  [[nodiscard]] bool leaves_out() const { return leaves_out_; }
  // The common watermark that `merge` and `raise` have told.
  [[nodiscard]] int64_t current() const { return current_; }
  [[nodiscard]] bool is_idle() const { return idle_count_ == inputs_.size(); }
  [[nodiscard]] bool is_idle_at(size_t input) const { return roles_[input] == Role::kIdle; }

  // What a snapshot keeps of an input. Status is no state: inputs are active after a restore, so
  // that none may stand behind the common watermark.
  [[nodiscard]] int64_t kept(size_t input) const {
    return ended_[input] ? kMaxWatermark : std::max(inputs_[input], current_);
  }

  // Raises one input; true where that raised the common watermark. Of an idle one: nothing.
  bool raise(size_t input, int64_t watermark) {
    const int64_t before = inputs_[input];
    if (watermark <= before || roles_[input] == Role::kIdle) return false;
    inputs_[input] = watermark;
    if (roles_[input] == Role::kLeftOut && watermark >= current_) assign(input, Role::kCounts);
    if (uncounted_ == 0 && before > current_) return false;
    return settle();
  }

  // Marks one input; true where the next `merge` will tell a higher watermark.
  bool set_idle(size_t input, bool is_idle) {
    if (is_idle_at(input) == is_idle) return false;
    idle_count_ = is_idle ? idle_count_ + 1 : idle_count_ - 1;
    const bool is_behind = leaves_out_ && inputs_[input] < current_;
    assign(input, is_idle ? Role::kIdle : is_behind ? Role::kLeftOut : Role::kCounts);
    if (!is_idle) return false;
    const bool holds_back = inputs_[input] == current_;
    return (!leaves_out_ || holds_back) && look();
  }

  // The end of one input; true where the next `merge` will tell a higher watermark. An active one
  // stands at MAX from then on; one that ends while idle never had anything and stays so.
  bool end(size_t input) {
    if (!ended_[input]) ++ended_count_;
    ended_[input] = true;
    if (!is_idle_at(input)) {
      inputs_[input] = kMaxWatermark;
      assign(input, Role::kCounts);
    }
    return look();
  }

  // Turns the runs of a batch of `input` into those of the common watermark.
  void merge(size_t input, std::vector<WatermarkRun>& runs) {
    if (is_raised_ && settle()) {
      const int64_t first = current_;
      merge_runs(input, runs);
      if (runs.empty() || runs.front().row > 0) runs.insert(runs.begin(), {0, first});
      return;
    }
    merge_runs(input, runs);
  }

 private:
  // What an input is to the common watermark. Left out: active again, but still below it.
  enum class Role : uint8_t { kCounts, kIdle, kLeftOut };

  void merge_runs(size_t input, std::vector<WatermarkRun>& runs) {
    size_t kept = 0;
    for (const WatermarkRun& run : runs) {
      if (!raise(input, run.watermark)) continue;
      const bool same_row = kept > 0 && runs[kept - 1].row == run.row;
      runs[same_row ? kept - 1 : kept++] = {run.row, current_};
    }
    runs.resize(kept);
  }

  void assign(size_t input, Role role) {
    if (roles_[input] != Role::kCounts) --uncounted_;
    if (role != Role::kCounts) ++uncounted_;
    roles_[input] = role;
  }

  bool look() {
    is_raised_ = lowest() > current_;
    return is_raised_;
  }

  bool settle() {
    is_raised_ = false;
    const int64_t next = lowest();
    if (next <= current_) return false;
    current_ = next;
    return true;
  }

  // What the common watermark is to be, if it is higher than now.
  [[nodiscard]] int64_t lowest() const {
    if (ended_count_ == inputs_.size()) return kMaxWatermark;
    if (is_idle()) return *std::max_element(inputs_.begin(), inputs_.end());
    int64_t lowest = kMaxWatermark;
    bool any = false;
    for (size_t input = 0; input < inputs_.size(); ++input) {
      if (roles_[input] != Role::kCounts) continue;
      any = true;
      lowest = std::min(lowest, inputs_[input]);
    }
    return any ? lowest : kMinWatermark;
  }

  std::vector<int64_t> inputs_;
  std::vector<Role> roles_;
  std::vector<bool> ended_;
  bool leaves_out_;
  size_t uncounted_ = 0;  // inputs that do not count
  size_t idle_count_ = 0;
  size_t ended_count_ = 0;
  int64_t current_ = kMinWatermark;
  bool is_raised_ = false;  // status or an end has raised what `merge` is to tell
};

}  // namespace millrace
