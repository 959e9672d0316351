// ENCODE and DECODE: strings as bytes of a character set of Java's standard ones.
#include "kernels/registry.h"
#include "kernels/text-output.h"
#include "kernels/utf8.h"

namespace millrace {

namespace {

enum class Charset : uint8_t { kUtf8, kAscii, kLatin1, kUtf16, kUtf16Big, kUtf16Little, kUnknown };

struct Name {
  std::string_view name;
  Charset charset;
};

constexpr Name kNames[] = {
    {"utf8", Charset::kUtf8},          {"utf-8", Charset::kUtf8},
    {"us-ascii", Charset::kAscii},     {"ascii", Charset::kAscii},
    {"iso-8859-1", Charset::kLatin1},  {"iso8859_1", Charset::kLatin1},
    {"latin1", Charset::kLatin1},      {"utf-16", Charset::kUtf16},
    {"utf16", Charset::kUtf16},        {"utf-16be", Charset::kUtf16Big},
    {"utf-16le", Charset::kUtf16Little},
};

Charset charset_named(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (const Name& row : kNames) {
    if (row.name == lower) return row.charset;
  }
  return Charset::kUnknown;
}

void put_unit(uint32_t unit, bool big, std::string& out) {
  const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 255);
  out.push_back(big ? high : low);
  out.push_back(big ? low : high);
}

void append_point(uint32_t point, std::string& out) {
  char encoded[4];
  out.append(encoded, utf8::encode(point, encoded));
}

void encode(std::string_view text, Charset charset, std::string& out) {
  out.clear();
  const bool big = charset != Charset::kUtf16Little;
  if (charset == Charset::kUtf16 && !text.empty()) put_unit(0xfeff, true, out);
  for (size_t at = 0; at < text.size();) {
    const uint32_t point = utf8::decode(text, at);
    if (charset == Charset::kUtf8) {
      append_point(point, out);
    } else if (charset == Charset::kAscii || charset == Charset::kLatin1) {
      const uint32_t limit = charset == Charset::kAscii ? 0x80 : 0x100;
      out.push_back(point < limit ? static_cast<char>(point) : '?');
    } else if (point < 0x10000) {
      put_unit(point, big, out);
    } else {
      put_unit(0xd800 + ((point - 0x10000) >> 10), big, out);
      put_unit(0xdc00 + ((point - 0x10000) & 0x3ff), big, out);
    }
  }
}

uint32_t unit_at(std::string_view bytes, size_t at, bool big) {
  const auto first = static_cast<uint8_t>(bytes[at]), second = static_cast<uint8_t>(bytes[at + 1]);
  return big ? uint32_t{first} << 8 | second : uint32_t{second} << 8 | first;
}

void decode_utf16(std::string_view bytes, Charset charset, std::string& out) {
  bool big = charset != Charset::kUtf16Little;
  size_t at = 0;
  if (charset == Charset::kUtf16 && bytes.size() >= 2) {
    const uint32_t mark = unit_at(bytes, 0, true);
    if (mark == 0xfeff || mark == 0xfffe) at = 2;
    big = mark != 0xfffe;
  }
  for (; at + 1 < bytes.size(); at += 2) {
    uint32_t point = unit_at(bytes, at, big);
    if (point >= 0xd800 && point < 0xdc00 && at + 3 < bytes.size()) {
      const uint32_t low = unit_at(bytes, at + 2, big);
      if (low >= 0xdc00 && low < 0xe000) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        at += 2;
      }
    }
    append_point(point >= 0xd800 && point < 0xe000 ? utf8::kReplacement : point, out);
  }
  if (at < bytes.size()) append_point(utf8::kReplacement, out);
}

void decode(std::string_view bytes, Charset charset, std::string& out) {
  out.clear();
  if (charset >= Charset::kUtf16) return decode_utf16(bytes, charset, out);
  for (size_t at = 0; at < bytes.size();) {
    if (charset == Charset::kUtf8) {
      append_point(utf8::decode(bytes, at), out);
      continue;
    }
    const auto byte = static_cast<uint8_t>(bytes[at++]);
    const bool is_known = byte < 0x80 || charset == Charset::kLatin1;
    append_point(is_known ? byte : utf8::kReplacement, out);
  }
}

// Both directions by f(bytes, charset, out).
template <typename F>
Status transcode(KernelContext& context, Arguments args, const Selection& selection, Column& out,
                 F f) {
  const int64_t unknown = first_failing_row(selection, [&](uint32_t row) {
    return charset_named(text_at(*args[1], row)) != Charset::kUnknown;
  });
  if (unknown >= 0) {
    const std::string name(text_at(*args[1], static_cast<uint32_t>(unknown)));
    return Status::error("MR3006", "character set " + name, unknown);
  }
  std::string made;
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    f(text_at(*args[0], row), charset_named(text_at(*args[1], row)), made);
    return output.copy(row, made);
  });
}

Status encode_text(KernelContext& context, Arguments args, const Selection& selection,
                   Column& out) {
  return transcode(context, args, selection, out,
                   [](std::string_view text, Charset charset, std::string& made) {
                     if (charset == Charset::kUtf8 && utf8::is_ascii(text)) {
                       made.assign(text);
                     } else {
                       encode(text, charset, made);
                     }
                   });
}

Status decode_bytes(KernelContext& context, Arguments args, const Selection& selection,
                    Column& out) {
  return transcode(context, args, selection, out, decode);
}

constexpr Kernel kKernels[] = {
    {"encode", encode_text, nullptr, true},
    {"decode", decode_bytes, nullptr, true},
};

}  // namespace

std::span<const Kernel> charset_kernels() { return kKernels; }

}  // namespace millrace
