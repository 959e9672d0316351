// Rows with kinds as records of change data capture: what an update takes away is written as a
// delete, what it brings as an insert. src/formats/json/change-encoder.ts writes the same bytes.
#pragma once

#include <string>
#include <string_view>

#include "formats/json-encoder.h"
#include "formats/json-envelope.h"

namespace millrace {

class ChangeEncoder {
 public:
  [[nodiscard]] static Result<ChangeEncoder> make(const json::Envelope& envelope,
                                                  const Schema& schema, const OptionMap& options);
  // Appends one record, without a line end.
  [[nodiscard]] Status encode(const Batch& rows, uint32_t row, RowKind kind,
                              TextBuffer& out) const;

 private:
  // What stands around the row in a record.
  struct Frame {
    std::string before;
    std::string behind;
  };
  explicit ChangeEncoder(JsonEncoder rows) : rows_(std::move(rows)) {}
  [[nodiscard]] static Frame frame_of(const json::Envelope& envelope, bool is_insert,
                                      bool ignores_nulls);

  JsonEncoder rows_;
  Frame insert_;
  Frame delete_;
};

}  // namespace millrace
