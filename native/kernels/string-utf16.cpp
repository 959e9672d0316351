// LPAD, RPAD, OVERLAY, TRANSLATE on UTF-16 units, where half a surrogate pair becomes `?`; see
// src/expr/kernels/string-utf16.ts.
#include "kernels/registry.h"
#include "kernels/text-output.h"
#include "kernels/utf8.h"

namespace millrace {
namespace {

constexpr int32_t kMaxPaddedUnits = 1 << 28;

void decode_units(std::string_view text, std::u16string& units) {
  units.clear();
  for (size_t at = 0; at < text.size();) {
    const uint32_t point = utf8::decode(text, at);
    if (point < 0x10000) {
      units.push_back(static_cast<char16_t>(point));
    } else {
      units.push_back(static_cast<char16_t>(0xd7c0 + (point >> 10)));
      units.push_back(static_cast<char16_t>(0xdc00 + (point & 0x3ff)));
    }
  }
}

bool is_high(char16_t unit) { return (unit & 0xfc00) == 0xd800; }
bool is_low(char16_t unit) { return (unit & 0xfc00) == 0xdc00; }

size_t encode_units(const std::u16string& units, char* to) {
  size_t bytes = 0;
  for (size_t i = 0; i < units.size(); ++i) {
    uint32_t point = units[i];
    if (is_high(units[i]) && i + 1 < units.size() && is_low(units[i + 1])) {
      point = 0x10000 + ((point - 0xd800) << 10) + (units[++i] - 0xdc00u);
    } else if (is_high(units[i]) || is_low(units[i])) {
      point = '?';
    }
    bytes += utf8::encode(point, to + bytes);
  }
  return bytes;
}

bool put_units(const std::u16string& units, uint32_t row, TextOutput& output) {
  char* to = output.begin(units.size() * 3);
  if (to == nullptr) return false;
  output.finish(row, to, encode_units(units, to));
  return true;
}

void append_padding(std::u16string& units, const std::u16string& pad, size_t room) {
  for (size_t i = 0; i < room; ++i) units.push_back(pad[i % pad.size()]);
}

// Pads or cuts to a length; a negative length or an empty pad gives NULL.
template <bool kLeft>
Status pad(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  const Column& size = *args[1];
  std::u16string base;
  std::u16string filler;
  std::u16string units;
  const int64_t too_long = first_failing_row(selection, [&](uint32_t row) {
    return size.data<int32_t>()[size.at(row)] <= kMaxPaddedUnits || text_at(*args[2], row).empty();
  });
  if (too_long >= 0) {
    const int32_t length = size.data<int32_t>()[size.at(static_cast<uint32_t>(too_long))];
    return Status::error("MR3005", "pad to " + std::to_string(length), too_long);
  }
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const int32_t length = size.data<int32_t>()[size.at(row)];
    const std::string_view text = text_at(*args[2], row);
    if (length < 0 || text.empty()) {
      out.set_null(row);
      return true;
    }
    decode_units(text_at(*args[0], row), base);
    decode_units(text, filler);
    const auto wanted = static_cast<size_t>(length);
    const size_t room = wanted > base.size() ? wanted - base.size() : 0;
    units.clear();
    if constexpr (kLeft) append_padding(units, filler, room);
    units.append(base, 0, wanted);
    if constexpr (!kLeft) append_padding(units, filler, room);
    return put_units(units, row, output);
  });
}

int64_t bigint_at(const Column& column, uint32_t row) {
  return column.data<int64_t>()[column.at(row)];
}

// OVERLAY(text, replacement, start [, length]); a start outside the text changes nothing. The rest
// behind the replaced part is kept only where that part ends inside the text.
Status overlay(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  std::u16string text;
  std::u16string placed;
  std::u16string units;
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    decode_units(text_at(*args[0], row), text);
    decode_units(text_at(*args[1], row), placed);
    const int64_t start = bigint_at(*args[2], row);
    const auto units_of_text = static_cast<int64_t>(text.size());
    if (start <= 0 || start > units_of_text) return put_units(text, row, output);
    const int64_t length = args.size() > 3 ? bigint_at(*args[3], row)
                                           : static_cast<int64_t>(placed.size());
    units.assign(text, 0, static_cast<size_t>(start - 1));
    units += placed;
    if (length > 0 && length <= units_of_text - start) {
      units.append(text, static_cast<size_t>(start - 1 + length));
    }
    return put_units(units, row, output);
  });
}

// Byte offset of the code point in `set`, and its number there; false where it is not in it.
bool find_point(std::string_view set, uint32_t wanted, size_t& number) {
  number = 0;
  for (size_t at = 0; at < set.size(); ++number) {
    if (utf8::decode(set, at) == wanted) return true;
  }
  return false;
}

bool point_number(std::string_view set, size_t number, uint32_t& point) {
  size_t at = 0;
  for (size_t i = 0; at < set.size(); ++i) {
    point = utf8::decode(set, at);
    if (i == number) return true;
  }
  return false;
}

// TRANSLATE(text, from, to): each character of `from` becomes its partner, or goes. A NULL `from`
// changes nothing, a NULL `to` is empty.
Status translate(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    if (args[0]->is_null(row)) {
      out.set_null(row);
      return true;
    }
    const std::string_view text = text_at(*args[0], row);
    const std::string_view from = args[1]->is_null(row) ? "" : text_at(*args[1], row);
    const std::string_view to = args[2]->is_null(row) ? "" : text_at(*args[2], row);
    char* const start = output.begin(text.size() * 4);
    if (start == nullptr) return false;
    size_t bytes = 0;
    for (size_t at = 0; at < text.size();) {
      uint32_t point = utf8::decode(text, at);
      size_t number = 0;
      const bool is_found = find_point(from, point, number);
      if (is_found && !point_number(to, number, point)) continue;
      bytes += utf8::encode(point, start + bytes);
    }
    output.finish(row, start, bytes);
    return true;
  });
}

constexpr Kernel kKernels[] = {
    {"lpad", pad<true>, nullptr, true},
    {"rpad", pad<false>, nullptr, true},
    {"overlay", overlay, nullptr, true},
    {"translate", translate, nullptr, false},
};

}  // namespace

std::span<const Kernel> string_utf16_kernels() { return kKernels; }

}  // namespace millrace
