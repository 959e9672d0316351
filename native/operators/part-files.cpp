#include "operators/part-files.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <random>
#include <unistd.h>

#include "base/system-text.h"

namespace millrace {

namespace {

Status write_error(const std::string& path, int code) {
  return Status::error("MR4003", path + ": " + system_text(code));
}

// Names of two runs never meet.
std::string random_token() {
  std::random_device device;
  constexpr char kDigits[] = "0123456789abcdef";
  std::string token;
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) token += '-';
    token += kDigits[device() & 15];
  }
  return token;
}

std::string pending_path(const std::string& final_path) {
  const size_t slash = final_path.rfind('/') + 1;
  return final_path.substr(0, slash) + "." + final_path.substr(slash) + ".inprogress";
}

}  // namespace

PartFiles::PartFiles(std::string folder, uint32_t subtask, const Rolling& rolling)
    : folder_(std::move(folder)), token_(random_token()), subtask_(subtask), rolling_(rolling) {
  if (!folder_.ends_with('/')) folder_ += '/';
}

PartFiles::~PartFiles() {
  for (const auto& [part, file] : open_) {
    ::close(file.descriptor);
    ::unlink(pending_path(file.final_path).c_str());
  }
}

Status PartFiles::open(const std::string& part, OpenFile& file) {
  std::error_code code;
  std::filesystem::create_directories(folder_ + part, code);
  if (code) return write_error(folder_ + part, code.value());
  file.final_path = folder_ + part + "part-" + token_ + "-" + std::to_string(subtask_) + "-" +
                    std::to_string(counter_++);
  const std::string path = pending_path(file.final_path);
  file.descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  return file.descriptor < 0 ? write_error(path, errno) : Status::ok();
}

Result<TextBuffer*> PartFiles::text_of(const std::string& part, int64_t now_ms) {
  auto found = open_.find(part);
  if (found == open_.end()) {
    if (open_.size() >= kMostOpen) MR_TRY(close_all());
    OpenFile file;
    file.opened_ms = file.touched_ms = now_ms;
    if (open_.empty()) checked_ms_ = now_ms;
    MR_TRY(open(part, file));
    found = open_.emplace(part, std::move(file)).first;
  }
  return &found->second.text;
}

Status PartFiles::appended(const std::string& part, int64_t now_ms) {
  const auto found = open_.find(part);
  OpenFile& file = found->second;
  if (file.text.size() < kFlushBytes) return Status::ok();
  MR_TRY(flush(file));
  file.touched_ms = now_ms;
  if (file.written < rolling_.bytes) return Status::ok();
  MR_TRY(close(file));
  open_.erase(found);
  return Status::ok();
}

Status PartFiles::roll_aged(int64_t now_ms) {
  checked_ms_ = now_ms;
  for (auto at = open_.begin(); at != open_.end();) {
    const OpenFile& file = at->second;
    const bool is_aged = now_ms - file.opened_ms >= rolling_.age_ms ||
                         now_ms - file.touched_ms >= rolling_.idle_ms;
    if (is_aged) MR_TRY(close(at->second));
    at = is_aged ? open_.erase(at) : std::next(at);
  }
  return Status::ok();
}

Status PartFiles::seal() {
  MR_TRY(close_all());
  sealed_ = pending_.size();
  return Status::ok();
}

Status PartFiles::flush(OpenFile& file) {
  std::string_view rest = file.text.view();
  while (!rest.empty()) {
    const ssize_t wrote = ::write(file.descriptor, rest.data(), rest.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return write_error(pending_path(file.final_path), errno);
    rest.remove_prefix(static_cast<size_t>(wrote));
    file.written += static_cast<uint64_t>(wrote);
  }
  file.text.clear();
  return Status::ok();
}

// On disk before a checkpoint may name it.
Status PartFiles::close(OpenFile& file) {
  MR_TRY(flush(file));
  if (::fsync(file.descriptor) != 0 && errno != EINVAL) {
    return write_error(pending_path(file.final_path), errno);
  }
  if (::close(file.descriptor) != 0) return write_error(pending_path(file.final_path), errno);
  pending_.push_back(file.final_path);
  return Status::ok();
}

Status PartFiles::close_all() {
  while (!open_.empty()) {
    MR_TRY(close(open_.begin()->second));
    open_.erase(open_.begin());
  }
  return Status::ok();
}

Status PartFiles::commit() {
  for (size_t i = 0; i < sealed_; ++i) {
    const std::string& path = pending_[i];
    if (::rename(pending_path(path).c_str(), path.c_str()) != 0) return write_error(path, errno);
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<ptrdiff_t>(sealed_));
  sealed_ = 0;
  return Status::ok();
}

Status PartFiles::commit_restored(const std::string& final_path) {
  const int result = ::rename(pending_path(final_path).c_str(), final_path.c_str());
  return result != 0 && errno != ENOENT ? write_error(final_path, errno) : Status::ok();
}

}  // namespace millrace
