#include "formats/json-scan.h"

#include <cstdlib>
#include <utility>
#include <vector>

namespace millrace::json {

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The unit of "\uXXXX" whose backslash stands at `at`; -1 where it is none.
static int32_t escaped_unit(const char* at, const char* end) {
  if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return -1;
  int32_t unit = 0;
  for (int i = 2; i < 6; ++i) {
    const int digit = hex_digit(at[i]);
    if (digit < 0) return -1;
    unit = unit << 4 | digit;
  }
  return unit;
}

const char* skip_escape(const char* at, const char* end) {
  if (end - at < 2) return nullptr;
  switch (at[1]) {
    case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
      return at + 2;
    case 'u': return escaped_unit(at, end) < 0 ? nullptr : at + 6;
    default: return nullptr;
  }
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool scan_digits(Cursor& cursor) {
  const char* begin = cursor.at;
  while (!cursor.done() && is_digit(*cursor.at)) ++cursor.at;
  return cursor.at > begin;
}

// What may follow a scalar.
static bool ends_scalar(const Cursor& cursor) {
  if (cursor.done()) return true;
  const char c = *cursor.at;
  return c == ',' || c == '}' || c == ']' || is_space(c);
}

bool scan_number(Cursor& cursor, bool& integral) {
  integral = true;
  if (!cursor.done() && *cursor.at == '-') ++cursor.at;
  if (!cursor.done() && *cursor.at == '0') ++cursor.at;
  else if (!scan_digits(cursor)) return false;
  if (!cursor.done() && *cursor.at == '.') {
    integral = false;
    ++cursor.at;
    if (!scan_digits(cursor)) return false;
  }
  if (!cursor.done() && (*cursor.at | 32) == 'e') {
    integral = false;
    ++cursor.at;
    if (!cursor.done() && (*cursor.at == '+' || *cursor.at == '-')) ++cursor.at;
    if (!scan_digits(cursor)) return false;
  }
  return ends_scalar(cursor);
}

bool scan_word(Cursor& cursor, std::string_view word) {
  const auto left = static_cast<size_t>(cursor.end - cursor.at);
  if (left < word.size() || std::memcmp(cursor.at, word.data(), word.size()) != 0) return false;
  cursor.at += word.size();
  return ends_scalar(cursor);
}

bool skip_value(Cursor& cursor, int depth) {
  bool integral;
  Text text;
  switch (next_byte(cursor)) {
    case '"':
      ++cursor.at;
      return scan_string(cursor, text);
    case 'n': return scan_word(cursor, "null");
    case 't': return scan_word(cursor, "true");
    case 'f': return scan_word(cursor, "false");
    case '{':
    case '[': {
      const char close = *cursor.at == '{' ? '}' : ']';
      if (depth >= kMaxDepth) return false;
      ++cursor.at;
      if (next_byte(cursor) == close) {
        ++cursor.at;
        return true;
      }
      while (true) {
        if (close == '}') {
          if (next_byte(cursor) != '"') return false;
          ++cursor.at;
          if (!scan_string(cursor, text) || next_byte(cursor) != ':') return false;
          ++cursor.at;
        }
        if (!skip_value(cursor, depth + 1)) return false;
        const char next = next_byte(cursor);
        if (next != ',' && next != close) return false;
        ++cursor.at;
        if (next == close) return true;
      }
    }
    default: return scan_number(cursor, integral);
  }
}

static void append_code_point(TextBuffer& out, uint32_t code) {
  if (code < 0x80) {
    out.append(static_cast<char>(code));
  } else if (code < 0x800) {
    out.append(static_cast<char>(0xc0 | code >> 6));
    out.append(static_cast<char>(0x80 | (code & 63)));
  } else if (code < 0x10000) {
    out.append(static_cast<char>(0xe0 | code >> 12));
    out.append(static_cast<char>(0x80 | (code >> 6 & 63)));
    out.append(static_cast<char>(0x80 | (code & 63)));
  } else {
    out.append(static_cast<char>(0xf0 | code >> 18));
    out.append(static_cast<char>(0x80 | (code >> 12 & 63)));
    out.append(static_cast<char>(0x80 | (code >> 6 & 63)));
    out.append(static_cast<char>(0x80 | (code & 63)));
  }
}

// Reads one or two \u escapes; returns behind them.
static const char* append_unicode(TextBuffer& out, const char* at, const char* end) {
  const auto unit = static_cast<uint32_t>(escaped_unit(at, end));
  at += 6;
  if (unit < 0xd800 || unit > 0xdfff) {
    append_code_point(out, unit);
    return at;
  }
  const int32_t low = unit < 0xdc00 ? escaped_unit(at, end) : -1;
  if (low < 0xdc00 || low > 0xdfff) {
    out.append('?');
    return at;
  }
  const auto low_bits = static_cast<uint32_t>(low) - 0xdc00;
  append_code_point(out, 0x10000 + ((unit - 0xd800) << 10) + low_bits);
  return at + 6;
}

void append_unescaped(TextBuffer& out, std::string_view raw) {
  const char* at = raw.data();
  const char* end = at + raw.size();
  while (at < end) {
    const auto* slash = static_cast<const char*>(std::memchr(at, '\\', end - at));
    const char* stop = slash == nullptr ? end : slash;
    out.append(std::string_view(at, static_cast<size_t>(stop - at)));
    if (slash == nullptr) return;
    at = slash + 2;
    switch (slash[1]) {
      case 'b': out.append('\b'); break;
      case 'f': out.append('\f'); break;
      case 'n': out.append('\n'); break;
      case 'r': out.append('\r'); break;
      case 't': out.append('\t'); break;
      case 'u': at = append_unicode(out, slash, end); break;
      default: out.append(slash[1]); break;
    }
  }
}

// Quotes text as Jackson's writer of characters does: supplementary characters as they are.
static void append_quoted(TextBuffer& out, std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  out.append('"');
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    switch (c) {
      case '"': out.append("\\\""); break;
      case '\\': out.append("\\\\"); break;
      case '\b': out.append("\\b"); break;
      case '\t': out.append("\\t"); break;
      case '\n': out.append("\\n"); break;
      case '\f': out.append("\\f"); break;
      case '\r': out.append("\\r"); break;
      default:
        if (byte >= 0x20) {
          out.append(c);
        } else {
          out.append("\\u00");
          out.append(kHex[byte >> 4]);
          out.append(kHex[byte & 15]);
        }
    }
  }
  out.append('"');
}

static bool compact_string(Cursor& cursor, TextBuffer& out) {
  Text text;
  ++cursor.at;
  if (!scan_string(cursor, text)) return false;
  TextBuffer plain;
  append_unescaped(plain, text.raw());
  append_quoted(out, plain.view());
  return true;
}

static bool compact_number(Cursor& cursor, TextBuffer& out) {
  const char* begin = cursor.at;
  bool integral;
  if (!scan_number(cursor, integral)) return false;
  const std::string text(begin, cursor.at);
  if (integral) {
    out.append(text == "-0" ? "0" : std::string_view(text));
    return true;
  }
  const double value = std::strtod(text.c_str(), nullptr);
  const bool quoted = value - value != 0;
  if (quoted) out.append('"');
  append_double(out, value);
  if (quoted) out.append('"');
  return true;
}

static bool compact_array(Cursor& cursor, TextBuffer& out, int depth) {
  ++cursor.at;
  out.append('[');
  if (next_byte(cursor) == ']') {
    ++cursor.at;
    out.append(']');
    return true;
  }
  while (true) {
    if (!append_compact(cursor, out, depth + 1)) return false;
    const char next = next_byte(cursor);
    if (next != ',' && next != ']') return false;
    ++cursor.at;
    out.append(next);
    if (next == ']') return true;
  }
}

static bool compact_members(Cursor& cursor, int depth,
                            std::vector<std::pair<std::string, std::string>>& members) {
  while (true) {
    TextBuffer name, value;
    if (next_byte(cursor) != '"' || !compact_string(cursor, name)) return false;
    if (next_byte(cursor) != ':') return false;
    ++cursor.at;
    if (!append_compact(cursor, value, depth + 1)) return false;
    bool found = false;
    for (auto& member : members) {
      if (member.first != name.view()) continue;
      member.second = value.view();
      found = true;
    }
    if (!found) members.emplace_back(name.view(), value.view());
    const char next = next_byte(cursor);
    if (next != ',' && next != '}') return false;
    ++cursor.at;
    if (next == '}') return true;
  }
}

static bool compact_object(Cursor& cursor, TextBuffer& out, int depth) {
  std::vector<std::pair<std::string, std::string>> members;
  ++cursor.at;
  if (next_byte(cursor) == '}') ++cursor.at;
  else if (!compact_members(cursor, depth, members)) return false;
  out.append('{');
  for (size_t i = 0; i < members.size(); ++i) {
    if (i > 0) out.append(',');
    out.append(members[i].first);
    out.append(':');
    out.append(members[i].second);
  }
  out.append('}');
  return true;
}

bool append_compact(Cursor& cursor, TextBuffer& out, int depth) {
  if (depth >= kMaxDepth) return false;
  const char* begin;
  switch (next_byte(cursor)) {
    case '"': return compact_string(cursor, out);
    case '{': return compact_object(cursor, out, depth);
    case '[': return compact_array(cursor, out, depth);
    case 'n': case 't': case 'f':
      begin = cursor.at;
      if (!skip_value(cursor, depth)) return false;
      out.append(std::string_view(begin, static_cast<size_t>(cursor.at - begin)));
      return true;
    default: return compact_number(cursor, out);
  }
}

}  // namespace millrace::json
