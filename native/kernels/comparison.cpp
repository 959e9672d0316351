// = <> < <= > >=, IS [NOT] DISTINCT FROM, GREATEST, LEAST. Both sides have one physical type;
// decimals keep their own scales. Floating point compares as in Java: NaN is equal to nothing,
// 0.0 to -0.0. Strings and bytes compare as unsigned bytes.
#include <cmath>
#include <type_traits>

#include "columnar/decimal.h"
#include "kernels/items.h"
#include "kernels/loops.h"
#include "kernels/registry.h"

namespace millrace {

namespace {

using Arguments = std::span<const Column* const>;

struct Equal {
  template <typename T>
  static bool test(const T& a, const T& b) { return a == b; }
  static bool test_order(int order) { return order == 0; }
};
struct NotEqual {
  template <typename T>
  static bool test(const T& a, const T& b) { return !(a == b); }
  static bool test_order(int order) { return order != 0; }
};
struct Less {
  template <typename T>
  static bool test(const T& a, const T& b) { return a < b; }
  static bool test(const StringView& a, const StringView& b) { return a.compare(b) < 0; }
  static bool test_order(int order) { return order < 0; }
};
struct LessEqual {
  template <typename T>
  static bool test(const T& a, const T& b) { return a <= b; }
  static bool test(const StringView& a, const StringView& b) { return a.compare(b) <= 0; }
  static bool test_order(int order) { return order <= 0; }
};
struct Greater {
  template <typename T>
  static bool test(const T& a, const T& b) { return a > b; }
  static bool test(const StringView& a, const StringView& b) { return a.compare(b) > 0; }
  static bool test_order(int order) { return order > 0; }
};
struct GreaterEqual {
  template <typename T>
  static bool test(const T& a, const T& b) { return a >= b; }
  static bool test(const StringView& a, const StringView& b) { return a.compare(b) >= 0; }
  static bool test_order(int order) { return order >= 0; }
};

template <typename Test, typename T>
void compare_all(const Column& a, const Column& b, const Selection& selection, Column& out) {
  binary_loop<uint8_t, T, T>(a, b, selection, out, [](const T& x, const T& y) {
    return static_cast<uint8_t>(Test::test(x, y));
  });
}

template <typename Test>
void compare_decimals(const Column& a, const Column& b, const Selection& selection, Column& out) {
  const uint32_t a_scale = a.type.scale, b_scale = b.type.scale;
  if (a_scale == b_scale) {
    compare_all<Test, int128>(a, b, selection, out);
    return;
  }
  binary_loop<uint8_t, int128, int128>(a, b, selection, out, [=](int128 x, int128 y) {
    return static_cast<uint8_t>(Test::test_order(decimal::compare(x, a_scale, y, b_scale)));
  });
}

Status unsupported() { return Status::error("MR9002", "comparison of nested types"); }

// Rows, arrays and maps are equal or not; the planner refuses their order.
template <typename Test>
Status compare_nested(const Column& a, const Column& b, const Selection& selection, Column& out) {
  if constexpr (!std::is_same_v<Test, Equal> && !std::is_same_v<Test, NotEqual>) {
    return unsupported();
  } else {
    uint8_t* to = out.data<uint8_t>();
    for_each_row(selection, [&](uint32_t row) {
      to[row] = Test::test_order(items_equal(a, row, b, row) ? 0 : 1) ? 1 : 0;
    });
    return Status::ok();
  }
}

template <typename Test>
Status compare(const Column& a, const Column& b, const Selection& selection, Column& out) {
  switch (a.physical) {
    case Physical::kBool: compare_all<Test, uint8_t>(a, b, selection, out); break;
    case Physical::kI8: compare_all<Test, int8_t>(a, b, selection, out); break;
    case Physical::kI16: compare_all<Test, int16_t>(a, b, selection, out); break;
    case Physical::kI32: compare_all<Test, int32_t>(a, b, selection, out); break;
    case Physical::kI64: compare_all<Test, int64_t>(a, b, selection, out); break;
    case Physical::kF32: compare_all<Test, float>(a, b, selection, out); break;
    case Physical::kF64: compare_all<Test, double>(a, b, selection, out); break;
    case Physical::kI128: compare_decimals<Test>(a, b, selection, out); break;
    case Physical::kString:
    case Physical::kBytes: compare_all<Test, StringView>(a, b, selection, out); break;
    case Physical::kRow:
    case Physical::kArray:
    case Physical::kMap: return compare_nested<Test>(a, b, selection, out);
    case Physical::kNull: return unsupported();
  }
  return Status::ok();
}

template <typename Test>
Status compare_kernel(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  return compare<Test>(*args[0], *args[1], selection, out);
}

// Whether two values differ, where NULL equals NULL.
//
//     distinct   NULL   b          not distinct   NULL   b
//       NULL      F     T             NULL         T     F
//       a         T    a<>b           a            F    a=b
template <bool kWanted>
Status distinct(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& a = *args[0];
  const Column& b = *args[1];
  uint8_t* to = out.data<uint8_t>();
  const bool is_bare_null = a.physical == Physical::kNull || b.physical == Physical::kNull;
  std::vector<uint32_t> both;
  for_each_row(selection, [&](uint32_t row) {
    const bool a_null = a.is_null(row), b_null = b.is_null(row);
    to[row] = static_cast<uint8_t>((a_null != b_null) == kWanted);
    if (!is_bare_null && !a_null && !b_null) both.push_back(row);
  });
  if (both.empty()) return Status::ok();
  const Selection rows{both.data(), static_cast<uint32_t>(both.size())};
  return kWanted ? compare<NotEqual>(a, b, rows, out) : compare<Equal>(a, b, rows, out);
}

// Whether a candidate is better than what is there. Floating point in the order of Java's
// Double.compare: NaN is the largest value, -0.0 is below 0.0.
template <typename Test, typename T>
bool is_better(const T& candidate, const T& best) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(candidate) || std::isnan(best)) {
      return Test::test_order(int{std::isnan(candidate)} - int{std::isnan(best)});
    }
    if (candidate == best) {
      return Test::test_order(int{std::signbit(best)} - int{std::signbit(candidate)});
    }
  }
  return Test::test(candidate, best);
}

