// What a source node of the plan asks for (src/plan/physical/plan.ts, SourceNode), decoded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "columnar/types.h"
#include "plan/value.h"

namespace millrace {

// Options by name; few, so a list.
class OptionMap {
 public:
  [[nodiscard]] const std::string* find(std::string_view name) const;
  [[nodiscard]] std::string text(std::string_view name, std::string_view fallback) const;
  // MR2008 where the value is no integer in [least, most].
  [[nodiscard]] Result<int64_t> integer(std::string_view name, int64_t fallback, int64_t least,
                                        int64_t most) const;
  // "true" or "false" in any case, else MR2008.
  [[nodiscard]] Result<bool> flag(std::string_view name, bool fallback) const;

  std::vector<std::pair<std::string, std::string>> entries;
};

// Values that are asked for, both ends included: a source may leave out rows whose value lies
// outside, or is NULL.
struct ColumnBounds {
  std::optional<int64_t> least;
  std::optional<int64_t> most;
  std::optional<std::string> least_text;
  std::optional<std::string> most_text;

  [[nodiscard]] bool has_any() const { return least || most || least_text || most_text; }
  [[nodiscard]] bool admits(int64_t value) const {
    return (!least || value >= *least) && (!most || value <= *most);
  }
  [[nodiscard]] bool admits(std::string_view value) const {
    return (!least_text || value >= *least_text) && (!most_text || value <= *most_text);
  }
  // Whether no value between these is asked for; empty where nothing is known.
  [[nodiscard]] bool excludes(std::optional<int64_t> lowest, std::optional<int64_t> highest) const {
    return (least && highest && *highest < *least) || (most && lowest && *lowest > *most);
  }
};

// One output column: where it lies in the record.
struct SourceColumn {
  std::vector<std::string> path;
  DataType type;
  std::string from{};  // it stands in no record: "partition", or a key of metadata
  ColumnBounds bounds{};
};

struct SourceSpec {
  std::string connector;
  std::string table;
  OptionMap options;
  std::string format;  // empty = none
  OptionMap format_options;
  Schema table_schema;
  std::vector<SourceColumn> columns;
};

// A map of texts; null is an empty one.
[[nodiscard]] Result<OptionMap> decode_options(const plan::Value* value);
[[nodiscard]] Result<SourceSpec> decode_source_spec(const plan::Value& node);
// How many of the job's subtasks read ("scan.parallelism"); the others, of a higher number, end
// at once.
[[nodiscard]] Result<uint32_t> scan_parallelism(const OptionMap& options, uint32_t parallelism);

}  // namespace millrace
