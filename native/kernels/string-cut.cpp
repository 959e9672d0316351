// Functions whose result is a piece of their first argument: TRIM, SUBSTRING, LEFT, RIGHT,
// SPLIT_INDEX. Long pieces reference the argument's memory; see src/expr/kernels/string-cut.ts.
#include "kernels/registry.h"
#include "kernels/text-output.h"
#include "kernels/utf8.h"

namespace millrace {
namespace {

enum class Side { kBoth, kLeading, kTrailing };

bool is_in_set(std::string_view point, std::string_view set) {
  for (size_t i = 0; i < set.size();) {
    const size_t size = utf8::sequence_bytes(set[i]);
    if (size == point.size() && set.substr(i, size) == point) return true;
    i += size;
  }
  return false;
}

std::string_view trim_start(std::string_view text, std::string_view set) {
  while (!text.empty()) {
    const size_t size = std::min<size_t>(utf8::sequence_bytes(text[0]), text.size());
    if (!is_in_set(text.substr(0, size), set)) break;
    text.remove_prefix(size);
  }
  return text;
}

std::string_view trim_end(std::string_view text, std::string_view set) {
  while (!text.empty()) {
    size_t first = text.size() - 1;
    while (first > 0 && utf8::is_continuation(text[first])) --first;
    if (!is_in_set(text.substr(first), set)) break;
    text.remove_suffix(text.size() - first);
  }
  return text;
}

// out[row] = cut(row) for each selected row: a piece of the source's string of that row.
template <typename F>
Status cut_rows(const Column& source, const Selection& selection, Column& out, F cut) {
  share_memory(source, out);
  StringView* views = out.data<StringView>();
  for_each_row(selection, [&](uint32_t row) { views[row] = StringView(cut(row)); });
  return Status::ok();
}

Status trim_rows(Side side, const Column& source, const Column* set, const Selection& selection,
                 Column& out) {
  return cut_rows(source, selection, out, [&](uint32_t row) {
    const std::string_view characters = set == nullptr ? " " : text_at(*set, row);
    std::string_view text = text_at(source, row);
    if (side != Side::kTrailing) text = trim_start(text, characters);
    return side == Side::kLeading ? text : trim_end(text, characters);
  });
}

// LTRIM, RTRIM, BTRIM: text, then the characters; by default blanks.
template <Side kSide>
Status trim(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  return trim_rows(kSide, *args[0], args.size() > 1 ? args[1] : nullptr, selection, out);
}

// TRIM(side, characters, text).
Status trim_side(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const std::string_view name = text_at(*args[0], selection[0]);
  const Side side = name == "LEADING"    ? Side::kLeading
                    : name == "TRAILING" ? Side::kTrailing
                                         : Side::kBoth;
  return trim_rows(side, *args[2], args[1], selection, out);
}

std::string_view piece_of(std::string_view text, int32_t from, int32_t length) {
  int64_t skipped = from > 0 ? int64_t{from} - 1 : 0;
  if (from < 0) {
    skipped = int64_t{utf8::count_code_points(text)} + from;
    if (skipped < 0) return text.substr(0, 0);
  }
  const std::string_view rest = text.substr(utf8::skip_code_points(text, skipped));
  return rest.substr(0, utf8::skip_code_points(rest, length));
}

// SUBSTRING(text, start [, length]): from 1; negative counts from the end; 0 is as 1.
Status substring(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& source = *args[0];
  const Column& from = *args[1];
  const Column* size = args.size() > 2 ? args[2] : nullptr;
  share_memory(source, out);
  StringView* views = out.data<StringView>();
  for_each_row(selection, [&](uint32_t row) {
    const int32_t length = size == nullptr ? INT32_MAX : size->data<int32_t>()[size->at(row)];
    if (length < 0) {
      out.set_null(row);
      return;
    }
    const int32_t start = from.data<int32_t>()[from.at(row)];
    views[row] = StringView(piece_of(text_at(source, row), start, length));
  });
  return Status::ok();
}

int32_t length_at(const Column& size, uint32_t row) {
  return std::max(0, size.data<int32_t>()[size.at(row)]);
}

Status left(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  return cut_rows(*args[0], selection, out, [&](uint32_t row) {
    const std::string_view text = text_at(*args[0], row);
    return text.substr(0, utf8::skip_code_points(text, length_at(*args[1], row)));
  });
}

Status right(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  return cut_rows(*args[0], selection, out, [&](uint32_t row) {
    const std::string_view text = text_at(*args[0], row);
    const int64_t kept = int64_t{utf8::count_code_points(text)} - length_at(*args[1], row);
    return kept <= 0 ? text : text.substr(utf8::skip_code_points(text, kept));
  });
}

// An empty separator splits at blanks (those of ASCII that Java calls whitespace).
size_t find_blank(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char byte = text[i];
    if (byte == ' ' || (byte >= 0x09 && byte <= 0x0d) || (byte >= 0x1c && byte <= 0x1f)) return i;
  }
  return std::string_view::npos;
}

// The piece of this index, from 0; false where there is none.
bool pick_piece(std::string_view text, std::string_view separator, int32_t wanted,
                std::string_view& piece) {
  if (wanted < 0 || text.empty()) return false;
  const size_t width = std::max<size_t>(1, separator.size());
  for (int32_t i = 0;; ++i) {
    const size_t next = separator.empty() ? find_blank(text) : text.find(separator);
    if (i == wanted) {
      piece = text.substr(0, next);
      return true;
    }
    if (next == std::string_view::npos) return false;
    text.remove_prefix(next + width);
  }
}

// SPLIT_INDEX(text, separator, index).
Status split_index(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& index = *args[2];
  share_memory(*args[0], out);
  StringView* views = out.data<StringView>();
  for_each_row(selection, [&](uint32_t row) {
    std::string_view piece;
    const int32_t wanted = index.data<int32_t>()[index.at(row)];
    if (pick_piece(text_at(*args[0], row), text_at(*args[1], row), wanted, piece)) {
      views[row] = StringView(piece);
    } else {
      out.set_null(row);
    }
  });
  return Status::ok();
}

// SPLIT_INDEX(text, code, index): the separator is the character of a code 1..255.
Status split_index_code(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& code = *args[1];
  const Column& index = *args[2];
  share_memory(*args[0], out);
  StringView* views = out.data<StringView>();
  for_each_row(selection, [&](uint32_t row) {
    const int32_t value = code.data<int32_t>()[code.at(row)];
    std::string_view piece;
    char separator[4];
    const bool is_valid = value >= 1 && value <= 255;
    const size_t size = is_valid ? utf8::encode(static_cast<uint32_t>(value), separator) : 0;
    const int32_t wanted = index.data<int32_t>()[index.at(row)];
    if (is_valid && pick_piece(text_at(*args[0], row), {separator, size}, wanted, piece)) {
      views[row] = StringView(piece);
    } else {
      out.set_null(row);
    }
  });
  return Status::ok();
}

constexpr Kernel kKernels[] = {
    {"trim", trim_side, nullptr, true},
    {"trim_both", trim<Side::kBoth>, nullptr, true},
    {"trim_leading", trim<Side::kLeading>, nullptr, true},
    {"trim_trailing", trim<Side::kTrailing>, nullptr, true},
    {"substring", substring, nullptr, true},
    {"left", left, nullptr, true},
    {"right", right, nullptr, true},
    {"split_index", split_index, nullptr, true},
    {"split_index_code", split_index_code, nullptr, true},
};

}  // namespace

std::span<const Kernel> string_cut_kernels() { return kKernels; }

}  // namespace millrace
