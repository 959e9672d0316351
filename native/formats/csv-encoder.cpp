#include "formats/csv-encoder.h"

#include <algorithm>

namespace millrace::csv {

namespace {

constexpr size_t kMostUnquoted = 24;  // UTF-16 units

Status check_type(const Field& field, bool nested) {
  switch (field.type.root) {
    case TypeRoot::kArray:
    case TypeRoot::kRow:
      if (nested) break;
      for (const Field& child : field.type.fields) {
        MR_TRY(check_type({field.name, child.type}, true));
      }
      return Status::ok();
    case TypeRoot::kMap:
    case TypeRoot::kMultiset: break;
    default: return Status::ok();
  }
  return Status::error("MR2100", "column " + field.name + " of this type in the format csv");
}

void append_base64(TextBuffer& out, std::string_view bytes) {
  constexpr char kAlphabet[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t at = 0; at < bytes.size(); at += 3) {
    uint32_t group = 0;
    for (size_t i = 0; i < 3; ++i) {
      group = group << 8 | (at + i < bytes.size() ? static_cast<uint8_t>(bytes[at + i]) : 0u);
    }
    for (size_t i = 0; i < 4; ++i) {
      out.append(at + i > bytes.size() ? '=' : kAlphabet[(group >> (18 - 6 * i)) & 63]);
    }
  }
}

void append_timestamp(const DataType& type, int64_t ticks, TextBuffer& out) {
  const int64_t per_second = type.ticks_per_second();
  const int64_t per_day = per_second * 86'400;
  const int64_t days = (ticks >= 0 ? ticks : ticks - per_day + 1) / per_day;
  append_date(out, days);
  out.append(' ');
  append_time(out, (ticks - days * per_day) * (1'000'000'000 / per_second));
  if (type.root == TypeRoot::kTimestampLtz) out.append('Z');
}

}  // namespace

Encoder::Encoder(const Options& options) : options_(options) {
  const int highest = std::max({int{options.delimiter}, options.quote, int{'\r'}});
  least_safe_ = static_cast<unsigned char>(highest + 1);
}

Result<Encoder> Encoder::make(const Schema& schema, const Options& options) {
  for (const Field& field : schema) MR_TRY(check_type(field, false));
  return Encoder(options);
}

void Encoder::encode(const std::vector<ColumnPtr>& columns, uint32_t row, TextBuffer& out) {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) out.append(options_.delimiter);
    field(*columns[i], row, out);
  }
}

void Encoder::field(const Column& column, uint32_t row, TextBuffer& out) {
  if (column.is_null(row)) {
    if (options_.null_literal.has_value()) text(*options_.null_literal, out);
    return;
  }
  const uint32_t at = column.at(row);
  if (column.physical == Physical::kString) {
    return text(column.data<StringView>()[at].view(), out);
  }
  scratch_.clear();
  if (plain(column, at, scratch_)) text(scratch_.view(), out);
  else out.append(scratch_.view());
}

bool Encoder::plain(const Column& column, uint32_t at, TextBuffer& out) const {
  const TypeRoot root = column.type.root;
  switch (column.physical) {
    case Physical::kBool: out.append(column.data<uint8_t>()[at] != 0 ? "true" : "false"); break;
    case Physical::kI8: append_integer(out, column.data<int8_t>()[at]); break;
    case Physical::kI16: append_integer(out, column.data<int16_t>()[at]); break;
    case Physical::kI32: {
      const int32_t value = column.data<int32_t>()[at];
      if (root == TypeRoot::kDate) append_date(out, value);
      else if (root == TypeRoot::kTime) append_time(out, int64_t{value} * 1'000'000);
      else append_integer(out, value);
      return root == TypeRoot::kDate || root == TypeRoot::kTime;
    }
    case Physical::kI64: {
      const bool is_time = root == TypeRoot::kTimestamp || root == TypeRoot::kTimestampLtz;
      if (is_time) append_timestamp(column.type, column.data<int64_t>()[at], out);
      else append_integer(out, column.data<int64_t>()[at]);
      return is_time;
    }
    case Physical::kF32: append_float(out, column.data<float>()[at]); break;
    case Physical::kF64: append_double(out, column.data<double>()[at]); break;
    case Physical::kI128:
      append_short_decimal(out, column.data<int128>()[at], column.type.scale);
      break;
    case Physical::kString: out.append(column.data<StringView>()[at].view()); return true;
    case Physical::kBytes: append_base64(out, column.data<StringView>()[at].view()); return true;
    case Physical::kRow:
    case Physical::kArray: elements(column, at, out); return true;
    default: break;
  }
  return false;
}

// An array's elements and a row's fields stand in one field.
void Encoder::elements(const Column& column, uint32_t at, TextBuffer& out) const {
  const bool is_row = column.physical == Physical::kRow;
  const Range range = is_row ? Range{0, static_cast<uint32_t>(column.children.size())}
                             : column.data<Range>()[at];
  for (uint32_t i = 0; i < range.length; ++i) {
    if (i > 0) out.append(options_.element_delimiter);
    if (is_row) element(*column.children[i], at, out);
    else element(*column.children[0], range.start + i, out);
  }
}

void Encoder::element(const Column& column, uint32_t row, TextBuffer& out) const {
  if (!column.is_null(row)) (void)plain(column, column.at(row), out);
  else if (options_.null_literal.has_value()) out.append(*options_.null_literal);
}

bool Encoder::needs_quotes(std::string_view value) const {
  if (options_.quote == Options::kNone) return false;
  size_t units = 0;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < least_safe_ || c == '\\' || c == options_.escape) return true;
    units += (byte & 0xC0) == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1;
  }
  return units > kMostUnquoted;
}

void Encoder::text(std::string_view value, TextBuffer& out) const {
  if (!needs_quotes(value)) return out.append(value);
  const char quote = static_cast<char>(options_.quote);
  out.append(quote);
  for (const char c : value) {
    if (c == options_.quote) out.append(quote);
    else if (c == options_.escape) out.append(c);
    out.append(c);
  }
  out.append(quote);
}

}  // namespace millrace::csv
