// From a Parquet column's values to those of the table's type. What would lose or guess is refused
// when the file is opened; nothing is converted by parsing.
//
//     INT32            TINYINT SMALLINT INT BIGINT DATE TIME DECIMAL      BOOLEAN   BOOLEAN
//     INT64            BIGINT TIMESTAMP TIMESTAMP_LTZ TIME DECIMAL        FLOAT     FLOAT DOUBLE
//     INT96            TIMESTAMP TIMESTAMP_LTZ                            DOUBLE    DOUBLE
//     BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY   CHAR VARCHAR BINARY VARBINARY DECIMAL
#pragma once

#include <cstdint>

#include "columnar/types.h"
#include "formats/parquet-metadata.h"

namespace millrace::parquet {

struct Conversion {
  enum class Kind : uint8_t {
    kNone, kCopy, kI32ToI8, kI32ToI16, kI32ToI64, kU32ToI64, kI32ToI128, kI64ToI128, kScaleI64,
    kI64ToTime, kInt96, kF32ToF64, kBytesToI128,
  };
  Kind kind = Kind::kNone;
  int64_t multiplier = 1;  // kScaleI64, kInt96 and kI64ToTime: one of the two is 1
  int64_t divisor = 1;
};

// kNone: the column cannot be read as that type.
[[nodiscard]] Conversion find_conversion(const SchemaNode& node, const DataType& type);

// Null on success. `converted` has room for `count` values of the table's type.
[[nodiscard]] const char* convert(const Conversion& conversion, const void* raw, uint32_t count,
                                  void* converted);

}  // namespace millrace::parquet