template <typename Test, typename T>
void take_better(const Column& b, const Selection& selection, Column& out) {
  const T* y = b.data<T>();
  T* to = out.data<T>();
  for_each_row(selection, [&](uint32_t row) {
    const T& candidate = y[b.at(row)];
    if (is_better<Test>(candidate, to[row])) to[row] = candidate;
  });
}

template <typename Test, typename T>
void extreme_of(Arguments args, const Selection& selection, Column& out) {
  unary_loop<T, T>(*args[0], selection, out, [](const T& value) { return value; });
  for (size_t i = 1; i < args.size(); ++i) take_better<Test, T>(*args[i], selection, out);
}

// The arguments have the result's type; the bytes of strings stay where they are.
template <typename Test>
Status extreme(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  switch (out.physical) {
    case Physical::kBool: extreme_of<Test, uint8_t>(args, selection, out); break;
    case Physical::kI8: extreme_of<Test, int8_t>(args, selection, out); break;
    case Physical::kI16: extreme_of<Test, int16_t>(args, selection, out); break;
    case Physical::kI32: extreme_of<Test, int32_t>(args, selection, out); break;
    case Physical::kI64: extreme_of<Test, int64_t>(args, selection, out); break;
    case Physical::kF32: extreme_of<Test, float>(args, selection, out); break;
    case Physical::kF64: extreme_of<Test, double>(args, selection, out); break;
    case Physical::kI128: extreme_of<Test, int128>(args, selection, out); break;
    case Physical::kString:
    case Physical::kBytes:
      for (const Column* arg : args) {
        out.owners.insert(out.owners.end(), arg->owners.begin(), arg->owners.end());
      }
      extreme_of<Test, StringView>(args, selection, out);
      break;
    default: return unsupported();
  }
  return Status::ok();
}

constexpr Kernel kKernels[] = {
    {"equal", compare_kernel<Equal>, nullptr, true, true},
    {"not_equal", compare_kernel<NotEqual>, nullptr, true, true},
    {"less", compare_kernel<Less>, nullptr, true, true},
    {"less_equal", compare_kernel<LessEqual>, nullptr, true, true},
    {"greater", compare_kernel<Greater>, nullptr, true, true},
    {"greater_equal", compare_kernel<GreaterEqual>, nullptr, true, true},
    {"is_distinct", distinct<true>, nullptr, false},
    {"is_not_distinct", distinct<false>, nullptr, false},
    {"greatest", extreme<Greater>, nullptr, true, true},
    {"least", extreme<Less>, nullptr, true, true},
};

}  // namespace

std::span<const Kernel> comparison_kernels() { return kKernels; }

}  // namespace millrace
