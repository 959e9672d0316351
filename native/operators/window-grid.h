// Where windows lie. A slice is the piece of time that all rows in it share windows over; rows are
// folded once into their slice, named by its end (ms, exclusive).
//
//     tumble    one slice a window
//     hop       slices of the slide; a window is the last size/slide of them
//     cumulate  slices of the step; a window is all slices from its start
//     attached  the rows carry the end of their window: one slice a window, never shared
//
// Windows of the clock (no row time, not attached) are those of the time at which rows come; a
// clock at t is a watermark of t - 1.
//
// On TIMESTAMP_LTZ all this happens on the wall clock of the session zone. `progress` is how far
// the watermark has come on that clock.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/status.h"
#include "columnar/batch.h"
#include "kernels/zone.h"
#include "plan/value.h"

namespace millrace {

enum class WindowKind : uint8_t { kTumble, kHop, kCumulate };

struct WindowSpec {
  WindowKind kind = WindowKind::kTumble;
  bool is_session = false;   // its gap is the size
  int64_t size = 0;
  int64_t step = 0;  // hop: slide; cumulate: step; tumble: size
  int64_t offset = 0;
  int64_t rowtime = -1;      // column, or -1
  int64_t window_end = -1;   // column of an attached window, or -1
  int64_t window_start = -1;
  std::optional<Zone> zone;  // none: wall clock and epoch are one
};

// The member `window` of a plan node. MR2103 for a size that is not positive.
[[nodiscard]] Result<WindowSpec> decode_window(const plan::Value& node);

// The window spec as arithmetic.
class WindowGrid {
 public:
  explicit WindowGrid(WindowSpec spec) : spec_(std::move(spec)) {
    attached_ = spec_.window_end >= 0;
    slice_ = attached_ || spec_.kind == WindowKind::kTumble ? spec_.size : spec_.step;
  }

  // The wall clock at an instant.
  [[nodiscard]] int64_t local_time(int64_t epoch_ms) const {
    return spec_.zone.has_value() ? spec_.zone->to_local(epoch_ms) : epoch_ms;
  }
  // The instant of a wall-clock time: Flink's for a window's row time.
  [[nodiscard]] int64_t instant(int64_t local_ms) const {
    return spec_.zone.has_value() ? spec_.zone->to_utc(local_ms) : local_ms;
  }
  // How far the wall clock has come for good: where it will be set back, the hour that comes
  // twice has not passed before its second time.
  [[nodiscard]] int64_t progress_at(int64_t watermark) const;

  [[nodiscard]] bool is_attached() const { return attached_; }
  // Rows belong to the window of the task clock.
  [[nodiscard]] bool is_by_clock() const { return !attached_ && spec_.rowtime < 0; }
  // The clock at which a window that ends there fires.
  [[nodiscard]] int64_t clock_at(int64_t end) const {
    return spec_.zone.has_value() ? spec_.zone->to_utc_later(end - 1) + 1 : end;
  }
  // Whether a slice belongs to several windows.
  [[nodiscard]] bool is_shared() const {
    return !attached_ && spec_.kind != WindowKind::kTumble && spec_.size != spec_.step;
  }
  [[nodiscard]] bool is_cumulate() const {
    return is_shared() && spec_.kind == WindowKind::kCumulate;
  }
  [[nodiscard]] int64_t slice_size() const { return slice_; }

  // Start of the interval of `length` that holds a time.
  [[nodiscard]] int64_t start_of(int64_t time, int64_t length) const {
    int64_t rest = (time - spec_.offset) % length;
    if (rest < 0) rest += length;
    return time - rest;
  }
  [[nodiscard]] int64_t slice_end(int64_t time) const { return start_of(time, slice_) + slice_; }

  // A window fires, and its rows are late, once the progress reaches its last millisecond.
  [[nodiscard]] static bool has_fired(int64_t end, int64_t progress) {
    return progress >= end - 1;
  }
  // End of the last window a slice belongs to.
  [[nodiscard]] int64_t last_window_end(int64_t slice_end) const {
    if (!is_shared()) return slice_end;
    if (spec_.kind == WindowKind::kHop) return slice_end - spec_.step + spec_.size;
    return start_of(slice_end - 1, spec_.size) + spec_.size;
  }
  // The first window of a slice that has not fired.
  [[nodiscard]] int64_t next_window_end(int64_t slice_end, int64_t progress) const {
    if (!has_fired(slice_end, progress)) return slice_end;
    const int64_t steps = (progress + 1 - slice_end) / spec_.step + 1;
    return slice_end + steps * spec_.step;
  }
  // Cumulate keeps what has fired of a window in the slice it begins with.
  [[nodiscard]] int64_t first_slice_end(int64_t slice_end) const {
    return start_of(slice_end - 1, spec_.size) + spec_.step;
  }
  [[nodiscard]] int64_t window_start(int64_t window_end) const {
    if (spec_.kind == WindowKind::kCumulate) return start_of(window_end - 1, spec_.size);
    return window_end - spec_.size;
  }
  // The slice that no window after this one needs.
  [[nodiscard]] int64_t expired_slice(int64_t window_end) const {
    return window_end - spec_.size + spec_.step;
  }
  [[nodiscard]] const WindowSpec& spec() const { return spec_; }

 private:
  WindowSpec spec_;
  bool attached_ = false;
  int64_t slice_ = 1;
};

}  // namespace millrace
