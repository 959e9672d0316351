#include "formats/json-encoder.h"

namespace millrace {

static std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

Result<JsonEncoderOptions> parse_json_encoder_options(const OptionMap& from) {
  using NullKey = JsonEncoderOptions::NullKey;
  JsonEncoderOptions to;
  const std::string standard = from.text("timestamp-format.standard", "SQL");
  if (standard != "SQL" && standard != "ISO-8601") {
    return Status::error("MR2008", "json.timestamp-format.standard = " + standard);
  }
  to.iso_timestamps = standard == "ISO-8601";
  MR_TRY_ASSIGN(to.plain_decimals, from.flag("encode.decimal-as-plain-number", false));
  MR_TRY_ASSIGN(to.ignore_null_fields, from.flag("encode.ignore-null-fields", false));
  const std::string mode = lower(from.text("map-null-key.mode", "fail"));
  if (mode == "drop") to.null_key = NullKey::kDrop;
  else if (mode == "literal") to.null_key = NullKey::kLiteral;
  else if (mode != "fail") return Status::error("MR2008", "json.map-null-key.mode = " + mode);
  to.null_key_literal = from.text("map-null-key.literal", "null");
  return to;
}

Result<JsonEncoder> JsonEncoder::make(const Schema& schema, const JsonEncoderOptions& options) {
  JsonEncoder encoder(options);
  for (const Field& field : schema) {
    MR_TRY_ASSIGN(Step step, compile(field.name, field.type));
    encoder.fields_.push_back(std::move(step));
  }
  return encoder;
}

static bool is_text(const DataType& type) {
  return type.root == TypeRoot::kVarchar || type.root == TypeRoot::kChar;
}

Result<JsonEncoder::Step> JsonEncoder::compile(const std::string& name, const DataType& type) {
  Step step;
  step.type = type;
  TextBuffer quoted;
  append_json_string(quoted, name);
  quoted.append(':');
  step.name = quoted.view();
  const bool map = type.root == TypeRoot::kMap;
  if ((map || type.root == TypeRoot::kMultiset) && !is_text(type.fields[0].type)) {
    return Status::error("MR2100", "json format with map keys that are not STRING");
  }
  const bool interval = type.root == TypeRoot::kIntervalYearMonth ||
                        type.root == TypeRoot::kIntervalDayTime;
  if (interval) return Status::error("MR2100", "json format of intervals");
  for (const Field& field : type.fields) {
    MR_TRY_ASSIGN(Step child, compile(field.name, field.type));
    step.children.push_back(std::move(child));
  }
  return step;
}

Status JsonEncoder::encode(const Batch& batch, uint32_t row, TextBuffer& out) const {
  out.append('{');
  bool first = true;
  for (size_t i = 0; i < fields_.size(); ++i) {
    const Column& column = *batch.columns[i];
    if (options_.ignore_null_fields && column.is_null(row)) continue;
    if (!first) out.append(',');
    first = false;
    out.append(fields_[i].name);
    MR_TRY(value(fields_[i], column, row, out));
  }
  out.append('}');
  return Status::ok();
}

static void append_base64(TextBuffer& out, std::string_view bytes) {
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

// Jackson writes non-numbers as strings.
template <typename Real>
static void append_json_real(TextBuffer& out, Real number, void (*append)(TextBuffer&, Real)) {
  const bool quoted = number - number != 0;
  if (quoted) out.append('"');
  append(out, number);
  if (quoted) out.append('"');
}

Status JsonEncoder::value(const Step& step, const Column& column, uint32_t row,
                          TextBuffer& out) const {
  if (column.is_null(row)) {
    out.append("null");
    return Status::ok();
  }
  const uint32_t at = column.at(row);
  switch (column.physical) {
    case Physical::kBool: out.append(column.data<uint8_t>()[at] != 0 ? "true" : "false"); break;
    case Physical::kI8: append_integer(out, column.data<int8_t>()[at]); break;
    case Physical::kI16: append_integer(out, column.data<int16_t>()[at]); break;
    case Physical::kF32: append_json_real(out, column.data<float>()[at], append_float); break;
    case Physical::kF64: append_json_real(out, column.data<double>()[at], append_double); break;
    case Physical::kI128:
      (options_.plain_decimals ? append_plain_decimal : append_short_decimal)(
          out, column.data<int128>()[at], step.type.scale);
      break;
    case Physical::kString: append_json_string(out, column.data<StringView>()[at].view()); break;
    case Physical::kBytes:
      out.append('"');
      append_base64(out, column.data<StringView>()[at].view());
      out.append('"');
      break;
    case Physical::kI32: {
      const int32_t number = column.data<int32_t>()[at];
      const bool temporal = step.type.root == TypeRoot::kDate || step.type.root == TypeRoot::kTime;
      if (temporal) out.append('"');
      if (step.type.root == TypeRoot::kDate) append_date(out, number);
      else if (temporal) append_time(out, int64_t{number} * 1'000'000);
      else append_integer(out, number);
      if (temporal) out.append('"');
      break;
    }
    case Physical::kI64:
      if (step.type.root == TypeRoot::kBigint) append_integer(out, column.data<int64_t>()[at]);
      else timestamp(step.type, column.data<int64_t>()[at], out);
      break;
    case Physical::kRow: return row_value(step, column, at, out);
    case Physical::kArray: return array_value(step, column, at, out);
    case Physical::kMap: return map_value(step, column, at, out);
    case Physical::kNull: out.append("null"); break;
  }
  return Status::ok();
}

void JsonEncoder::timestamp(const DataType& type, int64_t ticks, TextBuffer& out) const {
  const int64_t per_second = type.ticks_per_second();
  const int64_t per_day = per_second * 86'400;
  const int64_t days = (ticks >= 0 ? ticks : ticks - per_day + 1) / per_day;
  out.append('"');
  append_date(out, days);
  out.append(options_.iso_timestamps ? 'T' : ' ');
  const int64_t nanos = (ticks - days * per_day) * (1'000'000'000 / per_second);
  append_time(out, nanos, options_.fixed_millis ? 3 : -1);
  if (type.root == TypeRoot::kTimestampLtz) out.append('Z');
  out.append('"');
}

Status JsonEncoder::row_value(const Step& step, const Column& column, uint32_t row,
                              TextBuffer& out) const {
  out.append('{');
  bool first = true;
  for (size_t i = 0; i < step.children.size(); ++i) {
    const Column& child = *column.children[i];
    if (options_.ignore_null_fields && child.is_null(row)) continue;
    if (!first) out.append(',');
    first = false;
    out.append(step.children[i].name);
    MR_TRY(value(step.children[i], child, row, out));
  }
  out.append('}');
  return Status::ok();
}

Status JsonEncoder::array_value(const Step& step, const Column& column, uint32_t row,
                                TextBuffer& out) const {
  const Range range = column.data<Range>()[row];
  out.append('[');
  for (uint32_t i = 0; i < range.length; ++i) {
    if (i > 0) out.append(',');
    MR_TRY(value(step.children[0], *column.children[0], range.start + i, out));
  }
  out.append(']');
  return Status::ok();
}

Status JsonEncoder::map_value(const Step& step, const Column& column, uint32_t row,
                              TextBuffer& out) const {
  using NullKey = JsonEncoderOptions::NullKey;
  const Range range = column.data<Range>()[row];
  const Column& keys = *column.children[0];
  bool first = true;
  out.append('{');
  for (uint32_t i = range.start; i < range.start + range.length; ++i) {
    const bool no_key = keys.is_null(i);
    if (no_key && options_.null_key == NullKey::kDrop) continue;
    if (no_key && options_.null_key == NullKey::kFail) {
      return Status::error("MR4005", "a map with a NULL key has no JSON form");
    }
    if (!first) out.append(',');
    first = false;
    append_json_string(out, no_key ? std::string_view(options_.null_key_literal)
                                   : keys.data<StringView>()[keys.at(i)].view());
    out.append(':');
    if (step.type.root == TypeRoot::kMultiset) {
      append_integer(out, column.children[1]->data<int32_t>()[column.children[1]->at(i)]);
    } else {
      MR_TRY(value(step.children[1], *column.children[1], i, out));
    }
  }
  out.append('}');
  return Status::ok();
}

// Whether a byte stands for itself: no control, quote or backslash, no four-byte sequence.
static constexpr bool is_plain(uint8_t byte) {
  return byte >= 0x20 && byte != '"' && byte != '\\' && byte < 0xf0;
}

static bool all_plain(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
  const uint64_t quote = word ^ (kOnes * '"'), slash = word ^ (kOnes * '\\');
  const uint64_t found = ((word - kOnes * 0x20) & ~word) | ((quote - kOnes) & ~quote) |
                         ((slash - kOnes) & ~slash);
  const uint64_t high = word & kHighs;
  return ((found & kHighs) | high) == 0;
}

static void append_unit(TextBuffer& out, uint32_t unit) {
  constexpr char kHex[] = "0123456789ABCDEF";
  out.append("\\u");
  for (int shift = 12; shift >= 0; shift -= 4) out.append(kHex[(unit >> shift) & 15]);
}

static void append_escape(TextBuffer& out, uint8_t byte) {
  switch (byte) {
    case '"': return out.append("\\\"");
    case '\\': return out.append("\\\\");
    case '\b': return out.append("\\b");
    case '\t': return out.append("\\t");
    case '\n': return out.append("\\n");
    case '\f': return out.append("\\f");
    case '\r': return out.append("\\r");
    default: return append_unit(out, byte);
  }
}

// Four UTF-8 bytes as the two escaped units that Jackson writes.
static void append_supplementary(TextBuffer& out, const char* text) {
  const auto byte = [&](int i) { return static_cast<uint32_t>(static_cast<uint8_t>(text[i])); };
  const uint32_t code =
      (byte(0) & 7) << 18 | (byte(1) & 63) << 12 | (byte(2) & 63) << 6 | (byte(3) & 63);
  append_unit(out, 0xd7c0 + (code >> 10));
  append_unit(out, 0xdc00 + (code & 0x3ff));
}

void append_json_string(TextBuffer& out, std::string_view text) {
  out.append('"');
  size_t at = 0;
  while (at < text.size()) {
    char* to = out.room(text.size() - at + 8);
    const size_t begin = at;
    for (uint64_t word; at + 8 <= text.size(); at += 8) {
      std::memcpy(&word, text.data() + at, 8);
      if (!all_plain(word)) break;
      std::memcpy(to + (at - begin), &word, 8);
    }
    while (at < text.size() && is_plain(static_cast<uint8_t>(text[at]))) {
      to[at - begin] = text[at];
      ++at;
    }
    out.advance(at - begin);
    if (at == text.size()) break;
    const auto byte = static_cast<uint8_t>(text[at]);
    if (byte >= 0xf0 && at + 4 <= text.size()) {
      append_supplementary(out, text.data() + at);
      at += 4;
    } else if (byte >= 0xf0) {
      out.append(static_cast<char>(byte));
      ++at;
    } else {
      append_escape(out, byte);
      ++at;
    }
  }
  out.append('"');
}

}  // namespace millrace
