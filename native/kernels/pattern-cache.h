// The date pattern of a call, parsed when it changes: once for a constant one.
#pragma once

#include <cstdint>
#include <string>

#include "kernels/date-pattern.h"
#include "kernels/text-output.h"

namespace millrace {

class PatternCache {
 public:
  explicit PatternCache(dates::PatternKind kind) : kind_(kind) {}

  // Makes pattern() that of the row; where there is no column, yyyy-MM-dd HH:mm:ss.
  [[nodiscard]] dates::Fault seek(const Column* column, uint32_t row) {
    const std::string_view text = column == nullptr ? kDefault : text_at(*column, row);
    if (is_known_ && text == text_) return {};
    dates::Fault fault = dates::parse_pattern(text, kind_, pattern_);
    is_known_ = fault.empty();
    text_ = text;
    ++changes_;
    return fault;
  }
  [[nodiscard]] const dates::Pattern& pattern() const { return pattern_; }
  // How often pattern() has become another one.
  [[nodiscard]] uint64_t changes() const { return changes_; }

 private:
  static constexpr std::string_view kDefault = "yyyy-MM-dd HH:mm:ss";

  dates::PatternKind kind_;
  dates::Pattern pattern_;
  std::string text_;
  bool is_known_ = false;
  uint64_t changes_ = 0;
};

// Whether a kernel has marked this row of its result null.
[[nodiscard]] inline bool out_is_null(const Column& out, uint32_t row) {
  return out.validity != nullptr && out.is_null(row);
}

}  // namespace millrace
