// Numeric functions: src/expr/kernels/math.ts is the same. ROUND and TRUNCATE of FLOAT and DOUBLE
// work on the digits that are printed, as Java's BigDecimal.valueOf does.
#include <charconv>
#include <cmath>
#include <numbers>
#include <type_traits>

#include "columnar/decimal.h"
#include "kernels/loops.h"
#include "kernels/number-text.h"
#include "kernels/registry.h"

namespace millrace {

namespace {

using Arguments = std::span<const Column* const>;

Status unsupported(const char* kernel) {
  return Status::error("MR9002", std::string(kernel) + " of this type");
}

// Calls f with a value of the C++ type of each number that has a plain one.
template <typename F>
bool with_number_type(Physical physical, F&& f) {
  switch (physical) {
    case Physical::kI8: f(int8_t{}); return true;
    case Physical::kI16: f(int16_t{}); return true;
    case Physical::kI32: f(int32_t{}); return true;
    case Physical::kI64: f(int64_t{}); return true;
    case Physical::kF32: f(float{}); return true;
    case Physical::kF64: f(double{}); return true;
    default: return false;
  }
}

Status absolute(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& a = *args[0];
  if (out.physical == Physical::kI128) {
    unary_loop<int128, int128>(a, selection, out, [](int128 v) { return v < 0 ? -v : v; });
    return Status::ok();
  }
  const bool known = with_number_type(out.physical, [&](auto zero) {
    using T = decltype(zero);
    unary_loop<T, T>(a, selection, out, [](T value) {
      if constexpr (std::is_floating_point_v<T>) return std::fabs(value);
      else return value < 0 ? static_cast<T>(uint64_t{0} - static_cast<uint64_t>(value)) : value;
    });
  });
  return known ? Status::ok() : unsupported("ABS");
}

Status sign(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& a = *args[0];
  if (out.physical == Physical::kI128) {
    const decimal::Shape shape = decimal::shape_of(out.type);
    const int128* x = a.data<int128>();
    for_each_row(selection, [&](uint32_t row) {
      const int128 value = x[a.at(row)];
      const auto one = decimal::rescale(value > 0 ? 1 : value < 0 ? -1 : 0, 0, shape);
      if (one.has_value()) out.data<int128>()[row] = *one;
      else out.set_null(row);
    });
    return Status::ok();
  }
  const bool known = with_number_type(out.physical, [&](auto zero) {
    using T = decltype(zero);
    // Zeros and NaN come back as they are.
    unary_loop<T, T>(a, selection, out, [](T value) {
      return value > 0 ? T{1} : value < 0 ? static_cast<T>(-1) : value;
    });
  });
  return known ? Status::ok() : unsupported("SIGN");
}

// Whole part of an unscaled decimal, toward -infinity or +infinity.
int128 integral_part(int128 value, uint32_t scale, bool up) {
  const auto unit = static_cast<int128>(decimal::power_of_ten(scale));
  const int128 quotient = value / unit;
  const int128 rest = value % unit;
  if (up) return rest > 0 ? quotient + 1 : quotient;
  return rest < 0 ? quotient - 1 : quotient;
}

template <bool kUp>
Status integral(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& a = *args[0];
  if (out.physical == Physical::kI128) {
    const uint32_t scale = a.type.scale, precision = out.type.precision;
    const int128* x = a.data<int128>();
    for_each_row(selection, [&](uint32_t row) {
      const int128 value = integral_part(x[a.at(row)], scale, kUp);
      if (decimal::fits(value, precision)) out.data<int128>()[row] = value;
      else out.set_null(row);
    });
    return Status::ok();
  }
  const bool known = with_number_type(out.physical, [&](auto zero) {
    using T = decltype(zero);
    unary_loop<T, T>(a, selection, out, [](T value) {
      if constexpr (!std::is_floating_point_v<T>) return value;
      else return kUp ? std::ceil(value) : std::floor(value);
    });
  });
  return known ? Status::ok() : unsupported(kUp ? "CEIL" : "FLOOR");
}

// Digits to keep behind the point: the second argument, or none.
int32_t digits_at(Arguments args, uint32_t row) {
  return args.size() < 2 ? 0 : args[1]->data<int32_t>()[args[1]->at(row)];
}

// The digits cut or rounded half up at `places` behind the point; places below 0 cut before it.
void cut_digits(text::Digits& digits, int32_t places, bool round) {
  const int64_t kept = int64_t{digits.exponent} + places;
  if (kept >= int64_t{digits.count}) return;
  if (kept < 0) {
    digits.count = 0;
    return;
  }
  const bool is_up = round && digits.digit[kept] >= '5';
  auto at = static_cast<uint32_t>(kept);
  digits.count = at;
  if (!is_up) return;
  while (at > 0 && digits.digit[at - 1] == '9') --at;
  digits.count = at;
  if (at > 0) {
    ++digits.digit[at - 1];
    return;
  }
  digits.digit[0] = '1';
  digits.count = 1;
  ++digits.exponent;
}

template <typename Real>
Real value_of(const text::Digits& digits, bool is_negative) {
  if (digits.count == 0) return Real{0};
  char buffer[40];
  char* at = std::copy(digits.digit, digits.digit + digits.count, buffer);
  *at++ = 'e';
  const int64_t exponent = int64_t{digits.exponent} - digits.count;
  at = std::to_chars(at, buffer + sizeof buffer, exponent).ptr;
  Real value{0};
  const auto parsed = std::from_chars(buffer, at, value);
  if (parsed.ec == std::errc::result_out_of_range) value = HUGE_VAL;
  return is_negative ? -value : value;
}

// TRUNCATE goes through DECIMAL(38, 18) in Flink: further digits are rounded first. A FLOAT has the
// digits of the DOUBLE that it is: 1.4 cut to one digit is 1.3.
constexpr int32_t kTruncateScale = 18;

template <typename Real>
Real round_real(Real value, int32_t places, bool round) {
  if (value == 0) return Real{0};
  text::Digits digits = text::shortest_digits(double{value});
  if (!round) cut_digits(digits, kTruncateScale, true);
  cut_digits(digits, places, round);
  return value_of<Real>(digits, value < 0);
}

template <typename Real>
Status round_reals(Arguments args, const Selection& selection, Column& out, bool round) {
  const Column& a = *args[0];
  const Real* x = a.data<Real>();
  Real* to = out.data<Real>();
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const Real value = x[a.at(row)];
    if (!std::isfinite(value)) return false;
    to[row] = round_real(value, digits_at(args, row), round);
    return true;
  });
  if (failing < 0) return Status::ok();
  return Status::error("MR3003", "NaN and Infinity have no digits", failing);
}

