// A CSV field as a value of its column's type, with Flink's leniency.
#pragma once

#include <string_view>

#include "base/status.h"
#include "columnar/arena.h"
#include "formats/column-builder.h"
#include "formats/csv-options.h"

namespace millrace::csv {

struct ValueContext {
  const Options& options;
  Arena& arena;  // for decoded bytes
};

// Compared by address: it is an error even where parse errors are ignored.
extern const char* const kInvalidUtf8;

// MR2100 for types that a field cannot hold.
[[nodiscard]] Status check_value_type(const std::string& name, const DataType& type);

// Writes a value, or leaves it NULL. Null on success, else what is wrong. Text of strings is
// viewed, not copied.
[[nodiscard]] const char* set_value(const ValueContext& context, const DataType& type,
                                    std::string_view text, ColumnBuilder& column, uint32_t row);

}  // namespace millrace::csv
