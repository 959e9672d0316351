// Every scalar type to CHAR, VARCHAR, BINARY and VARBINARY. CHAR(n) and VARCHAR(n) cut at n code
// points, CHAR(n) fills up with blanks to n UTF-16 units; BINARY(n) and VARBINARY(n) do so with
// bytes and zeros.
#include "kernels/calendar.h"
#include "kernels/cast.h"
#include "kernels/number-text.h"
#include "kernels/text-output.h"
#include "kernels/utf8.h"

namespace millrace {

namespace {

// Strings longer than their type are cut only where it has a length.
constexpr uint32_t kUnlimited = 2147483647;

// Flink cuts by code points but fills up by the length of a Java string.
size_t utf16_units(std::string_view text) {
  size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    units += (byte & 0xc0) == 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

// Text of a value by a function (to, row) -> length.
template <typename F>
Status write_all(const CastState& state, const Selection& selection, Column& out,
                 KernelContext& context, F f) {
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    char buffer[text::kMaxNumberText];
    const size_t length = f(buffer, row);
    return put_text(state.to, {buffer, length}, false, row, output);
  });
}

template <typename T>
Status integer_to_text(const CastState& state, const Column& from, const Selection& selection,
                       Column& out, KernelContext& context) {
  const T* x = from.data<T>();
  return write_all(state, selection, out, context, [&](char* to, uint32_t row) {
    return text::write_integer(to, x[from.at(row)]);
  });
}

template <typename T, size_t (*kWrite)(char*, T)>
Status plain_to_text(const CastState& state, const Column& from, const Selection& selection,
                     Column& out, KernelContext& context) {
  const T* x = from.data<T>();
  return write_all(state, selection, out, context,
                   [&](char* to, uint32_t row) { return kWrite(to, x[from.at(row)]); });
}

size_t write_days(char* to, int32_t days) { return text::write_date(to, days); }

Status boolean_to_text(const CastState& state, const Column& from, const Selection& selection,
                       Column& out, KernelContext& context) {
  const uint8_t* x = from.data<uint8_t>();
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    return put_text(state.to, x[from.at(row)] != 0 ? "TRUE" : "FALSE", false, row, output);
  });
}

Status decimal_to_text(const CastState& state, const Column& from, const Selection& selection,
                       Column& out, KernelContext& context) {
  const int128* x = from.data<int128>();
  const uint32_t scale = state.from.scale;
  return write_all(state, selection, out, context, [&](char* to, uint32_t row) {
    return text::write_decimal(to, x[from.at(row)], scale);
  });
}

Status time_to_text(const CastState& state, const Column& from, const Selection& selection,
                    Column& out, KernelContext& context) {
  const int32_t* x = from.data<int32_t>();
  const uint32_t precision = state.from.precision;
  return write_all(state, selection, out, context, [&](char* to, uint32_t row) {
    return text::write_time(to, x[from.at(row)], precision);
  });
}

Status timestamp_to_text(const CastState& state, const Column& from, const Selection& selection,
                         Column& out, KernelContext& context) {
  const int64_t* x = from.data<int64_t>();
  const int64_t per_second = state.from.ticks_per_second();
  const int64_t per_ms = per_second / 1000;
  const bool is_local = state.from.root == TypeRoot::kTimestampLtz;
  return write_all(state, selection, out, context, [&](char* to, uint32_t row) {
    int64_t ticks = x[from.at(row)];
    if (!is_local) return text::write_timestamp(to, ticks, per_second, state.from.precision);
    // Whole seconds apart from the rest: near the ends of 64 bits the sum has no ticks.
    const int64_t offset_ms = state.zone.offset_at(calendar::floor_div(ticks, per_ms));
    const int64_t rest = calendar::floor_mod(ticks, per_second) + offset_ms % 1000 * per_ms;
    const int64_t seconds = calendar::floor_div(ticks, per_second) + offset_ms / 1000 +
                            calendar::floor_div(rest, per_second);
    return text::write_timestamp(to, seconds, calendar::floor_mod(rest, per_second), per_second,
                                 state.from.precision);
  });
}

