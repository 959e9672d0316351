#include "formats/parquet-conversion.h"

#include <cstring>

#include "columnar/string_view.h"

namespace millrace::parquet {

namespace {

constexpr int64_t kNanosPerDay = 86'400'000'000'000;
constexpr int64_t kJulianEpochDay = 2'440'588;
constexpr const char* kOutOfRange = "timestamp is out of range";

using Kind = Conversion::Kind;
using Table = TypeRoot;

Conversion scaled(Kind kind, int64_t from, int64_t to) {
  Conversion conversion{kind, 1, 1};
  if (from < to) conversion.multiplier = to / from;
  else conversion.divisor = from / to;
  return conversion;
}

bool is_timestamp(const DataType& type) {
  return type.root == Table::kTimestamp || type.root == Table::kTimestampLtz;
}

// A file's DECIMAL must have the table's scale; its precision may be less.
bool fits_decimal(const SchemaNode& node, const DataType& type) {
  return type.root == Table::kDecimal && node.logical == Logical::kDecimal &&
         node.scale == type.scale && node.precision <= type.precision;
}

Conversion find_int32(const SchemaNode& node, const DataType& type) {
  if (fits_decimal(node, type)) return {Kind::kI32ToI128};
  switch (node.logical) {
    case Logical::kDate: return {type.root == Table::kDate ? Kind::kCopy : Kind::kNone};
    case Logical::kTime: return {type.root == Table::kTime ? Kind::kCopy : Kind::kNone};
    case Logical::kUnsigned:
      if (type.root == Table::kBigint) return {Kind::kU32ToI64};
      break;
    case Logical::kNone: break;
    default: return {};
  }
  switch (type.root) {
    case Table::kTinyint: return {Kind::kI32ToI8};
    case Table::kSmallint: return {Kind::kI32ToI16};
    case Table::kInteger: return {Kind::kCopy};
    case Table::kBigint: return {Kind::kI32ToI64};
    default: return {};
  }
}

Conversion find_int64(const SchemaNode& node, const DataType& type) {
  if (fits_decimal(node, type)) return {Kind::kI64ToI128};
  const bool timed = node.logical == Logical::kTimestamp || node.logical == Logical::kTime;
  if (timed && node.ticks_per_second == 0) return {};  // its unit is missing
  switch (node.logical) {
    case Logical::kTimestamp:
      if (!is_timestamp(type)) return {};
      if (node.ticks_per_second == type.ticks_per_second()) return {Kind::kCopy};
      return scaled(Kind::kScaleI64, node.ticks_per_second, type.ticks_per_second());
    case Logical::kTime:
      if (type.root != Table::kTime) return {};
      return scaled(Kind::kI64ToTime, node.ticks_per_second, 1'000);
    case Logical::kNone:
    case Logical::kUnsigned: return {type.root == Table::kBigint ? Kind::kCopy : Kind::kNone};
    default: return {};
  }
}

Conversion find_bytes(const SchemaNode& node, const DataType& type) {
  if (fits_decimal(node, type)) return {Kind::kBytesToI128};
  if (node.logical != Logical::kNone) return {};
  switch (type.root) {
    case Table::kChar:
    case Table::kVarchar:
    case Table::kBinary:
    case Table::kVarbinary: return {Kind::kCopy};
    default: return {};
  }
}

template <typename From, typename To>
void widen(const void* raw, uint32_t count, void* converted) {
  const From* const from = static_cast<const From*>(raw);
  To* const to = static_cast<To*>(converted);
  for (uint32_t i = 0; i < count; ++i) to[i] = static_cast<To>(from[i]);
}

// Rounds down, also before 1970.
int64_t floor_divide(int64_t value, int64_t divisor) {
  const int64_t quotient = value / divisor;
  return value % divisor < 0 ? quotient - 1 : quotient;
}

const char* scale_i64(const Conversion& conversion, const int64_t* from, uint32_t count,
                      int64_t* to) {
  if (conversion.multiplier == 1) {
    for (uint32_t i = 0; i < count; ++i) to[i] = floor_divide(from[i], conversion.divisor);
    return nullptr;
  }
  bool overflow = false;
  for (uint32_t i = 0; i < count; ++i) {
    overflow |= __builtin_mul_overflow(from[i], conversion.multiplier, &to[i]);
  }
  return overflow ? kOutOfRange : nullptr;
}

// Nanoseconds of the day in 8 bytes, the Julian day in 4.
const char* convert_int96(const Conversion& conversion, const uint8_t* from, uint32_t count,
                          int64_t* to) {
  for (uint32_t i = 0; i < count; ++i, from += 12) {
    int64_t nanos;
    uint32_t day;
    std::memcpy(&nanos, from, 8);
    std::memcpy(&day, from + 8, 4);
    const int64_t days = int64_t{day} - kJulianEpochDay;
    const int128 whole = int128{days} * kNanosPerDay + nanos;
    int128 ticks = whole / conversion.divisor;
    if (whole % conversion.divisor < 0) --ticks;
    if (ticks > INT64_MAX || ticks < INT64_MIN) return kOutOfRange;
    to[i] = static_cast<int64_t>(ticks);
  }
  return nullptr;
}

// Two's complement, highest byte first.
const char* convert_decimal_bytes(const StringView* from, uint32_t count, void* converted) {
  for (uint32_t i = 0; i < count; ++i) {
    const StringView& text = from[i];
    const uint8_t* bytes = reinterpret_cast<const uint8_t*>(text.data());
    uint128 value = text.size() > 0 && (bytes[0] & 0x80) != 0 ? ~uint128{0} : 0;
    if (text.size() > 16) {
      const uint8_t sign = static_cast<uint8_t>(value & 0xff);
      for (uint32_t b = 0; b + 16 < text.size(); ++b) {
        if (bytes[b] != sign) return "decimal is out of range";
      }
    }
    for (uint32_t b = 0; b < text.size(); ++b) value = value << 8 | bytes[b];
    std::memcpy(static_cast<uint8_t*>(converted) + size_t{i} * 16, &value, 16);
  }
  return nullptr;
}

}  // namespace

Conversion find_conversion(const SchemaNode& node, const DataType& type) {
  switch (node.physical) {
    case Physical::kBoolean:
      return {type.root == Table::kBoolean ? Kind::kCopy : Kind::kNone};
    case Physical::kInt32: return find_int32(node, type);
    case Physical::kInt64: return find_int64(node, type);
    case Physical::kInt96:
      if (!is_timestamp(type)) return {};
      return scaled(Kind::kInt96, 1'000'000'000, type.ticks_per_second());
    case Physical::kFloat:
      if (type.root == Table::kDouble) return {Kind::kF32ToF64};
      return {type.root == Table::kFloat ? Kind::kCopy : Kind::kNone};
    case Physical::kDouble: return {type.root == Table::kDouble ? Kind::kCopy : Kind::kNone};
    case Physical::kByteArray:
    case Physical::kFixed: return find_bytes(node, type);
  }
  return {};
}

const char* convert(const Conversion& conversion, const void* raw, uint32_t count,
                    void* converted) {
  switch (conversion.kind) {
    case Kind::kI32ToI8: widen<int32_t, int8_t>(raw, count, converted); break;
    case Kind::kI32ToI16: widen<int32_t, int16_t>(raw, count, converted); break;
    case Kind::kI32ToI64: widen<int32_t, int64_t>(raw, count, converted); break;
    case Kind::kU32ToI64: widen<uint32_t, int64_t>(raw, count, converted); break;
    case Kind::kI32ToI128: widen<int32_t, int128>(raw, count, converted); break;
    case Kind::kI64ToI128: widen<int64_t, int128>(raw, count, converted); break;
    case Kind::kF32ToF64: widen<float, double>(raw, count, converted); break;
    case Kind::kScaleI64:
      return scale_i64(conversion, static_cast<const int64_t*>(raw), count,
                       static_cast<int64_t*>(converted));
    case Kind::kI64ToTime: {
      const int64_t* const from = static_cast<const int64_t*>(raw);
      int32_t* const to = static_cast<int32_t*>(converted);
      for (uint32_t i = 0; i < count; ++i) {
        to[i] = static_cast<int32_t>(from[i] / conversion.divisor);
      }
      break;
    }
    case Kind::kInt96:
      return convert_int96(conversion, static_cast<const uint8_t*>(raw), count,
                           static_cast<int64_t*>(converted));
    case Kind::kBytesToI128:
      return convert_decimal_bytes(static_cast<const StringView*>(raw), count, converted);
    case Kind::kNone:
    case Kind::kCopy: break;
  }
  return nullptr;
}

}  // namespace millrace::parquet
