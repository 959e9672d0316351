// Records of Flink's json format straight into columns. A plan is compiled once: a tree of the
// members that are read, each bound to the builder of its column; everything else is skipped
// over, but must be well-formed. src/formats/json/decoder.ts is the same in TypeScript.
//
// Rules (asked of Flink 2.3, its streaming parser):
//   a missing member is NULL, or an error under fail-on-missing-field
//   once as many members were read as an object has columns, the rest of it is not read
//   what follows the first value of a record is not looked at
//   a record that is an array gives one row an element
//   under ignore-parse-errors a value that cannot be read is NULL, and a record that is not JSON
//   is skipped and counted
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "columnar/arena.h"
#include "columnar/batch.h"
#include "formats/column-builder.h"
#include "formats/json-scan.h"
#include "sources/source-spec.h"

namespace millrace::json {

struct DecoderOptions {
  bool ignore_parse_errors = false;
  bool fail_on_missing_field = false;
  bool iso_timestamps = false;
  bool takes_arrays = true;  // whether a record may be an array, of rows
};

[[nodiscard]] Result<DecoderOptions> parse_decoder_options(const OptionMap& options);

enum class Outcome : uint8_t { kOk, kBadField, kMalformed };

// How a value is written; one a column or a part of one.
struct ValuePlan;

struct Member {
  Member(std::string member_name, std::unique_ptr<ValuePlan> member_value);
  std::string name;
  std::unique_ptr<ValuePlan> value;
  std::string quoted;  // "name": as it stands in most records, padded to kScanPadding bytes
  uint32_t quoted_length = 0;  // 0 where it is longer or has escapes
};

struct ObjectPlan {
  std::vector<Member> members;
  size_t hint = 0;  // the member that is expected next
};

struct ValuePlan {
  std::string path;                    // a.b.c, for errors
  DataType type;
  ColumnBuilder* column = nullptr;     // null where only members are read
  std::unique_ptr<ObjectPlan> object;  // members that are read, of a ROW or of a path
  std::unique_ptr<ValuePlan> element;  // ARRAY; the value of a MAP or MULTISET
  // The last date seen in a timestamp, as text and as ticks of its midnight.
  char date_text[10] = {};
  int64_t date_ticks = 0;
  // A whole column whose members are columns too: read once for each.
  std::unique_ptr<ValuePlan> again;
};

class RecordDecoder {
 public:
  [[nodiscard]] static Result<std::unique_ptr<RecordDecoder>> make(const SourceSpec& spec);
  void refuse_arrays() { options_.takes_arrays = false; }

  // Starts a batch of about `max_rows` rows.
  void start(uint32_t max_rows);
  // Decodes one record, which must be valid UTF-8 and be followed by kScanPadding bytes.
  // kMalformed and kBadField (never under ignore-parse-errors): error() says what was wrong.
  // Rows of the record that were complete before are kept.
  [[nodiscard]] Outcome decode(std::string_view record);
  [[nodiscard]] uint32_t row_count() const { return row_; }
  [[nodiscard]] std::string error() const;
  // The batch; `buffers` is the memory that records were in.
  [[nodiscard]] Batch finish(const std::vector<std::shared_ptr<const void>>& buffers);
  [[nodiscard]] const DecoderOptions& options() const { return options_; }

 private:
  RecordDecoder() = default;
  [[nodiscard]] Outcome decode_row(Cursor& cursor);
  [[nodiscard]] Outcome decode_array(Cursor& cursor);
  [[nodiscard]] Outcome object(ObjectPlan& plan, Cursor& cursor, uint32_t row, int depth,
                               const std::string& path);
  [[nodiscard]] Member* find_member(ObjectPlan& plan, const Text& name);
  [[nodiscard]] Outcome member(ObjectPlan& plan, Cursor& cursor, uint32_t row, int depth,
                               size_t& read);
  [[nodiscard]] Outcome value(ValuePlan& plan, Cursor& cursor, uint32_t row, int depth);
  [[nodiscard]] Outcome present_value(ValuePlan& plan, Cursor& cursor, uint32_t row, int depth);
  [[nodiscard]] Outcome scalar(ValuePlan& plan, Cursor& cursor, uint32_t row, int depth);
  [[nodiscard]] Outcome integer(ValuePlan& plan, Cursor& cursor, uint32_t row, int depth);
  [[nodiscard]] Outcome text(ValuePlan& plan, Cursor& cursor, uint32_t row, int depth);
  [[nodiscard]] Outcome array(ValuePlan& plan, Cursor& cursor, uint32_t row, int depth);
  [[nodiscard]] Outcome map(ValuePlan& plan, Cursor& cursor, uint32_t row, int depth);
  [[nodiscard]] Outcome map_entry(ValuePlan& plan, Cursor& cursor, uint32_t first, int depth);
  [[nodiscard]] bool convert(ValuePlan& plan, char first, std::string_view token, uint32_t row);
  [[nodiscard]] bool convert_number(ValuePlan& plan, char first, std::string_view token,
                                    uint32_t row);
  [[nodiscard]] bool convert_integer(ValuePlan& plan, bool quoted, std::string_view token,
                                     uint32_t row);
  [[nodiscard]] bool convert_time(ValuePlan& plan, std::string_view token, uint32_t row);
  [[nodiscard]] bool convert_timestamp(ValuePlan& plan, std::string_view token, uint32_t row);
  [[nodiscard]] std::string_view resolved(const Text& text);
  Outcome bad_field(const ValuePlan& plan, uint32_t row);
  Outcome malformed(const Cursor& cursor);

  DecoderOptions options_;
  ObjectPlan root_;
  std::vector<std::unique_ptr<ColumnBuilder>> columns_;
  std::shared_ptr<Arena> arena_;
  TextBuffer scratch_;
  const char* record_ = nullptr;
  uint32_t row_ = 0;
  std::string fault_;
};

}  // namespace millrace::json
