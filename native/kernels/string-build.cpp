// Functions that put strings together: ||, CONCAT, CONCAT_WS, REPEAT, REPLACE, REVERSE; see
// src/expr/kernels/string-build.ts.
#include "kernels/registry.h"
#include "kernels/text-output.h"
#include "kernels/utf8.h"

namespace millrace {
namespace {

char* append(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

Status concat(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    size_t bytes = 0;
    for (const Column* column : args) bytes += text_at(*column, row).size();
    char* const start = output.begin(bytes);
    if (start == nullptr) return false;
    char* to = start;
    for (const Column* column : args) to = append(to, text_at(*column, row));
    output.finish(row, start, bytes);
    return true;
  });
}

bool join_row(Arguments args, uint32_t row, TextOutput& output) {
  const std::string_view separator = text_at(*args[0], row);
  size_t bytes = 0;
  size_t present = 0;
  for (size_t i = 1; i < args.size(); ++i) {
    if (args[i]->is_null(row)) continue;
    bytes += text_at(*args[i], row).size();
    ++present;
  }
  if (present > 1) bytes += (present - 1) * separator.size();
  char* const start = output.begin(bytes);
  if (start == nullptr) return false;
  char* to = start;
  for (size_t i = 1; i < args.size(); ++i) {
    if (args[i]->is_null(row)) continue;
    to = append(to, text_at(*args[i], row));
    if (--present > 0) to = append(to, separator);
  }
  output.finish(row, start, bytes);
  return true;
}

// NULL values are left out; a NULL separator makes NULL.
Status concat_ws(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    if (!args[0]->is_null(row)) return join_row(args, row, output);
    out.set_null(row);
    return true;
  });
}

Status repeat(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  const Column& times = *args[1];
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const std::string_view text = text_at(*args[0], row);
    const int32_t asked = times.data<int32_t>()[times.at(row)];
    const size_t number = text.empty() || asked < 0 ? 0 : static_cast<size_t>(asked);
    char* const start = output.begin(number * text.size());
    if (start == nullptr) return false;
    char* to = start;
    for (size_t i = 0; i < number; ++i) to = append(to, text);
    output.finish(row, start, number * text.size());
    return true;
  });
}

size_t count_occurrences(std::string_view text, std::string_view search) {
  size_t count = 0;
  for (size_t at = 0; (at = text.find(search, at)) != std::string_view::npos; ++count) {
    at += search.size();
  }
  return count;
}

bool replace_row(std::string_view text, std::string_view search, std::string_view replacement,
                 uint32_t row, TextOutput& output) {
  const size_t count = count_occurrences(text, search);
  const size_t bytes = text.size() - count * search.size() + count * replacement.size();
  char* const start = output.begin(bytes);
  if (start == nullptr) return false;
  char* to = start;
  for (size_t i = 0; i < count; ++i) {
    const size_t found = text.find(search);
    to = append(append(to, text.substr(0, found)), replacement);
    text.remove_prefix(found + search.size());
  }
  append(to, text);
  output.finish(row, start, bytes);
  return true;
}

// An empty search string stands before, between and behind all UTF-16 units. A pair of surrogates
// is torn apart, and either half becomes `?`.
bool interleave_row(std::string_view text, std::string_view replacement, uint32_t row,
                    TextOutput& output) {
  if (replacement.empty()) return output.copy(row, text);
  char* const start = output.begin(text.size() + replacement.size() * (text.size() + 1));
  if (start == nullptr) return false;
  char* to = append(start, replacement);
  for (size_t i = 0; i < text.size();) {
    const size_t size = std::min<size_t>(utf8::sequence_bytes(text[i]), text.size() - i);
    if (size == 4) to = append(append(append(to, "?"), replacement), "?");
    else to = append(to, text.substr(i, size));
    to = append(to, replacement);
    i += size;
  }
  output.finish(row, start, static_cast<size_t>(to - start));
  return true;
}

// REPLACE(text, search, replacement), left to right, as String.replace of Java.
Status replace(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const std::string_view text = text_at(*args[0], row);
    const std::string_view search = text_at(*args[1], row);
    const std::string_view replacement = text_at(*args[2], row);
    return search.empty() ? interleave_row(text, replacement, row, output)
                          : replace_row(text, search, replacement, row, output);
  });
}

Status reverse(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const std::string_view text = text_at(*args[0], row);
    char* const start = output.begin(text.size());
    if (start == nullptr) return false;
    char* to = start + text.size();
    for (size_t i = 0; i < text.size();) {
      const size_t size = std::min<size_t>(utf8::sequence_bytes(text[i]), text.size() - i);
      to -= size;
      std::memcpy(to, text.data() + i, size);
      i += size;
    }
    output.finish(row, start, text.size());
    return true;
  });
}

constexpr Kernel kKernels[] = {
    {"concat", concat, nullptr, true},
    {"concat_ws", concat_ws, nullptr, false},
    {"repeat", repeat, nullptr, true},
    {"replace", replace, nullptr, true},
    {"reverse", reverse, nullptr, true},
};

}  // namespace

std::span<const Kernel> string_build_kernels() { return kKernels; }

}  // namespace millrace
