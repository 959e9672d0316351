// Which files, and which parts of them, a subtask reads. src/connectors/filesystem/splits.ts is
// the same in TypeScript.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "formats/decoder.h"

namespace millrace {

struct FileSplit {
  int64_t sequence = 0;  // dealt out by sequence modulo parallelism
  std::string path;
  FileRange range;
  FilePosition position;
};

// A file below this size is not cut.
constexpr uint64_t kMinSplitBytes = 4 * 1024 * 1024;

// The files of a path: itself, or all below a folder in order of their paths, without those whose
// name begins with '.' or '_'. MR4001 where there is no such path.
[[nodiscard]] Result<std::vector<std::string>> list_files(const std::string& path);

// The splits of one subtask, in the order they are read.
[[nodiscard]] Result<std::vector<FileSplit>> make_file_splits(
    const std::vector<std::string>& files, bool splittable, uint32_t subtask,
    uint32_t parallelism);

}  // namespace millrace
