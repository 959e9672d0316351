// The instruction sets of this machine that kernels may choose at run time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "simdjson.h"

namespace millrace::addon {

[[nodiscard]] inline std::vector<std::string_view> cpu_features() {
  std::vector<std::string_view> names;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) names.push_back("sse4.2");
  if (__builtin_cpu_supports("avx2")) names.push_back("avx2");
  if (__builtin_cpu_supports("bmi2")) names.push_back("bmi2");
  if (__builtin_cpu_supports("avx512f")) names.push_back("avx512f");
#elif defined(__aarch64__)
  names.push_back("neon");
#endif
  return names;
}

// The variant of the UTF-8 validation that runs here: haswell, icelake, westmere, arm64, fallback.
[[nodiscard]] inline std::string_view utf8_variant() {
  static const std::string name = simdjson::get_active_implementation()->name();
  return name;
}

}  // namespace millrace::addon
