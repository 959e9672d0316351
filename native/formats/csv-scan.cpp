#include "formats/csv-scan.h"

#include <cstring>

namespace millrace::csv {

namespace {

// What an escaped character stands for.
char unescaped(char c) {
  switch (c) {
    case '0': return '\0';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return c;
  }
}

}  // namespace

Status Scanner::open(std::shared_ptr<FileInput> file, const Options& options, uint64_t offset) {
  file_ = std::move(file);
  options_ = options;
  chunk_ = nullptr;
  bytes_ = nullptr;
  chunk_offset_ = offset;
  at_ = 0;
  filled_ = 0;
  at_end_ = false;
  MR_TRY(fill());
  const bool marked = offset == 0 && filled_ >= 3 && std::memcmp(bytes_, "\xEF\xBB\xBF", 3) == 0;
  if (marked) at_ = 3;
  return Status::ok();
}

// Reads behind what is left of the chunk, into a new one.
Status Scanner::fill() {
  const size_t left = filled_ - at_;
  if (left > kMaxRecordBytes) {
    return Status::error("MR4004", file_->path() + ": a record is longer than " +
                                       std::to_string(kMaxRecordBytes) + " bytes");
  }
  const size_t wanted = left < kChunkBytes / 2 ? kChunkBytes : left * 3;
  auto chunk = std::make_shared<Buffer>(wanted);
  if (left > 0) std::memcpy(chunk->data(), bytes_ + at_, left);
  if (chunk_ != nullptr) used_.push_back(chunk_);
  chunk_offset_ += at_;
  at_ = 0;
  MR_TRY_ASSIGN(const size_t got,
                file_->read_at(chunk_offset_ + left, chunk->data() + left, wanted - left));
  at_end_ = got < wanted - left;
  filled_ = left + got;
  chunk_ = std::move(chunk);
  bytes_ = reinterpret_cast<const char*>(chunk_->data());
  return Status::ok();
}

std::vector<std::shared_ptr<const void>> Scanner::take_chunks() {
  std::vector<std::shared_ptr<const void>> chunks = std::move(used_);
  used_ = {};
  chunks.push_back(chunk_);
  return chunks;
}

Result<Scanned> Scanner::next(Arena& arena) {
  while (true) {
    Step step = options_.allow_comments ? skip_comments() : Step::kDone;
    if (step == Step::kDone) {
      if (at_ == filled_ && at_end_) return Scanned::kEnd;
      step = at_ == filled_ ? Step::kMore : record(arena);
    }
    if (step == Step::kDone) return Scanned::kRecord;
    if (step == Step::kMalformed) return Scanned::kMalformed;
    MR_TRY(fill());
  }
}

// Lines whose first character but blanks is #.
Scanner::Step Scanner::skip_comments() {
  while (true) {
    size_t at = at_;
    while (at < filled_ && bytes_[at] == ' ') ++at;
    if (at == filled_) return at_end_ || at == at_ ? Step::kDone : Step::kMore;
    if (bytes_[at] != '#') return Step::kDone;
    while (at < filled_ && !is_line_end(bytes_[at])) ++at;
    if (at == filled_ && !at_end_) return Step::kMore;
    if (at < filled_ && line_end(at) == Step::kMore) return Step::kMore;
    at_ = at;
  }
}

// Takes the line end at `at`: \n, \r or both.
Scanner::Step Scanner::line_end(size_t& at) const {
  if (bytes_[at] == '\n') {
    ++at;
    return Step::kDone;
  }
  if (at + 1 == filled_ && !at_end_) return Step::kMore;
  at += at + 1 < filled_ && bytes_[at + 1] == '\n' ? 2 : 1;
  return Step::kDone;
}

Scanner::Step Scanner::record(Arena& arena) {
  fields_.clear();
  size_t at = at_;
  while (true) {
    const bool is_quoted = at < filled_ && bytes_[at] == options_.quote &&
                           options_.quote != Options::kNone;
    const Step step = is_quoted ? quoted(at, arena) : unquoted(at, arena);
    if (step != Step::kDone) return step;
    if (at == filled_) {
      if (!at_end_) return Step::kMore;
      at_ = at;
      return Step::kDone;
    }
    if (bytes_[at] == options_.delimiter) {
      ++at;
      continue;
    }
    if (line_end(at) == Step::kMore) return Step::kMore;
    at_ = at;
    return Step::kDone;
  }
}

// Up to the delimiter or line end that follows, which is not taken.
Scanner::Step Scanner::unquoted(size_t& at, Arena& arena) {
  const size_t begin = at;
  while (at < filled_) {
    const char c = bytes_[at];
    if (c == options_.delimiter || c == '\n' || c == '\r') break;
    if (c == options_.escape) break;
    ++at;
  }
  if (at == filled_ || bytes_[at] != options_.escape) {
    fields_.emplace_back(bytes_ + begin, at - begin);
    return Step::kDone;
  }
  scratch_.assign(bytes_ + begin, at - begin);
  while (at < filled_) {
    const char c = bytes_[at];
    if (c == options_.delimiter || c == '\n' || c == '\r') break;
    const bool is_last = at + 1 == filled_;
    if (c == options_.escape && is_last && !at_end_) return Step::kMore;
    scratch_ += c == options_.escape && !is_last ? unescaped(bytes_[++at]) : c;
    ++at;
  }
  keep(scratch_, arena);
  return Step::kDone;
}

Scanner::Step Scanner::quoted(size_t& at, Arena& arena) {
  const size_t begin = ++at;
  bool rewritten = false;
  scratch_.clear();
  while (true) {
    if (at == filled_) {
      return at_end_ ? malformed(at, "a closing quote is missing") : Step::kMore;
    }
    const char c = bytes_[at];
    if (c == options_.quote) {
      if (at + 1 == filled_ && !at_end_) return Step::kMore;
      const bool doubled = at + 1 < filled_ && bytes_[at + 1] == options_.quote;
      if (!doubled) break;
    }
    if (c == options_.quote || c == options_.escape) {
      if (!rewritten) scratch_.assign(bytes_ + begin, at - begin);
      rewritten = true;
      if (++at == filled_) continue;
      scratch_ += c == options_.quote ? c : unescaped(bytes_[at]);
    } else if (rewritten) {
      scratch_ += c;
    }
    ++at;
  }
  if (rewritten) keep(scratch_, arena);
  else fields_.emplace_back(bytes_ + begin, at - begin);
  ++at;
  while (at < filled_ && bytes_[at] != options_.delimiter &&
         (bytes_[at] == ' ' || bytes_[at] == '\t')) {
    ++at;
  }
  if (at == filled_ || bytes_[at] == options_.delimiter || is_line_end(bytes_[at])) {
    return Step::kDone;
  }
  return malformed(at, "text follows a closing quote");
}

// The line is given up.
Scanner::Step Scanner::malformed(size_t at, const char* reason) {
  while (at < filled_ && !is_line_end(bytes_[at])) ++at;
  if (at == filled_ && !at_end_) return Step::kMore;
  if (at < filled_ && line_end(at) == Step::kMore) return Step::kMore;
  at_ = at;
  reason_ = reason;
  return Step::kMalformed;
}

void Scanner::keep(std::string_view text, Arena& arena) {
  char* const to = arena.allocate(text.size());
  std::memcpy(to, text.data(), text.size());
  fields_.emplace_back(to, text.size());
}

}  // namespace millrace::csv
