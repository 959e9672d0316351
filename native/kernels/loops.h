// The loops of kernels over fixed-width values and string views. A loop is chosen once a batch by
// the arguments' form (flat or constant) and the selection's (dense or not); the dense flat ones
// have no branch and no index, so that the compiler vectorizes them.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "columnar/batch.h"

namespace millrace {

// out[row] = f(a[row]). F must accept any bits: it also runs over rows that are null.
template <typename O, typename A, typename F>
inline void unary_loop(const Column& a, const Selection& selection, Column& out, F f) {
  const A* __restrict x = a.data<A>();
  O* __restrict o = out.data<O>();
  if (a.constant) {
    const O value = f(x[0]);
    for_each_row(selection, [&](uint32_t row) { o[row] = value; });
  } else if (selection.is_dense()) {
    const uint32_t count = selection.count;
    for (uint32_t row = 0; row < count; ++row) o[row] = f(x[row]);
  } else {
    for (uint32_t i = 0; i < selection.count; ++i) {
      const uint32_t row = selection.indexes[i];
      o[row] = f(x[row]);
    }
  }
}

// out[row] = f(a[row], b[row]).
template <typename O, typename A, typename B, typename F>
inline void binary_loop(const Column& a, const Column& b, const Selection& selection, Column& out,
                        F f) {
  const A* __restrict x = a.data<A>();
  const B* __restrict y = b.data<B>();
  O* __restrict o = out.data<O>();
  const uint32_t count = selection.count;
  if (!selection.is_dense()) {
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t row = selection.indexes[i];
      o[row] = f(x[a.at(row)], y[b.at(row)]);
    }
  } else if (b.constant && !a.constant) {
    const B right = y[0];
    for (uint32_t row = 0; row < count; ++row) o[row] = f(x[row], right);
  } else if (a.constant && !b.constant) {
    const A left = x[0];
    for (uint32_t row = 0; row < count; ++row) o[row] = f(left, y[row]);
  } else if (!a.constant) {
    for (uint32_t row = 0; row < count; ++row) o[row] = f(x[row], y[row]);
  } else {
    const O value = f(x[0], y[0]);
    for (uint32_t row = 0; row < count; ++row) o[row] = value;
  }
}

// Calls f(row), which returns whether the row went well, until the first that did not.
// That row, or -1.
template <typename F>
[[nodiscard]] inline int64_t first_failing_row(const Selection& selection, F f) {
  if (selection.is_dense()) {
    for (uint32_t row = 0; row < selection.count; ++row) {
      if (!f(row)) [[unlikely]] return row;
    }
  } else {
    for (uint32_t i = 0; i < selection.count; ++i) {
      if (!f(selection.indexes[i])) [[unlikely]] return selection.indexes[i];
    }
  }
  return -1;
}

}  // namespace millrace
