// The open sessions of groups: which session a row belongs to, which sessions it joins, and when
// they close. What a session holds is its operator's, by the session's place.
//
//     a row at t        is the window [t, t + gap); it merges with those that it meets or touches
//     the watermark     passes the last millisecond of a session: it has closed
//     late              a row that meets no open session and whose own has closed
//
// Where a row joins two sessions, what one holds goes behind what the other does, in the order of
// Flink's HashSet of their windows: texts and floating sums show it.
//
// Sessions of the clock: rows come at the time on the clock, which closes sessions in the
// watermark's place. What is open at the end is dropped.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <queue>
#include <span>
#include <utility>
#include <vector>

#include "operators/operator.h"
#include "operators/window-grid.h"

namespace millrace {

class OpenSessions {
 public:
  explicit OpenSessions(WindowSpec window)
      : grid_(std::move(window)), gap_(grid_.spec().size) {}

  [[nodiscard]] const WindowGrid& grid() const { return grid_; }
  // Groups are known by their numbers below this.
  void resize_groups(uint32_t count) { open_.resize(count); }
  // Places, those of closed sessions among them.
  [[nodiscard]] uint32_t place_count() const { return static_cast<uint32_t>(sessions_.size()); }
  [[nodiscard]] uint32_t closed_count() const { return closed_; }
  [[nodiscard]] uint32_t group(uint32_t place) const { return sessions_[place].group; }
  [[nodiscard]] int64_t start(uint32_t place) const { return sessions_[place].start; }
  // Exclusive; on the wall clock of the windows, as the start is.
  [[nodiscard]] int64_t end(uint32_t place) const { return sessions_[place].end; }
  [[nodiscard]] bool is_open(uint32_t place) const { return sessions_[place].is_open; }
  [[nodiscard]] bool has_open(uint32_t group) const { return !open_[group].empty(); }
  [[nodiscard]] std::vector<uint32_t> open_places() const;
  [[nodiscard]] uint64_t late_rows() const { return late_rows_; }
  [[nodiscard]] uint64_t bytes() const { return sessions_.capacity() * sizeof(Session); }

  // On the wall clock of the windows; MR3004 where the row has no time.
  [[nodiscard]] Result<int64_t> time_of(const Batch& batch, uint32_t row) const;

  // The place of the row's session; nothing where the row is late, which is counted.
  // `merge(into, other)`: what of the other session goes to the first.
  template <typename Merge>
  std::optional<uint32_t> take(uint32_t group, int64_t time, Merge&& merge) {
    const size_t first = first_met(group, time);
    if (first == open_[group].size() && time + gap_ - 1 <= progress_) {
      ++late_rows_;
      return std::nullopt;
    }
    return join(group, first, time, merge);
  }
  // The same for a row that is never late: one that was taken before.
  template <typename Merge>
  uint32_t join(uint32_t group, int64_t time, Merge&& merge) {
    return join(group, first_met(group, time), time, merge);
  }
  // The place of a closed session may be given to another.
  void release(uint32_t place) { free_.push_back(place); }

  // Time goes on to the watermark; what closes by it is told by `next_closed`.
  void raise(int64_t watermark);
  std::optional<uint32_t> next_closed();
  // When the clock closes the next session.
  [[nodiscard]] int64_t deadline_ms() const {
    if (!grid_.is_by_clock() || timers_.empty()) return kNoDeadline;
    return grid_.clock_at(timers_.top().time + 1);
  }

  // Only the open places stay; `new_places` gives their numbers. Of the groups only `groups`,
  // whose new numbers are `new_groups`.
  void compact(std::span<const uint32_t> new_places, std::span<const uint32_t> groups,
               std::span<const uint32_t> new_groups);

  // The place of the session of a group that began then; it is made where there is none.
  uint32_t restored_place(uint32_t group, int64_t start);
  void restore_end(uint32_t place, int64_t end) {
    sessions_[place].end = end;
    set_timer(place);
  }
  // The state table `watermark`: one row.
  [[nodiscard]] static StateTable watermark_table();
  [[nodiscard]] Batch snapshot_watermark() const;
  void restore_watermark(const Batch& content);

 private:
  struct Session {
    uint32_t group = 0;
    bool is_open = true;
    int64_t start = 0;
    int64_t end = 0;
  };
  struct Timer {
    int64_t time;
    uint64_t sequence;
    uint32_t place;
    bool operator>(const Timer& other) const {
      return time != other.time ? time > other.time : sequence > other.sequence;
    }
  };

  [[nodiscard]] bool meets(uint32_t place, int64_t time) const {
    return sessions_[place].start <= time + gap_ && sessions_[place].end >= time;
  }
  // Among the group's open sessions; their number if none is met.
  [[nodiscard]] size_t first_met(uint32_t group, int64_t time) const {
    const std::vector<uint32_t>& places = open_[group];
    size_t at = 0;
    while (at < places.size() && !meets(places[at], time)) ++at;
    return at;
  }

  template <typename Merge>
  uint32_t join(uint32_t group, size_t first, int64_t time, Merge&& merge) {
    std::vector<uint32_t>& places = open_[group];
    if (first == places.size()) return begin(group, time);
    const bool joins_two = first + 1 < places.size() && meets(places[first + 1], time);
    const uint32_t place = joins_two ? unite(places, first, merge) : places[first];
    sessions_[place].start = std::min(sessions_[place].start, time);
    lengthen(place, time + gap_);
    return place;
  }
  // Two neighbours become one: that of the lower bucket takes the other in. A row never meets
  // three, for a session is no shorter than the gap.
  template <typename Merge>
  uint32_t unite(std::vector<uint32_t>& places, size_t first, Merge&& merge) {
    uint32_t into = places[first];
    uint32_t other = places[first + 1];
    if (bucket_of(sessions_[into]) >= bucket_of(sessions_[other])) std::swap(into, other);
    merge(into, other);
    sessions_[into].start = std::min(sessions_[into].start, sessions_[other].start);
    lengthen(into, sessions_[other].end);
    close(other);
    places[first] = into;
    places.erase(places.begin() + static_cast<int64_t>(first) + 1);
    return into;
  }
  void lengthen(uint32_t place, int64_t end) {
    if (end <= sessions_[place].end) return;
    sessions_[place].end = end;
    set_timer(place);
  }
  [[nodiscard]] static uint32_t bucket_of(const Session& session);

  uint32_t begin(uint32_t group, int64_t start);
  void close(uint32_t place) {
    sessions_[place].is_open = false;
    ++closed_;
  }
  void set_timer(uint32_t place) {
    timers_.push({sessions_[place].end - 1, next_timer_++, place});
  }

  WindowGrid grid_;
  int64_t gap_;
  std::vector<std::vector<uint32_t>> open_;  // by group: places of open sessions by their start
  std::vector<Session> sessions_;
  std::vector<uint32_t> free_;
  uint32_t closed_ = 0;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
  uint64_t next_timer_ = 0;
  int64_t watermark_ = kMinWatermark;
  int64_t progress_ = kMinWatermark;
  bool has_mark_ = false;
  uint64_t late_rows_ = 0;
};

}  // namespace millrace
