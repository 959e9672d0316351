// Rows to JSON text as Flink's json format prints them; src/formats/json/encoder.ts prints the
// same bytes. Compiled once a table: a tree of steps with the quoted names in it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "columnar/batch.h"
#include "formats/number-text.h"
#include "sources/source-spec.h"

namespace millrace {

struct JsonEncoderOptions {
  enum class NullKey : uint8_t { kFail, kDrop, kLiteral };
  bool iso_timestamps = false;
  bool plain_decimals = false;
  bool ignore_null_fields = false;
  // Timestamps with three digits of a second, always: not Flink's way, but of nexmark files.
  bool fixed_millis = false;
  NullKey null_key = NullKey::kFail;
  std::string null_key_literal = "null";
};

// Reads the format's options; MR2008 for a value it does not know.
[[nodiscard]] Result<JsonEncoderOptions> parse_json_encoder_options(const OptionMap& options);

class JsonEncoder {
 public:
  // MR2100 for a type that JSON has no form for.
  [[nodiscard]] static Result<JsonEncoder> make(const Schema& schema,
                                                const JsonEncoderOptions& options);
  // Appends one row as one object, without a line end.
  [[nodiscard]] Status encode(const Batch& batch, uint32_t row, TextBuffer& out) const;

 private:
  struct Step {
    DataType type;
    std::string name;  // "\"name\":"
    std::vector<Step> children;
  };
  explicit JsonEncoder(const JsonEncoderOptions& options) : options_(options) {}
  [[nodiscard]] static Result<Step> compile(const std::string& name, const DataType& type);
  [[nodiscard]] Status value(const Step& step, const Column& column, uint32_t row,
                             TextBuffer& out) const;
  [[nodiscard]] Status row_value(const Step& step, const Column& column, uint32_t row,
                                 TextBuffer& out) const;
  [[nodiscard]] Status array_value(const Step& step, const Column& column, uint32_t row,
                                   TextBuffer& out) const;
  [[nodiscard]] Status map_value(const Step& step, const Column& column, uint32_t row,
                                 TextBuffer& out) const;
  void timestamp(const DataType& type, int64_t ticks, TextBuffer& out) const;

  JsonEncoderOptions options_;
  std::vector<Step> fields_;
};

// A quoted JSON string of UTF-8 text, escaped as Jackson does.
void append_json_string(TextBuffer& out, std::string_view text);

}  // namespace millrace
