// What the families share to make their kernels.
#pragma once

#include "aggregates/families.h"
#include "aggregates/kernel.h"

namespace millrace {

template <typename Op, typename... Arguments>
AggregatePtr make(Arguments&&... arguments) {
  return std::make_unique<AggregateKernel<Op>>(std::forward<Arguments>(arguments)...);
}

// Calls f with a value of the C++ type of a number's physical form; null for other forms.
template <typename F>
AggregatePtr with_number(Physical physical, F&& f) {
  switch (physical) {
    case Physical::kI8: return f(int8_t{});
    case Physical::kI16: return f(int16_t{});
    case Physical::kI32: return f(int32_t{});
    case Physical::kI64: return f(int64_t{});
    case Physical::kF32: return f(float{});
    case Physical::kF64: return f(double{});
    case Physical::kI128: return f(int128{});
    default: return nullptr;
  }
}

// As with_number, for all forms that have an order.
template <typename F>
AggregatePtr with_ordered(Physical physical, F&& f) {
  switch (physical) {
    case Physical::kBool: return f(bool{});
    case Physical::kString: return f(StringView{});
    default: return with_number(physical, std::forward<F>(f));
  }
}

}  // namespace millrace
