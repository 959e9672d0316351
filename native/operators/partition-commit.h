// When partitions of a filesystem sink count as complete, and the file that says so. A partition is
// looked at when a checkpoint that covers rows of it is complete; at the end of the input all are
// complete. src/connectors/filesystem/partition-commit.ts is the same in TypeScript.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sources/source-spec.h"

namespace millrace {

class PartitionCommit {
 public:
  // Of a partition: its values by column, since when it has new rows.
  struct Awaited {
    std::vector<std::string> values;
    int64_t since_ms = 0;
  };

  // Null where nothing marks a partition. MR2100 for other marks and ways to a time.
  [[nodiscard]] static Result<std::unique_ptr<PartitionCommit>> make(
      const OptionMap& options, std::string folder, std::vector<std::string> columns,
      uint32_t parallelism);

  // Whether rows of this part, `col=value/`, came since the last barrier.
  [[nodiscard]] bool knows(const std::string& part) const { return fresh_.contains(part); }
  void notice(const std::string& part, Awaited awaited) {
    fresh_.emplace(part, std::move(awaited));
  }
  // A barrier covers what came so far.
  void seal();
  [[nodiscard]] const std::map<std::string, Awaited>& awaited() const { return awaiting_; }
  void restore(const std::string& part, int64_t since_ms);
  // Marks what is complete; kMaxWatermark: everything is.
  [[nodiscard]] Status commit(int64_t now_ms, int64_t watermark);

 private:
  PartitionCommit() = default;
  [[nodiscard]] Result<bool> is_complete(const Awaited& one, int64_t now_ms,
                                         int64_t watermark) const;
  [[nodiscard]] Result<int64_t> time_of(const std::vector<std::string>& values) const;

  std::string folder_;
  std::vector<std::string> columns_;
  std::string name_;
  int64_t delay_ms_ = 0;
  bool is_by_time_ = false;
  bool has_pattern_ = false;
  std::string pattern_;
  std::map<std::string, Awaited> fresh_;
  std::map<std::string, Awaited> awaiting_;
};

}  // namespace millrace
