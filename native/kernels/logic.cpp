// NOT and the tests IS [NOT] NULL / TRUE / FALSE. AND and OR are forms of the evaluator.
#include <cstring>

#include "kernels/loops.h"
#include "kernels/registry.h"

namespace millrace {

namespace {

using Arguments = std::span<const Column* const>;

Status negate(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  unary_loop<uint8_t, uint8_t>(*args[0], selection, out, [](uint8_t value) {
    return static_cast<uint8_t>(value ^ 1);
  });
  return Status::ok();
}

void fill(const Selection& selection, Column& out, bool value) {
  uint8_t* to = out.data<uint8_t>();
  if (selection.is_dense()) {
    std::memset(to, value ? 1 : 0, selection.count);
  } else {
    for_each_row(selection, [&](uint32_t row) { to[row] = value ? 1 : 0; });
  }
}

template <bool kWanted>
Status null_test(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& a = *args[0];
  if (a.validity == nullptr || a.constant || a.physical == Physical::kNull) {
    fill(selection, out, a.is_null(0) == kWanted);
    return Status::ok();
  }
  const uint8_t* bits = a.validity->data();
  uint8_t* to = out.data<uint8_t>();
  for_each_row(selection, [&](uint32_t row) {
    to[row] = static_cast<uint8_t>(bit_is_set(bits, row) != kWanted);
  });
  return Status::ok();
}

// Whether the value is kValue (never so of NULL), or the opposite of that.
template <bool kValue, bool kNegated>
Status truth_test(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& a = *args[0];
  if (a.physical == Physical::kNull) {
    fill(selection, out, kNegated);
    return Status::ok();
  }
  const uint8_t* values = a.data<uint8_t>();
  uint8_t* to = out.data<uint8_t>();
  for_each_row(selection, [&](uint32_t row) {
    const bool holds = !a.is_null(row) && (values[a.at(row)] != 0) == kValue;
    to[row] = static_cast<uint8_t>(holds != kNegated);
  });
  return Status::ok();
}

constexpr Kernel kKernels[] = {
    {"not", negate, nullptr, true, true},
    {"is_null", null_test<true>, nullptr, false},
    {"is_not_null", null_test<false>, nullptr, false},
    {"is_true", truth_test<true, false>, nullptr, false},
    {"is_not_true", truth_test<true, true>, nullptr, false},
    {"is_false", truth_test<false, false>, nullptr, false},
    {"is_not_false", truth_test<false, true>, nullptr, false},
};

}  // namespace

std::span<const Kernel> logic_kernels() { return kKernels; }

}  // namespace millrace
