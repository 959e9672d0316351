// Rows to CSV text as Flink's csv format prints them; src/formats/csv/encoder.ts prints the same
// bytes. A text is quoted where it holds a backslash, a character below the highest of the special
// ones, or more than 24 UTF-16 units: so does the library that Flink writes with.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "columnar/batch.h"
#include "formats/csv-options.h"
#include "formats/number-text.h"

namespace millrace::csv {

class Encoder {
 public:
  // MR2100 for a type that CSV has no form for.
  [[nodiscard]] static Result<Encoder> make(const Schema& schema, const Options& options);
  // Appends one row, without a line end. `columns` are those of the schema.
  void encode(const std::vector<ColumnPtr>& columns, uint32_t row, TextBuffer& out);

 private:
  explicit Encoder(const Options& options);
  void field(const Column& column, uint32_t row, TextBuffer& out);
  // The value's text, not quoted; false where it is a number or a boolean, which never are.
  bool plain(const Column& column, uint32_t at, TextBuffer& out) const;
  void elements(const Column& column, uint32_t at, TextBuffer& out) const;
  void element(const Column& column, uint32_t row, TextBuffer& out) const;
  void text(std::string_view value, TextBuffer& out) const;
  [[nodiscard]] bool needs_quotes(std::string_view value) const;

  Options options_;
  unsigned char least_safe_ = 0;
  TextBuffer scratch_;
};

}  // namespace millrace::csv
