#include "formats/csv-value.h"

#include <limits>

#include "formats/text-parse.h"
#include "simdjson.h"

namespace millrace::csv {

const char* const kInvalidUtf8 = "invalid UTF-8";

namespace {

constexpr const char* kNotNumber = "not a number of its type";
constexpr const char* kNotTime = "not a date or time of its type";
constexpr const char* kNotBase64 = "not base 64";

template <typename T>
const char* set_integer(std::string_view text, ColumnBuilder& column, uint32_t row) {
  int64_t value;
  const bool ok = parse_integer(java_trim(text), std::numeric_limits<T>::min(),
                                std::numeric_limits<T>::max(), value);
  if (!ok) return kNotNumber;
  column.set<T>(row, static_cast<T>(value));
  return nullptr;
}

bool equals_true(std::string_view text) {
  if (text.size() != 4) return false;
  constexpr std::string_view kTrue = "true";
  for (size_t i = 0; i < 4; ++i) {
    if ((text[i] | 32) != kTrue[i]) return false;
  }
  return true;
}

bool is_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// yyyy-[m]m-[d]d; a day up to 31 that the month has not runs over into the next.
const char* set_date(std::string_view text, ColumnBuilder& column, uint32_t row) {
  const size_t first = text.find('-');
  const size_t second = first == std::string_view::npos ? first : text.find('-', first + 1);
  if (first != 4 || second == std::string_view::npos) return kNotTime;
  const std::string_view month_text = text.substr(5, second - 5);
  const std::string_view day_text = text.substr(second + 1);
  if (month_text.empty() || month_text.size() > 2 || day_text.empty() || day_text.size() > 2) {
    return kNotTime;
  }
  const bool digits =
      is_digits(text.substr(0, 4)) && is_digits(month_text) && is_digits(day_text);
  int64_t month = 0;
  int64_t day = 0;
  if (!digits || !parse_integer(month_text, 1, 12, month)) return kNotTime;
  if (!parse_integer(day_text, 1, 31, day)) return kNotTime;
  char first_of_month[] = "0000-00-01";
  text.copy(first_of_month, 4);
  first_of_month[5] = static_cast<char>('0' + month / 10);
  first_of_month[6] = static_cast<char>('0' + month % 10);
  int32_t days;
  if (!parse_date({first_of_month, 10}, days)) return kNotTime;
  column.set<int32_t>(row, days + static_cast<int32_t>(day) - 1);
  return nullptr;
}

// ISO_LOCAL_TIME: seconds may be left out, 24:00 is none. Kept to the column's precision.
const char* set_time(const DataType& type, std::string_view text, ColumnBuilder& column,
                     uint32_t row) {
  std::string whole(text);
  if (text.size() == 5) whole += ":00";
  int32_t millis;
  if (text.starts_with("24") || !parse_time(whole, millis)) return kNotTime;
  const int32_t unit = type.precision == 0 ? 1000 : type.precision == 1 ? 100
                       : type.precision == 2 ? 10 : 1;
  column.set<int32_t>(row, millis - millis % unit);
  return nullptr;
}

const char* set_decimal(const DataType& type, std::string_view text, ColumnBuilder& column,
                        uint32_t row) {
  int128 value;
  bool fits;
  if (!parse_decimal(text, type.precision, type.scale, value, fits)) return kNotNumber;
  if (fits) column.set<int128>(row, value);
  return nullptr;
}

const char* set_bytes(const ValueContext& context, std::string_view text, ColumnBuilder& column,
                      uint32_t row) {
  char* const room = context.arena.allocate(text.size() + 1);
  const int64_t length = parse_base64(text, room);
  if (length < 0) return kNotBase64;
  column.set<StringView>(row, StringView(room, static_cast<size_t>(length)));
  return nullptr;
}

const char* set_element(const ValueContext& context, const DataType& type, std::string_view text,
                        ColumnBuilder& column, uint32_t row) {
  const char* const reason = set_value(context, type, text, column, row);
  if (reason == nullptr) return nullptr;
  column.clear(row);
  return context.options.ignore_parse_errors && reason != kInvalidUtf8 ? nullptr : reason;
}

// Takes the text before the next delimiter off the front; false when nothing is left.
bool next_element(std::string_view& rest, std::string_view delimiter, std::string_view& element,
                  bool& more) {
  if (!more) return false;
  const size_t at = delimiter.empty() ? std::string_view::npos : rest.find(delimiter);
  element = rest.substr(0, at);
  more = at != std::string_view::npos;
  if (more) rest.remove_prefix(at + delimiter.size());
  return true;
}

const char* set_array(const ValueContext& context, const DataType& type, std::string_view text,
                      ColumnBuilder& column, uint32_t row) {
  ColumnBuilder& items = column.child(0);
  const uint32_t first = items.used();
  std::string_view element;
  bool more = !text.empty();
  while (next_element(text, context.options.element_delimiter, element, more)) {
    const uint32_t at = items.append();
    if (const char* reason = set_element(context, type.fields[0].type, element, items, at)) {
      items.truncate(first);
      return reason;
    }
  }
  column.set<Range>(row, Range{first, items.used() - first});
  return nullptr;
}

const char* set_row(const ValueContext& context, const DataType& type, std::string_view text,
                    ColumnBuilder& column, uint32_t row) {
  if (text.empty()) return "an empty text for its row";
  std::string_view element;
  bool more = true;
  for (size_t i = 0; i < type.fields.size(); ++i) {
    ColumnBuilder& child = column.child(i);
    child.ensure(row);
    child.clear(row);
    if (!next_element(text, context.options.element_delimiter, element, more)) {
      if (!context.options.ignore_parse_errors) return "too few elements for its row";
      continue;
    }
    if (const char* reason = set_element(context, type.fields[i].type, element, child, row)) {
      return reason;
    }
  }
  column.mark(row);
  return nullptr;
}

}  // namespace

Status check_value_type(const std::string& name, const DataType& type) {
  switch (type.root) {
    case TypeRoot::kMap:
    case TypeRoot::kMultiset:
      return Status::error("MR2100", "column " + name + " of this type in the format csv");
    case TypeRoot::kRow:
    case TypeRoot::kArray:
      for (const Field& field : type.fields) MR_TRY(check_value_type(name, field.type));
      return Status::ok();
    default: return Status::ok();
  }
}

const char* set_value(const ValueContext& context, const DataType& type, std::string_view text,
                      ColumnBuilder& column, uint32_t row) {
  // Only what stands in one piece can be the null literal: arrays and rows are taken apart first.
  const bool whole = type.root != TypeRoot::kArray && type.root != TypeRoot::kRow;
  if (whole && context.options.is_null(text)) return nullptr;
  switch (type.root) {
    case TypeRoot::kBoolean:
      column.set<uint8_t>(row, equals_true(java_trim(text)) ? 1 : 0);
      return nullptr;
    case TypeRoot::kTinyint: return set_integer<int8_t>(text, column, row);
    case TypeRoot::kSmallint: return set_integer<int16_t>(text, column, row);
    case TypeRoot::kInteger:
    case TypeRoot::kIntervalYearMonth: return set_integer<int32_t>(text, column, row);
    case TypeRoot::kBigint:
    case TypeRoot::kIntervalDayTime: return set_integer<int64_t>(text, column, row);
    case TypeRoot::kFloat:
    case TypeRoot::kDouble: {
      double value;
      if (!parse_real(text, value)) return kNotNumber;
      if (type.root == TypeRoot::kFloat) column.set<float>(row, static_cast<float>(value));
      else column.set<double>(row, value);
      return nullptr;
    }
    case TypeRoot::kDecimal: return set_decimal(type, text, column, row);
    case TypeRoot::kChar:
    case TypeRoot::kVarchar:
      if (!simdjson::validate_utf8(text.data(), text.size())) return kInvalidUtf8;
      column.set<StringView>(row, StringView(text));
      return nullptr;
    case TypeRoot::kBinary:
    case TypeRoot::kVarbinary: return set_bytes(context, text, column, row);
    case TypeRoot::kDate: return set_date(text, column, row);
    case TypeRoot::kTime: return set_time(type, text, column, row);
    case TypeRoot::kTimestamp:
    case TypeRoot::kTimestampLtz: {
      int64_t ticks;
      const bool zulu = type.root == TypeRoot::kTimestampLtz;
      if (!parse_sql_timestamp(java_trim(text), zulu, type.ticks_per_second(), ticks)) {
        return kNotTime;
      }
      column.set<int64_t>(row, ticks);
      return nullptr;
    }
    case TypeRoot::kArray: return set_array(context, type, text, column, row);
    case TypeRoot::kRow: return set_row(context, type, text, column, row);
    default: return "its type cannot be read";
  }
}

}  // namespace millrace::csv
