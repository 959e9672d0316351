#include "operators/partition-commit.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include "base/system-text.h"
#include "columnar/batch.h"
#include "formats/text-parse.h"
#include "sources/file-columns.h"

namespace millrace {
namespace {

constexpr int64_t kMsADay = 86'400'000;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), by);
    at += by.size();
  }
  return text;
}

Status unsupported(const std::string& feature) { return Status::error("MR2100", feature); }

// Whether some policy is there; all must be success-file.
Result<bool> has_policy(const std::string& kinds) {
  bool has = false;
  for (size_t at = 0; at <= kinds.size();) {
    const size_t comma = std::min(kinds.find(',', at), kinds.size());
    const std::string_view kind = trimmed(std::string_view(kinds).substr(at, comma - at));
    at = comma + 1;
    if (kind.empty()) continue;
    if (kind != "success-file") return unsupported("partition commit policy " + std::string(kind));
    has = true;
  }
  return has;
}

}  // namespace

Result<std::unique_ptr<PartitionCommit>> PartitionCommit::make(const OptionMap& options,
                                                               std::string folder,
                                                               std::vector<std::string> columns,
                                                               uint32_t parallelism) {
  std::unique_ptr<PartitionCommit> none;
  MR_TRY_ASSIGN(const bool has,
                has_policy(options.text("sink.partition-commit.policy.kind", "")));
  if (!has || columns.empty()) return none;
  if (parallelism > 1) {
    return unsupported("sink.partition-commit.policy.kind at a parallelism above 1");
  }
  const std::string zone = options.text("sink.partition-commit.watermark-time-zone", "UTC");
  if (zone != "UTC") return unsupported("sink.partition-commit.watermark-time-zone = " + zone);
  if (options.find("partition.time-extractor.timestamp-formatter") != nullptr) {
    return unsupported("partition.time-extractor.timestamp-formatter");
  }
  std::unique_ptr<PartitionCommit> made(new PartitionCommit());
  made->folder_ = std::move(folder);
  made->columns_ = std::move(columns);
  made->name_ = options.text("sink.partition-commit.success-file.name", "_SUCCESS");
  MR_TRY_ASSIGN(made->delay_ms_,
                options.integer("sink.partition-commit.delay", 0, 0, INT64_MAX / 2));
  made->is_by_time_ =
      options.text("sink.partition-commit.trigger", "process-time") == "partition-time";
  const std::string* pattern = options.find("partition.time-extractor.timestamp-pattern");
  made->has_pattern_ = pattern != nullptr;
  if (pattern != nullptr) made->pattern_ = *pattern;
  return made;
}

void PartitionCommit::seal() {
  awaiting_.merge(fresh_);
  fresh_.clear();
}

void PartitionCommit::restore(const std::string& part, int64_t since_ms) {
  Awaited awaited;
  awaited.since_ms = since_ms;
  for (size_t at = 0; at < part.size();) {
    const size_t slash = std::min(part.find('/', at), part.size());
    const std::string step = part.substr(at, slash - at);
    awaited.values.push_back(unescaped_folder(step.substr(step.find('=') + 1)));
    at = slash + 1;
  }
  awaiting_.emplace(part, std::move(awaited));
}

Status PartitionCommit::commit(int64_t now_ms, int64_t watermark) {
  for (auto at = awaiting_.begin(); at != awaiting_.end();) {
    bool is_done = watermark == kMaxWatermark;
    if (!is_done) {
      MR_TRY_ASSIGN(is_done, is_complete(at->second, now_ms, watermark));
    }
    if (!is_done) {
      ++at;
      continue;
    }
    const std::string path = folder_ + at->first + name_;
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return Status::error("MR4003", path + ": " + system_text(errno));
    ::close(file);
    at = awaiting_.erase(at);
  }
  return Status::ok();
}

Result<bool> PartitionCommit::is_complete(const Awaited& one, int64_t now_ms,
                                          int64_t watermark) const {
  if (!is_by_time_) return delay_ms_ == 0 || now_ms > one.since_ms + delay_ms_;
  MR_TRY_ASSIGN(const int64_t time, time_of(one.values));
  return watermark > time + delay_ms_;
}

// The time of a partition in ms: its first value, or the pattern with $columns filled in.
Result<int64_t> PartitionCommit::time_of(const std::vector<std::string>& values) const {
  std::string text = has_pattern_ ? pattern_ : values[0];
  for (size_t i = 0; has_pattern_ && i < columns_.size() && i < values.size(); ++i) {
    text = replaced(std::move(text), "$" + columns_[i], values[i]);
  }
  int64_t ticks = 0;
  if (parse_sql_timestamp(text, false, 1000, ticks)) return ticks;
  int32_t days = 0;
  if (parse_date(text, days)) return days * kMsADay;
  return Status::error("MR3006", "no time of a partition: " + text);
}

}  // namespace millrace
