#include "kernels/registry.h"

#include <unordered_map>

namespace millrace {

namespace {

using Family = std::span<const Kernel> (*)();

constexpr Family kFamilies[] = {
    arithmetic_kernels,
    comparison_kernels,
    logic_kernels,
    string_case_kernels,
    string_cut_kernels,
    string_build_kernels,
    string_utf16_kernels,
    string_search_kernels,
    string_code_kernels,
    like_kernels,
    regexp_kernels,
    url_kernels,
    temporal_extract_kernels,
    temporal_round_kernels,
    temporal_arithmetic_kernels,
    temporal_now_kernels,
    temporal_write_kernels,
    temporal_read_kernels,
    math_kernels,
    cast_kernels,
    nested_kernels,
    array_kernels,
    json_kernels,
    json_build_kernels,
    inet_kernels,
    random_kernels,
    charset_kernels,
    hash_code_kernels,
    split_kernels,
    printf_kernels,
};

using Table = std::unordered_map<std::string_view, const Kernel*>;

Table make_table() {
  Table table;
  for (const Family family : kFamilies) {
    for (const Kernel& kernel : family()) table.emplace(kernel.name, &kernel);
  }
  return table;
}

}  // namespace

const Kernel* find_kernel(std::string_view name) {
  static const Table table = make_table();
  const auto found = table.find(name);
  return found == table.end() ? nullptr : found->second;
}

std::vector<std::string_view> kernel_names() {
  std::vector<std::string_view> names;
  for (const Family family : kFamilies) {
    for (const Kernel& kernel : family()) names.emplace_back(kernel.name);
  }
  return names;
}

}  // namespace millrace
