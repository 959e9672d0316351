// Options of the format csv; src/formats/csv/options.ts reads the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "sources/source-spec.h"

namespace millrace::csv {

struct Options {
  static constexpr int kNone = -1;
  char delimiter = ',';
  int quote = '"';
  int escape = kNone;
  bool allow_comments = false;
  bool ignore_parse_errors = false;
  std::optional<std::string> null_literal;
  std::string element_delimiter = ";";

  [[nodiscard]] bool is_null(std::string_view text) const {
    return null_literal.has_value() && text == *null_literal;
  }
};

// MR2008 for a value it does not take, MR2014 for an option it does not know.
[[nodiscard]] Result<Options> parse_options(const OptionMap& options);

}  // namespace millrace::csv
