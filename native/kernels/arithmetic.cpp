// + - * / % and unary minus. Integers wrap; / and % of integers and decimals fail on 0; a decimal
// that does not fit its type becomes NULL.
#include <cmath>
#include <type_traits>

#include "columnar/decimal.h"
#include "kernels/loops.h"
#include "kernels/registry.h"

namespace millrace {

namespace {

using Arguments = std::span<const Column* const>;

Status unsupported(const char* kernel) {
  return Status::error("MR9002", std::string(kernel) + " of these types");
}

Status division_by_zero(int64_t row) { return Status::error("MR3002", "", row); }

// Wrapping arithmetic of integers, IEEE arithmetic of the others.
template <typename T>
struct Add {
  T operator()(T a, T b) const {
    if constexpr (std::is_floating_point_v<T>) return a + b;
    else return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  }
};
template <typename T>
struct Subtract {
  T operator()(T a, T b) const {
    if constexpr (std::is_floating_point_v<T>) return a - b;
    else return static_cast<T>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
  }
};
template <typename T>
struct Multiply {
  T operator()(T a, T b) const {
    if constexpr (std::is_floating_point_v<T>) return a * b;
    else return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  }
};

template <template <typename> typename Op>
Status run_binary(const char* name, Arguments args, const Selection& selection, Column& out) {
  const Column& a = *args[0];
  const Column& b = *args[1];
  switch (out.physical) {
    case Physical::kI8:
      binary_loop<int8_t, int8_t, int8_t>(a, b, selection, out, Op<int8_t>());
      return Status::ok();
    case Physical::kI16:
      binary_loop<int16_t, int16_t, int16_t>(a, b, selection, out, Op<int16_t>());
      return Status::ok();
    case Physical::kI32:
      binary_loop<int32_t, int32_t, int32_t>(a, b, selection, out, Op<int32_t>());
      return Status::ok();
    case Physical::kI64:
      binary_loop<int64_t, int64_t, int64_t>(a, b, selection, out, Op<int64_t>());
      return Status::ok();
    case Physical::kF32:
      binary_loop<float, float, float>(a, b, selection, out, Op<float>());
      return Status::ok();
    case Physical::kF64:
      binary_loop<double, double, double>(a, b, selection, out, Op<double>());
      return Status::ok();
    default: return unsupported(name);
  }
}

using DecimalOp = std::optional<int128> (*)(int128, uint32_t, int128, uint32_t, decimal::Shape);

Status run_decimal(DecimalOp op, bool divides, Arguments args, const Selection& selection,
                   Column& out) {
  const Column& a = *args[0];
  const Column& b = *args[1];
  const uint32_t a_scale = a.type.scale, b_scale = b.type.scale;
  const decimal::Shape shape = decimal::shape_of(out.type);
  const int128* x = a.data<int128>();
  const int128* y = b.data<int128>();
  int128* to = out.data<int128>();
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const int128 right = y[b.at(row)];
    if (divides && right == 0) return false;
    const std::optional<int128> value = op(x[a.at(row)], a_scale, right, b_scale, shape);
    if (value.has_value()) {
      to[row] = *value;
    } else {
      out.set_null(row);
    }
    return true;
  });
  return failing < 0 ? Status::ok() : division_by_zero(failing);
}

std::optional<int128> subtract_decimal(int128 left, uint32_t left_scale, int128 right,
                                       uint32_t right_scale, decimal::Shape to) {
  return decimal::add(left, left_scale, -right, right_scale, to);
}

Status add(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  if (out.physical == Physical::kI128) {
    return run_decimal(decimal::add, false, args, selection, out);
  }
  return run_binary<Add>("add", args, selection, out);
}

Status subtract(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  if (out.physical == Physical::kI128) {
    return run_decimal(subtract_decimal, false, args, selection, out);
  }
  return run_binary<Subtract>("subtract", args, selection, out);
}

Status multiply(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  if (out.physical == Physical::kI128) {
    return run_decimal(decimal::multiply, false, args, selection, out);
  }
  return run_binary<Multiply>("multiply", args, selection, out);
}

// The smallest integer divided by -1 wraps to itself, as in Java.
template <typename T>
T divide_wrapping(T a, T b) {
  return b == -1 ? static_cast<T>(uint64_t{0} - static_cast<uint64_t>(a)) : static_cast<T>(a / b);
}

