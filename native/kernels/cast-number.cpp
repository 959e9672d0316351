// BOOLEAN and numbers to each other. Integers wrap, floating point saturates as in Java (on the
// way to TINYINT and SMALLINT through INT), a DECIMAL that does not fit becomes NULL.
#include <charconv>
#include <cmath>
#include <limits>
#include <type_traits>

#include "columnar/decimal.h"
#include "kernels/cast.h"
#include "kernels/loops.h"
#include "kernels/number-text.h"
#include "kernels/parse-text.h"

namespace millrace {

namespace {

template <typename T, typename Real>
T saturate(Real value) {
  if (std::isnan(value)) return 0;
  if (value <= static_cast<Real>(std::numeric_limits<T>::min())) {
    return std::numeric_limits<T>::min();
  }
  if (value >= static_cast<Real>(std::numeric_limits<T>::max())) {
    return std::numeric_limits<T>::max();
  }
  return static_cast<T>(value);
}

// Values of BOOLEAN are bytes; bool stands for them as a target and a source.
template <typename T>
using Stored = std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>;

template <typename From, typename To>
Stored<To> convert(Stored<From> value) {
  if constexpr (std::is_same_v<To, bool>) {
    return value != 0 ? 1 : 0;
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    if constexpr (sizeof(To) < 4) return static_cast<To>(saturate<int32_t>(value));
    else return saturate<To>(value);
  } else {
    return static_cast<To>(value);
  }
}

template <typename From, typename To>
Status convert_all(const CastState&, const Column& from, const Selection& selection, Column& out,
                   KernelContext&) {
  unary_loop<Stored<To>, Stored<From>>(from, selection, out, [](Stored<From> value) {
    return convert<From, To>(value);
  });
  return Status::ok();
}

void store(const std::optional<int128>& value, uint32_t row, Column& out) {
  if (value.has_value()) out.data<int128>()[row] = *value;
  else out.set_null(row);
}

std::optional<int128> decimal_of(double value, decimal::Shape shape) {
  char text[text::kMaxNumberText];
  const size_t length = text::write_double(text, value);
  return text::parse_decimal({text, length}, shape);
}

template <typename From>
Status to_decimal(const CastState& state, const Column& from, const Selection& selection,
                  Column& out, KernelContext&) {
  const decimal::Shape shape = decimal::shape_of(state.to);
  const auto* x = from.data<Stored<From>>();
  for_each_row(selection, [&](uint32_t row) {
    store(decimal::rescale(x[from.at(row)], 0, shape), row, out);
  });
  return Status::ok();
}

// By the digits that are printed. NaN and infinities have none: they fail.
template <typename Real>
Status real_to_decimal(const CastState& state, const Column& from, const Selection& selection,
                       Column& out, KernelContext&) {
  const decimal::Shape shape = decimal::shape_of(state.to);
  const Real* x = from.data<Real>();
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const Real value = x[from.at(row)];
    const bool is_finite = std::isfinite(value);
    if (is_finite) store(decimal_of(value, shape), row, out);
    else out.set_null(row);
    return is_finite || state.is_try;
  });
  if (failing < 0) return Status::ok();
  return Status::error("MR3003", "NaN and Infinity have no digits", failing);
}

Status decimal_to_decimal(const CastState& state, const Column& from, const Selection& selection,
                          Column& out, KernelContext&) {
  const uint32_t scale = state.from.scale;
  const decimal::Shape shape = decimal::shape_of(state.to);
  const int128* x = from.data<int128>();
  for_each_row(selection, [&](uint32_t row) {
    store(decimal::rescale(x[from.at(row)], scale, shape), row, out);
  });
  return Status::ok();
}

constexpr uint32_t kExactPower = 22;  // 10^22 is exact as a double
constexpr int128 kExactInteger = int128{1} << 53;

double to_double(int128 value, uint32_t scale) {
  if (scale <= kExactPower && value < kExactInteger && value > -kExactInteger) {
    return static_cast<double>(static_cast<int64_t>(value)) /
           static_cast<double>(decimal::power_of_ten(scale));
  }
  char text[text::kMaxNumberText];
  const size_t length = text::write_decimal(text, value, scale);
  double result = 0;
  std::from_chars(text, text + length, result);
  return result;
}

template <typename To>
Status from_decimal(const CastState& state, const Column& from, const Selection& selection,
                    Column& out, KernelContext&) {
  const uint32_t scale = state.from.scale;
  unary_loop<Stored<To>, int128>(from, selection, out, [scale](int128 value) -> Stored<To> {
    if constexpr (std::is_same_v<To, bool>) return value != 0 ? 1 : 0;
    else if constexpr (std::is_integral_v<To>) {
      return static_cast<To>(value / static_cast<int128>(decimal::power_of_ten(scale)));
    } else {
      return static_cast<To>(to_double(value, scale));
    }
  });
  return Status::ok();
}

template <typename From>
CastFunction from_plain(TypeRoot to) {
  switch (to) {
    case TypeRoot::kBoolean: return convert_all<From, bool>;
    case TypeRoot::kTinyint: return convert_all<From, int8_t>;
    case TypeRoot::kSmallint: return convert_all<From, int16_t>;
    case TypeRoot::kInteger: return convert_all<From, int32_t>;
    case TypeRoot::kBigint: return convert_all<From, int64_t>;
    case TypeRoot::kFloat: return convert_all<From, float>;
    case TypeRoot::kDouble: return convert_all<From, double>;
    case TypeRoot::kDecimal:
      if constexpr (std::is_floating_point_v<From>) return real_to_decimal<From>;
      else return to_decimal<From>;
    default: return nullptr;
  }
}

CastFunction from_decimal_type(TypeRoot to) {
  switch (to) {
    case TypeRoot::kBoolean: return from_decimal<bool>;
    case TypeRoot::kTinyint: return from_decimal<int8_t>;
    case TypeRoot::kSmallint: return from_decimal<int16_t>;
    case TypeRoot::kInteger: return from_decimal<int32_t>;
    case TypeRoot::kBigint: return from_decimal<int64_t>;
    case TypeRoot::kFloat: return from_decimal<float>;
    case TypeRoot::kDouble: return from_decimal<double>;
    case TypeRoot::kDecimal: return decimal_to_decimal;
    default: return nullptr;
  }
}

}  // namespace

CastFunction number_cast(const CastState& state) {
  const TypeRoot to = state.to.root;
  switch (state.from.root) {
    case TypeRoot::kBoolean: return from_plain<bool>(to);
    case TypeRoot::kTinyint: return from_plain<int8_t>(to);
    case TypeRoot::kSmallint: return from_plain<int16_t>(to);
    case TypeRoot::kInteger: return from_plain<int32_t>(to);
    case TypeRoot::kBigint: return from_plain<int64_t>(to);
    case TypeRoot::kFloat: return from_plain<float>(to);
    case TypeRoot::kDouble: return from_plain<double>(to);
    case TypeRoot::kDecimal: return from_decimal_type(to);
    default: return nullptr;
  }
}

}  // namespace millrace