Status text_to_text(const CastState& state, const Column& from, const Selection& selection,
                    Column& out, KernelContext& context) {
  share_memory(from, out);
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    return put_text(state.to, text_at(from, row), true, row, output);
  });
}

// Ill-formed pieces become U+FFFD, as in Java's new String(bytes, UTF_8).
void decode_bytes(std::string_view bytes, std::string& text) {
  text.clear();
  for (size_t at = 0; at < bytes.size();) {
    char encoded[4];
    const uint32_t length = utf8::encode(utf8::decode(bytes, at), encoded);
    text.append(encoded, length);
  }
}

Status bytes_to_text(const CastState& state, const Column& from, const Selection& selection,
                     Column& out, KernelContext& context) {
  share_memory(from, out);
  std::string decoded;
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const std::string_view bytes = text_at(from, row);
    if (utf8::is_well_formed(bytes)) return put_text(state.to, bytes, true, row, output);
    decode_bytes(bytes, decoded);
    return put_text(state.to, decoded, false, row, output);
  });
}

// Strings and bytes to BINARY(n) and VARBINARY(n).
Status to_bytes(const CastState& state, const Column& from, const Selection& selection,
                Column& out, KernelContext& context) {
  share_memory(from, out);
  const uint32_t limit = state.to.length;
  const bool fills = state.to.root == TypeRoot::kBinary;
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    std::string_view bytes = text_at(from, row);
    if (bytes.size() > limit) bytes = bytes.substr(0, limit);
    if (!fills || bytes.size() == limit) {
      output.reference(row, bytes);
      return true;
    }
    char* to = output.begin(limit);
    if (to == nullptr) return false;
    std::memcpy(to, bytes.data(), bytes.size());
    std::memset(to + bytes.size(), 0, limit - bytes.size());
    output.finish(row, to, limit);
    return true;
  });
}

}  // namespace

bool put_text(const DataType& type, std::string_view text, bool lives, uint32_t row,
              TextOutput& output) {
  size_t missing = 0;
  if (type.length != kUnlimited) {
    if (text.size() > type.length) text = text.substr(0, utf8::skip_code_points(text, type.length));
    if (type.root == TypeRoot::kChar) {
      const size_t units = utf16_units(text);
      missing = units < type.length ? type.length - units : 0;
    }
  }
  if (missing == 0) {
    if (!lives) return output.copy(row, text);
    output.reference(row, text);
    return true;
  }
  char* to = output.begin(text.size() + missing);
  if (to == nullptr) return false;
  std::memcpy(to, text.data(), text.size());
  std::memset(to + text.size(), ' ', missing);
  output.finish(row, to, text.size() + missing);
  return true;
}

CastFunction to_text_cast(const CastState& state) {
  const TypeRoot from = state.from.root;
  const bool from_string = is_character(from) || is_binary(from);
  if (is_binary(state.to.root)) return from_string ? to_bytes : nullptr;
  if (!is_character(state.to.root)) return nullptr;
  switch (from) {
    case TypeRoot::kBoolean: return boolean_to_text;
    case TypeRoot::kTinyint: return integer_to_text<int8_t>;
    case TypeRoot::kSmallint: return integer_to_text<int16_t>;
    case TypeRoot::kInteger: return integer_to_text<int32_t>;
    case TypeRoot::kBigint: return integer_to_text<int64_t>;
    case TypeRoot::kFloat: return plain_to_text<float, text::write_float>;
    case TypeRoot::kDouble: return plain_to_text<double, text::write_double>;
    case TypeRoot::kDecimal: return decimal_to_text;
    case TypeRoot::kDate: return plain_to_text<int32_t, write_days>;
    case TypeRoot::kTime: return time_to_text;
    case TypeRoot::kTimestamp:
    case TypeRoot::kTimestampLtz: return timestamp_to_text;
    case TypeRoot::kIntervalYearMonth: return plain_to_text<int32_t, text::write_months>;
    case TypeRoot::kIntervalDayTime: return plain_to_text<int64_t, text::write_milliseconds>;
    case TypeRoot::kChar:
    case TypeRoot::kVarchar: return text_to_text;
    case TypeRoot::kBinary:
    case TypeRoot::kVarbinary: return bytes_to_text;
    default: return nullptr;
  }
}

}  // namespace millrace
