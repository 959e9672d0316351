// Every kernel by name, assembled from the families: one table a file, the stem as in
// spec/functions/ and src/expr/kernels/.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "kernels/kernel.h"

namespace millrace {

[[nodiscard]] std::span<const Kernel> arithmetic_kernels();
[[nodiscard]] std::span<const Kernel> comparison_kernels();
[[nodiscard]] std::span<const Kernel> logic_kernels();
[[nodiscard]] std::span<const Kernel> string_case_kernels();
[[nodiscard]] std::span<const Kernel> string_cut_kernels();
[[nodiscard]] std::span<const Kernel> string_build_kernels();
[[nodiscard]] std::span<const Kernel> string_utf16_kernels();
[[nodiscard]] std::span<const Kernel> string_search_kernels();
[[nodiscard]] std::span<const Kernel> string_code_kernels();
[[nodiscard]] std::span<const Kernel> like_kernels();
[[nodiscard]] std::span<const Kernel> regexp_kernels();
[[nodiscard]] std::span<const Kernel> url_kernels();
[[nodiscard]] std::span<const Kernel> temporal_extract_kernels();
[[nodiscard]] std::span<const Kernel> temporal_round_kernels();
[[nodiscard]] std::span<const Kernel> temporal_arithmetic_kernels();
[[nodiscard]] std::span<const Kernel> temporal_now_kernels();
[[nodiscard]] std::span<const Kernel> temporal_write_kernels();
[[nodiscard]] std::span<const Kernel> temporal_read_kernels();
[[nodiscard]] std::span<const Kernel> math_kernels();
[[nodiscard]] std::span<const Kernel> cast_kernels();
[[nodiscard]] std::span<const Kernel> nested_kernels();
[[nodiscard]] std::span<const Kernel> array_kernels();
[[nodiscard]] std::span<const Kernel> json_kernels();
[[nodiscard]] std::span<const Kernel> json_build_kernels();
[[nodiscard]] std::span<const Kernel> inet_kernels();
[[nodiscard]] std::span<const Kernel> random_kernels();
[[nodiscard]] std::span<const Kernel> charset_kernels();
[[nodiscard]] std::span<const Kernel> hash_code_kernels();
[[nodiscard]] std::span<const Kernel> split_kernels();
[[nodiscard]] std::span<const Kernel> printf_kernels();

// The kernel of that name; null where there is none.
[[nodiscard]] const Kernel* find_kernel(std::string_view name);

// All names, in the order of the families.
[[nodiscard]] std::vector<std::string_view> kernel_names();

}  // namespace millrace
