// The instruction sets of this machine that kernels may choose at run time.
#pragma once

#include <string_view>
#include <vector>

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

}  // namespace millrace::addon
