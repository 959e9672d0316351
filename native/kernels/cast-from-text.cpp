// CHAR and VARCHAR to the other scalar types: parse-text.h says which texts are taken. What is not
// taken fails with MR3001, or is NULL for TRY_CAST.
#include <limits>

#include "kernels/calendar.h"
#include "kernels/cast.h"
#include "kernels/parse-text.h"
#include "kernels/text-output.h"

namespace millrace {

namespace {

const char* root_text(TypeRoot root) {
  switch (root) {
    case TypeRoot::kBoolean: return "BOOLEAN";
    case TypeRoot::kTinyint: return "TINYINT";
    case TypeRoot::kSmallint: return "SMALLINT";
    case TypeRoot::kInteger: return "INT";
    case TypeRoot::kBigint: return "BIGINT";
    case TypeRoot::kFloat: return "FLOAT";
    case TypeRoot::kDouble: return "DOUBLE";
    case TypeRoot::kDecimal: return "DECIMAL";
    case TypeRoot::kDate: return "DATE";
    case TypeRoot::kTime: return "TIME";
    case TypeRoot::kTimestamp: return "TIMESTAMP";
    case TypeRoot::kTimestampLtz: return "TIMESTAMP_LTZ";
    default: return "this type";
  }
}

// The type as an error names it.
std::string type_text(const DataType& type) {
  std::string text = root_text(type.root);
  const bool is_decimal = type.root == TypeRoot::kDecimal;
  if (!is_decimal && type.root != TypeRoot::kTime && !is_timestamp(type.root)) return text;
  text += '(';
  text += std::to_string(type.precision);
  if (is_decimal) {
    text += ", ";
    text += std::to_string(type.scale);
  }
  text += ')';
  return text;
}

// Runs parse(text) -> optional over the rows.
template <typename T, typename F>
Status parse_all(const CastState& state, const Column& from, const Selection& selection,
                 Column& out, F parse) {
  T* to = out.data<T>();
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const auto value = parse(text_at(from, row));
    if (value.has_value()) to[row] = static_cast<T>(*value);
    else if (state.is_try) out.set_null(row);
    else return false;
    return true;
  });
  if (failing < 0) return Status::ok();
  const std::string_view text = text_at(from, static_cast<uint32_t>(failing));
  std::string detail(text);
  detail += " to ";
  detail += type_text(state.to);
  return Status::error("MR3001", std::move(detail), failing);
}

Status to_boolean(const CastState& state, const Column& from, const Selection& selection,
                  Column& out, KernelContext&) {
  return parse_all<uint8_t>(state, from, selection, out, text::parse_boolean);
}

template <typename T>
Status to_integer(const CastState& state, const Column& from, const Selection& selection,
                  Column& out, KernelContext&) {
  return parse_all<T>(state, from, selection, out, [](std::string_view text) {
    return text::parse_integer(text, std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
  });
}

template <typename T>
Status to_real(const CastState& state, const Column& from, const Selection& selection, Column& out,
               KernelContext&) {
  return parse_all<T>(state, from, selection, out, text::parse_double);
}

Status to_decimal(const CastState& state, const Column& from, const Selection& selection,
                  Column& out, KernelContext&) {
  const decimal::Shape shape = decimal::shape_of(state.to);
  return parse_all<int128>(state, from, selection, out, [shape](std::string_view text) {
    return text::parse_decimal(text, shape);
  });
}

Status to_date(const CastState& state, const Column& from, const Selection& selection, Column& out,
               KernelContext&) {
  return parse_all<int32_t>(state, from, selection, out, text::parse_date);
}

Status to_time(const CastState& state, const Column& from, const Selection& selection, Column& out,
               KernelContext&) {
  const uint32_t precision = state.to.precision;
  const int32_t step = precision == 0 ? 1000 : precision == 1 ? 100 : precision == 2 ? 10 : 1;
  return parse_all<int32_t>(state, from, selection, out, [step](std::string_view text) {
    std::optional<int32_t> ms = text::parse_time(text);
    if (ms.has_value()) *ms -= *ms % step;
    return ms;
  });
}

// Digits beyond the precision are cut; nothing where the ticks do not fit 64 bits.
std::optional<int64_t> ticks_of(const text::LocalTime& time, const DataType& type) {
  const int64_t per_second = type.ticks_per_second();
  int64_t step = per_second;
  for (uint32_t i = 0; i < type.precision && step > 1; ++i) step /= 10;
  const int64_t fraction = time.nanos / (1'000'000'000 / per_second);
  int64_t ticks = 0;
  if (__builtin_mul_overflow(time.seconds, per_second, &ticks)) return std::nullopt;
  if (__builtin_add_overflow(ticks, fraction - fraction % step, &ticks)) return std::nullopt;
  return ticks;
}

Status to_timestamp(const CastState& state, const Column& from, const Selection& selection,
                    Column& out, KernelContext&) {
  const bool is_local = state.to.root == TypeRoot::kTimestampLtz;
  return parse_all<int64_t>(state, from, selection, out,
                            [&](std::string_view text) -> std::optional<int64_t> {
    std::optional<text::LocalTime> time = text::parse_timestamp(text);
    if (!time.has_value()) return std::nullopt;
    if (is_local) {
      const int64_t utc_ms = state.zone.to_utc(time->seconds * 1000);
      time->seconds = calendar::floor_div(utc_ms, 1000);
    }
    return ticks_of(*time, state.to);
  });
}

}  // namespace

CastFunction from_text_cast(const CastState& state) {
  if (!is_character(state.from.root)) return nullptr;
  switch (state.to.root) {
    case TypeRoot::kBoolean: return to_boolean;
    case TypeRoot::kTinyint: return to_integer<int8_t>;
    case TypeRoot::kSmallint: return to_integer<int16_t>;
    case TypeRoot::kInteger: return to_integer<int32_t>;
    case TypeRoot::kBigint: return to_integer<int64_t>;
    case TypeRoot::kFloat: return to_real<float>;
    case TypeRoot::kDouble: return to_real<double>;
    case TypeRoot::kDecimal: return to_decimal;
    case TypeRoot::kDate: return to_date;
    case TypeRoot::kTime: return to_time;
    case TypeRoot::kTimestamp:
    case TypeRoot::kTimestampLtz: return to_timestamp;
    default: return nullptr;
  }
}

}  // namespace millrace