// Whole numbers change only before the point; a carry wraps.
int128 round_whole(int128 value, int32_t places, bool round) {
  if (places >= 0) return value;
  if (places < -38) return 0;
  const auto digits = static_cast<uint32_t>(-places);
  const int128 kept = decimal::drop_digits(value, digits, round);
  return kept == 0 ? 0 : kept * static_cast<int128>(decimal::power_of_ten(digits));
}

template <typename T>
void round_integers(Arguments args, const Selection& selection, Column& out, bool round) {
  const Column& a = *args[0];
  const T* x = a.data<T>();
  for_each_row(selection, [&](uint32_t row) {
    const int128 value = round_whole(x[a.at(row)], digits_at(args, row), round);
    out.data<T>()[row] = static_cast<T>(value);
  });
}

void round_decimals(Arguments args, const Selection& selection, Column& out, bool round) {
  const Column& a = *args[0];
  const uint32_t scale = a.type.scale;
  const decimal::Shape shape = decimal::shape_of(out.type);
  const int128* x = a.data<int128>();
  for_each_row(selection, [&](uint32_t row) {
    const int32_t places = digits_at(args, row);
    int128 value = x[a.at(row)];
    uint32_t value_scale = scale;
    if (places < static_cast<int32_t>(scale)) {
      const int64_t dropped = int64_t{scale} - places;
      value = dropped > 76 ? 0 : decimal::drop_digits(value, static_cast<uint32_t>(dropped), round);
      value_scale = places > 0 ? static_cast<uint32_t>(places) : 0;
      if (places < 0 && value != 0) {
        value *= static_cast<int128>(decimal::power_of_ten(static_cast<uint32_t>(-places)));
      }
    }
    const auto result = decimal::rescale(value, value_scale, shape);
    if (result.has_value()) out.data<int128>()[row] = *result;
    else out.set_null(row);
  });
}

template <bool kRound>
Status round_kernel(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  switch (out.physical) {
    case Physical::kI8: round_integers<int8_t>(args, selection, out, kRound); break;
    case Physical::kI16: round_integers<int16_t>(args, selection, out, kRound); break;
    case Physical::kI32: round_integers<int32_t>(args, selection, out, kRound); break;
    case Physical::kI64: round_integers<int64_t>(args, selection, out, kRound); break;
    case Physical::kI128: round_decimals(args, selection, out, kRound); break;
    case Physical::kF32: return round_reals<float>(args, selection, out, kRound);
    case Physical::kF64: return round_reals<double>(args, selection, out, kRound);
    default: return unsupported(kRound ? "ROUND" : "TRUNCATE");
  }
  return Status::ok();
}

