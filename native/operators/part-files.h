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

// When a file is closed before a barrier asks for it: too large, too old, or long untouched.
struct Rolling {
  uint64_t bytes = 128u << 20;
  int64_t age_ms = 1'800'000;
  int64_t idle_ms = 1'800'000;
  int64_t check_ms = 60'000;  // how often ages are looked at
};

class PartFiles {
 public:
  PartFiles(std::string folder, uint32_t subtask, const Rolling& rolling);
  // Gives up what is open: it belongs to no checkpoint.
  ~PartFiles();
  PartFiles(const PartFiles&) = delete;
  PartFiles& operator=(const PartFiles&) = delete;

  // Where text for a part of the table goes: "" or "col=value/". Valid until the next call.
  [[nodiscard]] Result<TextBuffer*> text_of(const std::string& part, int64_t now_ms);
  // After text was appended to a part: writes it out where it has grown large.
  [[nodiscard]] Status appended(const std::string& part, int64_t now_ms);
  // When roll_aged wants to be called; INT64_MAX while nothing is open.
  [[nodiscard]] int64_t deadline_ms() const {
    return open_.empty() ? INT64_MAX : checked_ms_ + rolling_.check_ms;
  }
  // Closes files that are too old or long untouched.
  [[nodiscard]] Status roll_aged(int64_t now_ms);
  // Closes every open file: a barrier covers all that is written.
  [[nodiscard]] Status seal();
  // The final names of the pending files.
  [[nodiscard]] const std::vector<std::string>& pending() const { return pending_; }
  // Gives the files that the last barrier covers their final names.
  [[nodiscard]] Status commit();
  // A pending file of an earlier run: commits it, if that has not happened.
  [[nodiscard]] Status commit_restored(const std::string& final_path);

 private:
  struct OpenFile {
    int descriptor = -1;
    std::string final_path;
    uint64_t written = 0;
    int64_t opened_ms = 0;
    int64_t touched_ms = 0;
    TextBuffer text;
  };
  static constexpr size_t kMostOpen = 64;
  static constexpr size_t kFlushBytes = 256 * 1024;

  [[nodiscard]] Status open(const std::string& part, OpenFile& file);
  [[nodiscard]] Status flush(OpenFile& file);
  [[nodiscard]] Status close(OpenFile& file);
  [[nodiscard]] Status close_all();

  std::string folder_;
  std::string token_;
  uint32_t subtask_;
  Rolling rolling_;
  size_t sealed_ = 0;  // of the pending files, those that the last barrier covers
  int64_t checked_ms_ = 0;
  uint32_t counter_ = 0;
  std::map<std::string, OpenFile> open_;
  std::vector<std::string> pending_;
};

}  // namespace millrace
