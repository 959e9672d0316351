#include "sources/file-splits.h"

#include <algorithm>
#include <filesystem>

namespace millrace {

namespace files = std::filesystem;

static Status collect_files(const std::string& folder, std::vector<std::string>& found) {
  std::error_code error;
  for (files::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with('.') || name.starts_with('_')) continue;
    const std::string path = folder.ends_with('/') ? folder + name : folder + "/" + name;
    if (at->is_directory(error)) MR_TRY(collect_files(path, found));
    else found.push_back(path);
  }
  if (error) return Status::error("MR4002", folder + ": " + error.message());
  return Status::ok();
}

Result<std::vector<std::string>> list_files(const std::string& path) {
  std::error_code error;
  const files::file_status status = files::status(path, error);
  if (!files::exists(status)) return Status::error("MR4001", path);
  std::vector<std::string> found;
  if (files::is_directory(status)) MR_TRY(collect_files(path, found));
  else found.push_back(path);
  std::sort(found.begin(), found.end());
  return found;
}

Result<std::vector<FileSplit>> make_file_splits(const std::vector<std::string>& paths,
                                                bool splittable, uint32_t subtask,
                                                uint32_t parallelism) {
  std::vector<FileSplit> mine;
  int64_t sequence = 0;
  const auto add = [&](const std::string& path, FileRange range) {
    if (sequence % parallelism == subtask) {
      mine.push_back({sequence, path, range, {range.begin, 0}});
    }
    ++sequence;
  };
  for (const std::string& path : paths) {
    std::error_code error;
    const uint64_t size = splittable && parallelism > 1 ? files::file_size(path, error) : 0;
    if (error || size < kMinSplitBytes) {
      add(path, {});
      continue;
    }
    for (uint32_t part = 0; part < parallelism; ++part) {
      add(path, {size / parallelism * part,
                 part + 1 == parallelism ? UINT64_MAX : size / parallelism * (part + 1)});
    }
  }
  return mine;
}

}  // namespace millrace
