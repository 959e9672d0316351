// Functions that look into strings: CHAR_LENGTH, POSITION, INSTR, STARTSWITH, ENDSWITH, ASCII; see
// src/expr/kernels/string-search.ts.
#include "kernels/registry.h"
#include "kernels/text-output.h"
#include "kernels/utf8.h"

namespace millrace {
namespace {

Status char_length(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  int32_t* values = out.data<int32_t>();
  for_each_row(selection, [&](uint32_t row) {
    values[row] = utf8::count_code_points(text_at(*args[0], row));
  });
  return Status::ok();
}

// Where the needle stands at or behind `skipped` code points: counted from 1, or 0.
int32_t index_from(std::string_view text, std::string_view needle, int64_t skipped) {
  if (needle.empty()) return 1;
  const size_t from = skipped <= 0 ? 0 : utf8::skip_code_points(text, skipped);
  const size_t found = text.find(needle, from);
  return found == std::string_view::npos ? 0 : utf8::count_code_points(text.substr(0, found)) + 1;
}

// POSITION(needle, text [, from]): counted from 1; 0 where there is none.
Status position(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column* from = args.size() > 2 ? args[2] : nullptr;
  int32_t* values = out.data<int32_t>();
  for_each_row(selection, [&](uint32_t row) {
    const int64_t skipped =
        from == nullptr ? 0 : int64_t{from->data<int32_t>()[from->at(row)]} - 1;
    values[row] = index_from(text_at(*args[1], row), text_at(*args[0], row), skipped);
  });
  return Status::ok();
}

int32_t nth_forward(std::string_view text, std::string_view needle, int32_t from, int32_t nth) {
  if (from == 0) return 0;
  int32_t found = from - 1;
  for (int32_t i = 0; i < nth; ++i) {
    found = index_from(text, needle, found);
    if (found == 0) return 0;
  }
  return found;
}

// A match must end `from` characters before the end (-1: at the end), or further left.
// An empty needle stands behind the text. `starts` is room for where its characters start.
int32_t nth_backward(std::string_view text, std::string_view needle, int32_t from, int32_t nth,
                     std::vector<uint32_t>& starts) {
  if (needle.empty()) return utf8::count_code_points(text) + 1;
  starts.clear();
  for (size_t at = 0; at < text.size(); at += utf8::sequence_bytes(text[at])) {
    starts.push_back(static_cast<uint32_t>(at));
  }
  int32_t open = nth;
  const int64_t width = utf8::count_code_points(needle);
  int64_t skipped = static_cast<int64_t>(starts.size()) + from + 1 - width;
  for (; skipped >= 0; --skipped) {
    const std::string_view rest = text.substr(starts[static_cast<size_t>(skipped)]);
    if (rest.starts_with(needle) && --open == 0) return static_cast<int32_t>(skipped) + 1;
  }
  return 0;
}

int32_t int_at(Arguments args, size_t index, uint32_t row) {
  return args.size() > index ? args[index]->data<int32_t>()[args[index]->at(row)] : 1;
}

// INSTR(text, needle [, start [, occurrence]]): a negative start searches backwards.
Status instr(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  int32_t* values = out.data<int32_t>();
  std::vector<uint32_t> starts;
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const int32_t from = int_at(args, 2, row);
    const int32_t nth = int_at(args, 3, row);
    const std::string_view text = text_at(*args[0], row);
    const std::string_view needle = text_at(*args[1], row);
    values[row] = from >= 0 ? nth_forward(text, needle, from, nth)
                            : nth_backward(text, needle, from, nth, starts);
    return nth > 0;
  });
  if (failing < 0) return Status::ok();
  return Status::error("MR3006", "nthAppearance must be positive!", failing);
}

Status starts_with(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  auto* values = out.data<uint8_t>();
  for_each_row(selection, [&](uint32_t row) {
    values[row] = text_at(*args[0], row).starts_with(text_at(*args[1], row));
  });
  return Status::ok();
}

Status ends_with(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  auto* values = out.data<uint8_t>();
  for_each_row(selection, [&](uint32_t row) {
    values[row] = text_at(*args[0], row).ends_with(text_at(*args[1], row));
  });
  return Status::ok();
}

// The first byte, signed; 0 for an empty string.
Status ascii(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  int32_t* values = out.data<int32_t>();
  for_each_row(selection, [&](uint32_t row) {
    const std::string_view text = text_at(*args[0], row);
    values[row] = text.empty() ? 0 : static_cast<int8_t>(text[0]);
  });
  return Status::ok();
}

constexpr Kernel kKernels[] = {
    {"char_length", char_length, nullptr, true},
    {"position", position, nullptr, true},
    {"instr", instr, nullptr, true},
    {"starts_with", starts_with, nullptr, true},
    {"ends_with", ends_with, nullptr, true},
    {"ascii", ascii, nullptr, true},
};

}  // namespace

std::span<const Kernel> string_search_kernels() { return kKernels; }

}  // namespace millrace