template <typename T>
Status divide_integers(Arguments args, const Selection& selection, Column& out) {
  const Column& a = *args[0];
  const Column& b = *args[1];
  const T* x = a.data<T>();
  const T* y = b.data<T>();
  T* to = out.data<T>();
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const T divisor = y[b.at(row)];
    if (divisor == 0) return false;
    to[row] = divide_wrapping(x[a.at(row)], divisor);
    return true;
  });
  return failing < 0 ? Status::ok() : division_by_zero(failing);
}

Status divide(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& a = *args[0];
  const Column& b = *args[1];
  switch (out.physical) {
    case Physical::kI8: return divide_integers<int8_t>(args, selection, out);
    case Physical::kI16: return divide_integers<int16_t>(args, selection, out);
    case Physical::kI32: return divide_integers<int32_t>(args, selection, out);
    case Physical::kI64: return divide_integers<int64_t>(args, selection, out);
    case Physical::kI128: return run_decimal(decimal::divide, true, args, selection, out);
    case Physical::kF32:
      binary_loop<float, float, float>(a, b, selection, out,
                                       [](float x, float y) { return x / y; });
      return Status::ok();
    case Physical::kF64:
      binary_loop<double, double, double>(a, b, selection, out,
                                          [](double x, double y) { return x / y; });
      return Status::ok();
    default: return unsupported("divide");
  }
}

// Operands of one type T; the result is of the second operand's own, perhaps narrower type R,
// which holds it: |rest| < |divisor|.
template <typename T, typename R>
Status modulo_integers(Arguments args, const Selection& selection, Column& out) {
  const Column& a = *args[0];
  const Column& b = *args[1];
  const T* x = a.data<T>();
  const T* y = b.data<T>();
  R* to = out.data<R>();
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const T divisor = y[b.at(row)];
    if (divisor == 0) return false;
    to[row] = divisor == -1 ? R{0} : static_cast<R>(x[a.at(row)] % divisor);
    return true;
  });
  return failing < 0 ? Status::ok() : division_by_zero(failing);
}

template <typename T>
Status modulo_into(Arguments args, const Selection& selection, Column& out) {
  switch (out.physical) {
    case Physical::kI8: return modulo_integers<T, int8_t>(args, selection, out);
    case Physical::kI16: return modulo_integers<T, int16_t>(args, selection, out);
    case Physical::kI32: return modulo_integers<T, int32_t>(args, selection, out);
    case Physical::kI64: return modulo_integers<T, int64_t>(args, selection, out);
    default: return unsupported("modulo");
  }
}

Status modulo(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  switch (args[0]->physical) {
    case Physical::kI8: return modulo_into<int8_t>(args, selection, out);
    case Physical::kI16: return modulo_into<int16_t>(args, selection, out);
    case Physical::kI32: return modulo_into<int32_t>(args, selection, out);
    case Physical::kI64: return modulo_into<int64_t>(args, selection, out);
    case Physical::kI128: return run_decimal(decimal::modulo, true, args, selection, out);
    default: return unsupported("modulo");
  }
}

template <typename T>
void negate_all(const Column& a, const Selection& selection, Column& out) {
  unary_loop<T, T>(a, selection, out, [](T value) {
    if constexpr (std::is_floating_point_v<T>) return -value;
    else if constexpr (sizeof(T) == 16) return -value;
    else return static_cast<T>(uint64_t{0} - static_cast<uint64_t>(value));
  });
}

Status negate(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& a = *args[0];
  switch (out.physical) {
    case Physical::kI8: negate_all<int8_t>(a, selection, out); return Status::ok();
    case Physical::kI16: negate_all<int16_t>(a, selection, out); return Status::ok();
    case Physical::kI32: negate_all<int32_t>(a, selection, out); return Status::ok();
    case Physical::kI64: negate_all<int64_t>(a, selection, out); return Status::ok();
    case Physical::kI128: negate_all<int128>(a, selection, out); return Status::ok();
    case Physical::kF32: negate_all<float>(a, selection, out); return Status::ok();
    case Physical::kF64: negate_all<double>(a, selection, out); return Status::ok();
    default: return unsupported("negate");
  }
}

constexpr Kernel kKernels[] = {
    {"add", add, nullptr, true, true},
    {"subtract", subtract, nullptr, true, true},
    {"multiply", multiply, nullptr, true, true},
    {"divide", divide, nullptr, true},
    {"modulo", modulo, nullptr, true},
    {"negate", negate, nullptr, true, true},
};

}  // namespace

std::span<const Kernel> arithmetic_kernels() { return kKernels; }

}  // namespace millrace
