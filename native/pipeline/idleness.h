// When a watermark assigner has had no row for its timeout it is idle: what reads it no longer
// waits for its watermark. src/runtime/fallback/idleness.ts is the same.
//
// Time passes on the task clock, but only an input that was asked and had nothing makes idle: a
// busy or held up task is not.
#pragma once

#include <cstdint>

#include "operators/operator.h"

namespace millrace {

class Idleness {
 public:
  Idleness(int64_t timeout_ms, int64_t now_ms) : timeout_ms_(timeout_ms), last_row_ms_(now_ms) {}

  [[nodiscard]] bool is_idle() const { return is_idle_; }

  // When it is idle unless rows come; none while it is.
  [[nodiscard]] int64_t deadline_ms() const {
    return is_idle_ ? kNoDeadline : last_row_ms_ + timeout_ms_;
  }

  // Nothing was there to read; true where that makes it idle.
  bool starve(int64_t now_ms) {
    if (is_idle_ || now_ms < deadline_ms()) return false;
    is_idle_ = true;
    return true;
  }

  // Rows or the end have come.
  void touch(int64_t now_ms) {
    last_row_ms_ = now_ms;
    is_idle_ = false;
  }

 private:
  int64_t timeout_ms_;
  int64_t last_row_ms_;
  bool is_idle_ = false;
};

}  // namespace millrace
