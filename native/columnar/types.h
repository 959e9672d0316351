// Data types as the encoded plan carries them. Numbers come from spec/types.ts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace millrace {

enum class Physical : uint8_t {
  kBool = 0, kI8 = 1, kI16 = 2, kI32 = 3, kI64 = 4, kF32 = 5, kF64 = 6, kI128 = 7,
  kString = 8, kBytes = 9, kRow = 10, kArray = 11, kMap = 12, kNull = 13,
};

enum class TypeRoot : uint8_t {
  kNull = 0, kBoolean = 1, kTinyint = 2, kSmallint = 3, kInteger = 4, kBigint = 5, kFloat = 6,
  kDouble = 7, kDecimal = 8, kChar = 9, kVarchar = 10, kBinary = 11, kVarbinary = 12, kDate = 13,
  kTime = 14, kTimestamp = 15, kTimestampLtz = 16, kIntervalYearMonth = 17,
  kIntervalDayTime = 18, kRow = 19, kArray = 20, kMap = 21, kMultiset = 22,
};

using int128 = __int128;
using uint128 = unsigned __int128;

struct Field;

struct DataType {
  TypeRoot root = TypeRoot::kNull;
  bool nullable = true;
  uint8_t precision = 0;
  uint8_t scale = 0;
  uint32_t length = 0;
  // ROW: its fields; ARRAY: {element}; MAP: {key, value}; MULTISET: {element, count}
  std::vector<Field> fields;

  [[nodiscard]] Physical physical() const;
  // TIMESTAMP and TIMESTAMP_LTZ: 1'000, 1'000'000 or 1'000'000'000 by precision.
  [[nodiscard]] int64_t ticks_per_second() const {
    return precision <= 3 ? 1'000 : precision <= 6 ? 1'000'000 : 1'000'000'000;
  }
};

struct Field {
  std::string name;
  DataType type;
};

using Schema = std::vector<Field>;

inline Physical DataType::physical() const {
  switch (root) {
    case TypeRoot::kNull: return Physical::kNull;
    case TypeRoot::kBoolean: return Physical::kBool;
    case TypeRoot::kTinyint: return Physical::kI8;
    case TypeRoot::kSmallint: return Physical::kI16;
    case TypeRoot::kInteger:
    case TypeRoot::kDate:
    case TypeRoot::kTime:
    case TypeRoot::kIntervalYearMonth: return Physical::kI32;
    case TypeRoot::kBigint:
    case TypeRoot::kTimestamp:
    case TypeRoot::kTimestampLtz:
    case TypeRoot::kIntervalDayTime: return Physical::kI64;
    case TypeRoot::kFloat: return Physical::kF32;
    case TypeRoot::kDouble: return Physical::kF64;
    case TypeRoot::kDecimal: return Physical::kI128;
    case TypeRoot::kChar:
    case TypeRoot::kVarchar: return Physical::kString;
    case TypeRoot::kBinary:
    case TypeRoot::kVarbinary: return Physical::kBytes;
    case TypeRoot::kRow: return Physical::kRow;
    case TypeRoot::kArray: return Physical::kArray;
    case TypeRoot::kMap:
    case TypeRoot::kMultiset: return Physical::kMap;
  }
  return Physical::kNull;
}

// Bytes a value takes in Column::values; 0 for row and null.
[[nodiscard]] constexpr uint32_t physical_width(Physical physical) {
  switch (physical) {
    case Physical::kBool:
    case Physical::kI8: return 1;
    case Physical::kI16: return 2;
    case Physical::kI32:
    case Physical::kF32: return 4;
    case Physical::kI64:
    case Physical::kF64:
    case Physical::kArray:
    case Physical::kMap: return 8;
    case Physical::kI128:
    case Physical::kString:
    case Physical::kBytes: return 16;
    case Physical::kRow:
    case Physical::kNull: return 0;
  }
  return 0;
}

// Whether values are string views.
[[nodiscard]] constexpr bool is_text(Physical physical) {
  return physical == Physical::kString || physical == Physical::kBytes;
}
// Whether values are ranges of rows in children.
[[nodiscard]] constexpr bool is_list(Physical physical) {
  return physical == Physical::kArray || physical == Physical::kMap;
}
// Whether a column has children.
[[nodiscard]] constexpr bool is_nested(Physical physical) {
  return is_list(physical) || physical == Physical::kRow;
}

}  // namespace millrace
