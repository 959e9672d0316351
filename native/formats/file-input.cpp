#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system-text.h"
#include "formats/decoder.h"

namespace millrace {

static Status read_failed(const std::string& path, int error) {
  return Status::error("MR4002", path + ": " + system_text(error));
}

Result<std::shared_ptr<FileInput>> FileInput::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return errno == ENOENT ? Status::error("MR4001", path) : read_failed(path, errno);
  }
  struct stat facts {};
  if (::fstat(descriptor, &facts) != 0 || S_ISDIR(facts.st_mode)) {
    const int error = errno;
    ::close(descriptor);
    return S_ISDIR(facts.st_mode) ? read_failed(path, EISDIR) : read_failed(path, error);
  }
  return std::shared_ptr<FileInput>(
      new FileInput(path, descriptor, static_cast<uint64_t>(facts.st_size)));
}

FileInput::~FileInput() { ::close(descriptor_); }

Result<size_t> FileInput::read_at(uint64_t offset, void* to, size_t bytes) const {
  size_t done = 0;
  while (done < bytes) {
    const ssize_t got = ::pread(descriptor_, static_cast<char*>(to) + done, bytes - done,
                                static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return read_failed(path_, errno);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

}  // namespace millrace
