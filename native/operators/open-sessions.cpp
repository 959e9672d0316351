#include "operators/open-sessions.h"

namespace millrace {
namespace {

const DataType kBigint{TypeRoot::kBigint, false, 0, 0, 0, {}};

}  // namespace

std::vector<uint32_t> OpenSessions::open_places() const {
  std::vector<uint32_t> places;
  for (uint32_t place = 0; place < sessions_.size(); ++place) {
    if (sessions_[place].is_open) places.push_back(place);
  }
  return places;
}

Result<int64_t> OpenSessions::time_of(const Batch& batch, uint32_t row) const {
  if (grid_.is_by_clock()) return grid_.local_time(watermark_ + 1);
  const Column& column = *batch.columns[static_cast<size_t>(grid_.spec().rowtime)];
  if (column.is_null(row)) return Status::error("MR3004", "row time", row);
  return grid_.local_time(column.data<int64_t>()[column.at(row)]);
}

uint32_t OpenSessions::begin(uint32_t group, int64_t start) {
  auto place = place_count();
  if (free_.empty()) {
    sessions_.emplace_back();
  } else {
    place = free_.back();
    free_.pop_back();
    --closed_;
  }
  sessions_[place] = {group, true, start, start + gap_};
  std::vector<uint32_t>& places = open_[group];
  size_t at = 0;
  while (at < places.size() && sessions_[places[at]].start <= start) ++at;
  places.insert(places.begin() + static_cast<int64_t>(at), place);
  set_timer(place);
  return place;
}

// Where the window of a session stands in a HashSet of Java with 16 buckets. Of two in one bucket
// the later window comes first.
uint32_t OpenSessions::bucket_of(const Session& session) {
  const uint32_t odd = static_cast<uint32_t>(session.end) * 2 + 1;
  uint32_t inverse = odd * odd * odd;
  for (int i = 0; i < 3; ++i) inverse *= 2 - odd * inverse;
  const uint32_t hash = static_cast<uint32_t>(session.start) + inverse;
  return (hash ^ (hash >> 16)) & 15;
}

void OpenSessions::raise(int64_t watermark) {
  if (watermark <= watermark_) return;
  watermark_ = watermark;
  progress_ = grid_.progress_at(watermark);
}

// A timer whose session has grown or gone since finds nothing that ends at its time.
std::optional<uint32_t> OpenSessions::next_closed() {
  while (!timers_.empty() && timers_.top().time <= progress_) {
    const Timer timer = timers_.top();
    timers_.pop();
    const Session& session = sessions_[timer.place];
    if (!session.is_open || session.end - 1 != timer.time) continue;
    std::vector<uint32_t>& places = open_[session.group];
    places.erase(std::find(places.begin(), places.end(), timer.place));
    close(timer.place);
    return timer.place;
  }
  return std::nullopt;
}

void OpenSessions::compact(std::span<const uint32_t> new_places, std::span<const uint32_t> groups,
                           std::span<const uint32_t> new_groups) {
  std::vector<Session> sessions;
  for (const uint32_t place : open_places()) sessions.push_back(sessions_[place]);
  sessions_ = std::move(sessions);
  closed_ = 0;
  std::vector<std::vector<uint32_t>> open;
  for (const uint32_t group : groups) {
    std::vector<uint32_t>& places = open.emplace_back(std::move(open_[group]));
    for (uint32_t& place : places) place = new_places[place];
  }
  open_ = std::move(open);
  timers_ = {};
  for (uint32_t place = 0; place < sessions_.size(); ++place) {
    sessions_[place].group = new_groups[sessions_[place].group];
    set_timer(place);
  }
}

uint32_t OpenSessions::restored_place(uint32_t group, int64_t start) {
  for (const uint32_t place : open_[group]) {
    if (sessions_[place].start == start) return place;
  }
  return begin(group, start);
}

StateTable OpenSessions::watermark_table() {
  return {"watermark", {{"watermark", kBigint}}, 0};
}

Batch OpenSessions::snapshot_watermark() const {
  Batch batch;
  batch.row_count = 1;
  batch.columns.push_back(make_column(kBigint, 1));
  batch.columns[0]->data<int64_t>()[0] = watermark_;
  return batch;
}

void OpenSessions::restore_watermark(const Batch& content) {
  const Column& column = *content.columns[0];
  for (uint32_t row = 0; row < content.row_count; ++row) {
    const int64_t watermark = column.data<int64_t>()[column.at(row)];
    watermark_ = has_mark_ ? std::min(watermark_, watermark) : watermark;
    has_mark_ = true;
  }
  progress_ = grid_.progress_at(watermark_);
}

}  // namespace millrace
