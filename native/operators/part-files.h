// Files that a sink writes in two steps: under a hidden name while they grow, under their own
// name once what is in them is certain. src/connectors/filesystem/part-files.ts is the same.
//
//     path/[col=value/].part-TOKEN-SUBTASK-N.inprogress   open, or pending until committed
//     path/[col=value/]part-TOKEN-SUBTASK-N               committed
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "formats/number-text.h"

namespace millrace {

class PartFiles {
 public:
  PartFiles(std::string folder, uint32_t subtask);
  // Gives up what is open: it belongs to no checkpoint.
  ~PartFiles();
  PartFiles(const PartFiles&) = delete;
  PartFiles& operator=(const PartFiles&) = delete;

  // Where text for a part of the table goes: "" or "col=value/". Valid until the next call.
  [[nodiscard]] Result<TextBuffer*> text_of(const std::string& part);
  // After text was appended to a part: writes it out where it has grown large.
  [[nodiscard]] Status appended(const std::string& part);
  // Closes every open file; they are pending now.
  [[nodiscard]] Status close_all();
  // The final names of the pending files.
  [[nodiscard]] const std::vector<std::string>& pending() const { return pending_; }
  // Gives the pending files their final names.
  [[nodiscard]] Status commit();
  // A pending file of an earlier run: commits it, if that has not happened.
  [[nodiscard]] Status commit_restored(const std::string& final_path);

 private:
  struct OpenFile {
    int descriptor = -1;
    std::string final_path;
    uint64_t written = 0;
    TextBuffer text;
  };
  static constexpr size_t kMostOpen = 64;
  static constexpr size_t kFlushBytes = 256 * 1024;
  static constexpr uint64_t kRollBytes = 128u << 20;

  [[nodiscard]] Status open(const std::string& part, OpenFile& file);
  [[nodiscard]] Status flush(OpenFile& file);
  [[nodiscard]] Status close(OpenFile& file);

  std::string folder_;
  std::string token_;
  uint32_t subtask_;
  uint32_t counter_ = 0;
  std::map<std::string, OpenFile> open_;
  std::vector<std::string> pending_;
};

}  // namespace millrace
