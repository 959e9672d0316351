// UPPER, LOWER, INITCAP; see src/expr/kernels/string-case.ts.
#include "kernels/case-mapping.h"
#include "kernels/registry.h"
#include "kernels/text-output.h"
#include "kernels/utf8.h"

namespace millrace {
namespace {

using FullMapping = size_t (*)(std::string_view text, char* to);

void swap_ascii(std::string_view text, char first, char last, char* to) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char byte = text[i];
    to[i] = byte >= first && byte <= last ? static_cast<char>(byte ^ 0x20) : byte;
  }
}

Status change_case(KernelContext& context, Arguments args, const Selection& selection, Column& out,
                   char first, char last, FullMapping full) {
  const Column& source = *args[0];
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const std::string_view text = text_at(source, row);
    const bool is_plain = utf8::is_ascii(text);
    char* to = output.begin(is_plain ? text.size() : unicode::mapped_bytes_bound(text.size()));
    if (to == nullptr) return false;
    if (is_plain) swap_ascii(text, first, last, to);
    output.finish(row, to, is_plain ? text.size() : full(text, to));
    return true;
  });
}

Status upper(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  return change_case(context, args, selection, out, 'a', 'z', unicode::to_upper);
}

Status lower(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  return change_case(context, args, selection, out, 'A', 'Z', unicode::to_lower);
}

// Words are runs of ASCII letters and digits; other characters stay as they are.
void capitalize(std::string_view text, char* to) {
  bool in_word = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char byte = text[i];
    const auto letter = static_cast<char>(byte | 0x20);
    const bool is_letter = letter >= 'a' && letter <= 'z';
    to[i] = !is_letter ? byte : in_word ? letter : static_cast<char>(letter ^ 0x20);
    in_word = is_letter || (byte >= '0' && byte <= '9');
  }
}

Status initcap(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  const Column& source = *args[0];
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const std::string_view text = text_at(source, row);
    char* to = output.begin(text.size());
    if (to == nullptr) return false;
    capitalize(text, to);
    output.finish(row, to, text.size());
    return true;
  });
}

constexpr Kernel kKernels[] = {
    {"upper", upper, nullptr, true},
    {"lower", lower, nullptr, true},
    {"initcap", initcap, nullptr, true},
};

}  // namespace

std::span<const Kernel> string_case_kernels() { return kKernels; }

}  // namespace millrace