// Java: a base of 1 or -1 to a power that is not finite is NaN.
double power_of(double base, double exponent) {
  if (!std::isfinite(exponent) && std::fabs(base) == 1) return std::nan("");
  return std::pow(base, exponent);
}

constexpr double kDegreesPerRadian = 180.0 / std::numbers::pi;
constexpr double kRadiansPerDegree = std::numbers::pi / 180.0;

double ln(double x) { return std::log(x); }
double log_to_base(double base, double x) { return std::log(x) / std::log(base); }
double log2_of(double x) { return std::log(x) / std::log(2.0); }
double cot(double x) { return 1.0 / std::tan(x); }
double degrees(double x) { return x * kDegreesPerRadian; }
double radians(double x) { return x * kRadiansPerDegree; }
// Flink's SQRT is POWER(x, 0.5): it differs at -Infinity and -0.0.
double sqrt_of(double x) { return x == 0 ? 0.0 : std::isinf(x) ? HUGE_VAL : std::sqrt(x); }
double exp_of(double x) { return std::exp(x); }
double log10_of(double x) { return std::log10(x); }
double sin_of(double x) { return std::sin(x); }
double cos_of(double x) { return std::cos(x); }
double tan_of(double x) { return std::tan(x); }
double asin_of(double x) { return std::asin(x); }
double acos_of(double x) { return std::acos(x); }
double atan_of(double x) { return std::atan(x); }
double sinh_of(double x) { return std::sinh(x); }
double cosh_of(double x) { return std::cosh(x); }
double tanh_of(double x) { return std::tanh(x); }
double atan2_of(double y, double x) { return std::atan2(y, x); }

template <double (*kFunction)(double)>
Status real1(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  unary_loop<double, double>(*args[0], selection, out, [](double x) { return kFunction(x); });
  return Status::ok();
}

template <double (*kFunction)(double, double)>
Status real2(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  binary_loop<double, double, double>(*args[0], *args[1], selection, out,
                                      [](double x, double y) { return kFunction(x, y); });
  return Status::ok();
}

Status pi(KernelContext&, Arguments, const Selection& selection, Column& out) {
  for_each_row(selection, [&](uint32_t row) { out.data<double>()[row] = std::numbers::pi; });
  return Status::ok();
}

Status euler(KernelContext&, Arguments, const Selection& selection, Column& out) {
  for_each_row(selection, [&](uint32_t row) { out.data<double>()[row] = std::numbers::e; });
  return Status::ok();
}

constexpr Kernel kKernels[] = {
    {"abs", absolute, nullptr, true, true},
    {"sign", sign, nullptr, true, true},
    {"ceil", integral<true>, nullptr, true, true},
    {"floor", integral<false>, nullptr, true, true},
    {"round", round_kernel<true>, nullptr, true},
    {"truncate", round_kernel<false>, nullptr, true},
    {"power", real2<power_of>, nullptr, true, true},
    {"log", real2<log_to_base>, nullptr, true, true},
    {"atan2", real2<atan2_of>, nullptr, true, true},
    {"sqrt", real1<sqrt_of>, nullptr, true, true},
    {"exp", real1<exp_of>, nullptr, true, true},
    {"ln", real1<ln>, nullptr, true, true},
    {"log10", real1<log10_of>, nullptr, true, true},
    {"log2", real1<log2_of>, nullptr, true, true},
    {"sin", real1<sin_of>, nullptr, true, true},
    {"cos", real1<cos_of>, nullptr, true, true},
    {"tan", real1<tan_of>, nullptr, true, true},
    {"cot", real1<cot>, nullptr, true, true},
    {"asin", real1<asin_of>, nullptr, true, true},
    {"acos", real1<acos_of>, nullptr, true, true},
    {"atan", real1<atan_of>, nullptr, true, true},
    {"sinh", real1<sinh_of>, nullptr, true, true},
    {"cosh", real1<cosh_of>, nullptr, true, true},
    {"tanh", real1<tanh_of>, nullptr, true, true},
    {"degrees", real1<degrees>, nullptr, true, true},
    {"radians", real1<radians>, nullptr, true, true},
    {"pi", pi, nullptr, true},
    {"e", euler, nullptr, true},
};

}  // namespace

std::span<const Kernel> math_kernels() { return kKernels; }

}  // namespace millrace
