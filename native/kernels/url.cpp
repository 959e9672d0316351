// PARSE_URL, URL_ENCODE, URL_DECODE, as java.net does them; see src/expr/kernels/url.ts.
#include <algorithm>
#include <optional>

#include "kernels/registry.h"
#include "kernels/text-output.h"
#include "kernels/utf8.h"

namespace millrace {
namespace {

constexpr size_t kNone = std::string_view::npos;
constexpr std::string_view kProtocols[] = {"http", "https",  "ftp", "file",
                                           "jar",  "mailto", "jrt"};

struct UrlParts {
  std::string protocol;  // lower case, short: no memory of its own
  std::optional<std::string_view> authority;
  std::optional<std::string_view> user_info;
  std::string_view host;
  std::string_view path;
  std::optional<std::string_view> query;
  std::optional<std::string_view> ref;
  std::string_view file;  // path and query
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return static_cast<uint8_t>(c) <= 0x20; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  const bool has_prefix = text.size() >= 4 && lower(text[0]) == 'u' && lower(text[1]) == 'r' &&
                          lower(text[2]) == 'l' && text[3] == ':';
  return has_prefix ? text.substr(4) : text;
}

bool parse_authority(std::string_view authority, UrlParts& url) {
  const size_t at = authority.find('@');
  if (at != kNone && at != authority.rfind('@')) return false;
  if (at != kNone) url.user_info = authority.substr(0, at);
  const std::string_view place = at == kNone ? authority : authority.substr(at + 1);
  const size_t bracket = place.starts_with('[') ? place.find(']') : kNone;
  const size_t colon = place.find(':', bracket == kNone ? 0 : bracket);
  url.host = place.substr(0, colon);
  if (colon == kNone) return true;
  const std::string_view port = place.substr(colon + 1);
  return port.size() <= 9 && std::all_of(port.begin(), port.end(), is_digit);
}

// False where java.net.URL refuses it.
bool parse_url(std::string_view text, UrlParts& url) {
  text = trimmed(text);
  const size_t colon = text.find(':');
  if (colon == kNone || colon > 6) return false;
  url.protocol.clear();
  for (const char c : text.substr(0, colon)) url.protocol += lower(c);
  if (std::find(std::begin(kProtocols), std::end(kProtocols), url.protocol) ==
      std::end(kProtocols)) {
    return false;
  }
  const size_t hash = text.find('#');
  if (hash != kNone) url.ref = text.substr(hash + 1);
  std::string_view rest =
      hash != kNone && hash < colon ? "" : text.substr(colon + 1).substr(0, hash - colon - 1);
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
    url.authority = authority;
    rest.remove_prefix(authority.size());
    if (!parse_authority(authority, url)) return false;
  }
  url.file = rest;
  const size_t mark = rest.find('?');
  url.path = rest.substr(0, mark);
  if (mark != kNone) url.query = rest.substr(mark + 1);
  return true;
}

std::optional<std::string_view> part_of(const UrlParts& url, std::string_view name) {
  if (name == "HOST") return url.host;
  if (name == "PATH") return url.path;
  if (name == "QUERY") return url.query;
  if (name == "REF") return url.ref;
  if (name == "PROTOCOL") return url.protocol;
  if (name == "FILE") return url.file;
  if (name == "AUTHORITY") return url.authority;
  return name == "USERINFO" ? url.user_info : std::nullopt;
}

// The value of a key in a query: up to the next `&`.
std::optional<std::string_view> query_value(std::string_view query, std::string_view key) {
  for (;;) {
    const size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    if (pair.starts_with(key) && pair.substr(key.size()).starts_with('=')) {
      return pair.substr(key.size() + 1);
    }
    if (end == kNone) return std::nullopt;
    query.remove_prefix(end + 1);
  }
}

bool is_plain_key(std::string_view key) {
  return std::all_of(key.begin(), key.end(), [](char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || c == '-';
  });
}

bool has_dots(std::string_view path) {
  return path.find("/./") != kNone || path.find("/../") != kNone || path.ends_with("/.") ||
         path.ends_with("/..");
}

// PARSE_URL(url, part [, key]).
Status parse_url_rows(KernelContext& context, Arguments args, const Selection& selection,
                      Column& out) {
  std::string refused;
  int64_t refused_row = -1;
  MR_TRY(build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    UrlParts url;
    const bool is_url = parse_url(text_at(*args[0], row), url);
    const std::string_view name = text_at(*args[1], row);
    const bool has_key = args.size() > 2;
    const std::string_view key = has_key ? text_at(*args[2], row) : std::string_view{};
    if (refused_row < 0 && (!is_plain_key(key) || (is_url && has_dots(url.path)))) {
      refused = is_plain_key(key) ? "PARSE_URL with dots" : "PARSE_URL with such a key";
      refused_row = row;
    }
    std::optional<std::string_view> part;
    if (is_url) part = part_of(url, name);
    if (has_key && part.has_value()) {
      part = name == "QUERY" ? query_value(*part, key) : std::nullopt;
    }
    if (part.has_value()) return output.copy(row, *part);
    out.set_null(row);
    return true;
  }));
  return refused_row < 0 ? Status::ok() : Status::error("MR2100", refused, refused_row);
}

constexpr char kDigits[] = "0123456789ABCDEF";

bool stays(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '.' || c == '*' ||
         c == '_' || c == '-';
}

Status url_encode(KernelContext& context, Arguments args, const Selection& selection,
                  Column& out) {
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const std::string_view text = text_at(*args[0], row);
    char* const start = output.begin(text.size() * 9);
    if (start == nullptr) return false;
    char* to = start;
    for (size_t at = 0; at < text.size();) {
      char bytes[4];
      const uint32_t size = utf8::encode(utf8::decode(text, at), bytes);
      for (uint32_t i = 0; i < size; ++i) {
        if (stays(bytes[i]) || bytes[i] == ' ') {
          *to++ = bytes[i] == ' ' ? '+' : bytes[i];
          continue;
        }
        *to++ = '%';
        *to++ = kDigits[static_cast<uint8_t>(bytes[i]) >> 4];
        *to++ = kDigits[static_cast<uint8_t>(bytes[i]) & 15];
      }
    }
    output.finish(row, start, static_cast<size_t>(to - start));
    return true;
  });
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  return lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
}

// False where a `%` is not followed by two hex digits.
bool decode_percents(std::string_view text, std::string& decoded) {
  decoded.clear();
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return false;
    decoded += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return true;
}

Status url_decode(KernelContext& context, Arguments args, const Selection& selection,
                  Column& out) {
  std::string decoded;
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    if (!decode_percents(text_at(*args[0], row), decoded)) {
      out.set_null(row);
      return true;
    }
    char* const start = output.begin(decoded.size() * 3);
    if (start == nullptr) return false;
    size_t bytes = 0;
    for (size_t at = 0; at < decoded.size();) {
      bytes += utf8::encode(utf8::decode(decoded, at), start + bytes);
    }
    output.finish(row, start, bytes);
    return true;
  });
}

constexpr Kernel kKernels[] = {
    {"parse_url", parse_url_rows, nullptr, true},
    {"url_encode", url_encode, nullptr, true},
    {"url_decode", url_decode, nullptr, true},
};

}  // namespace

std::span<const Kernel> url_kernels() { return kKernels; }

}  // namespace millrace
