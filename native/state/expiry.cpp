#include "state/expiry.h"

#include <algorithm>

namespace millrace {

void Expiry::touch(uint32_t id, int64_t now_ms) {
  order();
  const int64_t written = times_[id];
  if (written != kUnset) {
    if (written + keep_ms_ >= now_ms + ttl_ms_) return;
    unlink(id);
  }
  times_[id] = now_ms;
  insert_in_order(id);
}

void Expiry::renew(uint32_t id, int64_t now_ms) {
  order();
  const int64_t written = times_[id];
  unlink(id);
  times_[id] = written + keep_ms_ * ((now_ms - written) / keep_ms_);
  insert_in_order(id);
}

// The place is at the end, or near it where the entry is renewed or the clock ran back.
void Expiry::insert_in_order(uint32_t id) {
  uint32_t before = last_;
  while (before != kNone && times_[before] > times_[id]) before = previous_[before];
  link(id, before);
}

void Expiry::forget(uint32_t id) {
  if (time(id) == kUnset) return;
  if (is_ordered_) unlink(id);
  times_[id] = kUnset;
}

uint32_t Expiry::oldest_expired(int64_t now_ms) {
  order();
  return first_ != kNone && is_expired(first_, now_ms) ? first_ : kNone;
}

void Expiry::renumber(std::span<const uint32_t> kept) {
  std::vector<int64_t> times;
  times.reserve(kept.size());
  for (const uint32_t old : kept) times.push_back(time(old));
  times_ = std::move(times);
  next_.assign(times_.size(), kNone);
  previous_.assign(times_.size(), kNone);
  is_ordered_ = false;
}

void Expiry::order() {
  if (is_ordered_) return;
  is_ordered_ = true;
  first_ = last_ = kNone;
  std::vector<uint32_t> ids;
  for (uint32_t id = 0; id < times_.size(); ++id) {
    if (times_[id] != kUnset) ids.push_back(id);
  }
  std::stable_sort(ids.begin(), ids.end(),
                   [this](uint32_t a, uint32_t b) { return times_[a] < times_[b]; });
  for (const uint32_t id : ids) link(id, last_);
}

void Expiry::link(uint32_t id, uint32_t before) {
  const uint32_t after = before == kNone ? first_ : next_[before];
  previous_[id] = before;
  next_[id] = after;
  if (before == kNone) first_ = id;
  else next_[before] = id;
  if (after == kNone) last_ = id;
  else previous_[after] = id;
}

void Expiry::unlink(uint32_t id) {
  const uint32_t before = previous_[id];
  const uint32_t after = next_[id];
  if (before == kNone) first_ = after;
  else next_[before] = after;
  if (after == kNone) last_ = before;
  else previous_[after] = before;
}

}  // namespace millrace
