#include "formats/line-reader.h"

#include <algorithm>
#include <cstring>

#include "simdjson.h"

namespace millrace {

Status LineReader::open(std::shared_ptr<FileInput> file, FileRange range, uint64_t offset) {
  file_ = std::move(file);
  end_ = range.end;
  // A range that begins inside a line leaves that line to the range before.
  const bool partial = offset == range.begin && range.begin > 0;
  chunk_offset_ = partial ? offset - 1 : offset;
  chunk_ = nullptr;
  at_ = filled_ = 0;
  at_end_ = false;
  valid_ = true;
  return partial ? skip_partial_line() : Status::ok();
}

Status LineReader::skip_partial_line() {
  while (true) {
    MR_TRY(fill());
    const char* data = reinterpret_cast<const char*>(chunk_->data());
    const void* found = std::memchr(data + at_, '\n', filled_ - at_);
    if (found != nullptr) {
      at_ = static_cast<size_t>(static_cast<const char*>(found) - data) + 1;
      return Status::ok();
    }
    at_ = filled_;
    if (at_end_) return Status::ok();
  }
}

// Reads the next chunk behind what is left of this one.
Status LineReader::fill() {
  const size_t left = filled_ - at_;
  if (left >= kMaxLineBytes) {
    return Status::error("MR4004", file_->path() + ": a line is longer than " +
                                       std::to_string(kMaxLineBytes) + " bytes");
  }
  const size_t wanted = left < kChunkBytes / 2 ? kChunkBytes : left * 3;
  auto chunk = std::make_shared<Buffer>(wanted + kPadding);
  if (left > 0) std::memcpy(chunk->data(), chunk_->data() + at_, left);
  MR_TRY_ASSIGN(const size_t got, file_->read_at(chunk_offset_ + filled_, chunk->data() + left,
                                                 wanted - left));
  std::memset(chunk->data() + left + got, 0, kPadding);
  at_end_ = got < wanted - left;
  chunk_offset_ += at_;
  at_ = 0;
  filled_ = left + got;
  chunk_ = std::move(chunk);
  used_.push_back(chunk_);
  validate(0);
  return Status::ok();
}

void LineReader::validate(size_t from) {
  const char* data = reinterpret_cast<const char*>(chunk_->data());
  size_t to = filled_;
  while (!at_end_ && to > from && data[to - 1] != '\n') --to;
  valid_ = simdjson::validate_utf8(data + from, to - from);
}

Result<bool> LineReader::next(std::string_view& line, bool& is_utf8) {
  if (offset() >= end_) return false;
  while (true) {
    const char* data = chunk_ == nullptr ? "" : reinterpret_cast<const char*>(chunk_->data());
    const void* found =
        filled_ == at_ ? nullptr : std::memchr(data + at_, '\n', filled_ - at_);
    if (found == nullptr && !at_end_) {
      MR_TRY(fill());
      continue;
    }
    if (found == nullptr && at_ == filled_) return false;
    const size_t stop = found == nullptr
                            ? filled_
                            : static_cast<size_t>(static_cast<const char*>(found) - data);
    size_t length = stop - at_;
    if (length > 0 && data[stop - 1] == '\r') --length;
    line = {data + at_, length};
    is_utf8 = valid_ || simdjson::validate_utf8(line.data(), line.size());
    at_ = found == nullptr ? filled_ : stop + 1;
    return true;
  }
}

std::vector<std::shared_ptr<const void>> LineReader::take_chunks() {
  std::vector<std::shared_ptr<const void>> chunks = std::move(used_);
  used_.clear();
  if (chunk_ != nullptr) used_.push_back(chunk_);
  return chunks;
}

}  // namespace millrace
