#include "kernels/printf-format.h"

#include <algorithm>

namespace millrace::printf {
namespace {

constexpr int64_t kMost = INT32_MAX;
constexpr int64_t kMostWidth = 1'000'000;
constexpr std::string_view kFlags = "-#+ 0,(<";
constexpr std::string_view kLetters = "bhscdoxefgat%n";
constexpr std::string_view kWithUpper = "bschxegat";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits from `at` on, which moves behind them; nothing: there are none. Capped above kMost.
std::optional<int64_t> take_number(std::string_view text, size_t& at) {
  if (at >= text.size() || !is_digit(text[at])) return std::nullopt;
  int64_t number = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    number = std::min(number * 10 + (text[at] - '0'), kMost + 1);
  }
  return number;
}

Format bad() {
  Format format;
  format.state = Format::State::kBad;
  return format;
}

Format unsupported(std::string detail) {
  Format format;
  format.state = Format::State::kUnsupported;
  format.detail = std::move(detail);
  return format;
}

// Flags that a letter does not take.
std::string_view refused_flags(char letter) {
  switch (letter) {
    case 'b': case 'c': case '%': return "#+ 0,(";
    case 's': return "+ 0,(";
    case 'd': case 'g': return "#";
    case 'o': case 'x': case 'e': return ",";
    case 'n': return "-#+ 0,(";
    default: return "";
  }
}

bool contains(std::string_view text, char c) { return text.find(c) != std::string_view::npos; }

bool fits(const Conversion& one) {
  const std::string_view refused = refused_flags(one.letter);
  if (std::any_of(refused.begin(), refused.end(), [&](char flag) { return one.has(flag); })) {
    return false;
  }
  const bool needs_width = one.has('-') || (contains("doxefg", one.letter) && one.has('0'));
  return !(needs_width && one.width < 0) &&
         !(one.precision >= 0 && contains("cdox%n", one.letter)) &&
         !(one.letter == 'n' && one.width >= 0) && !(one.has('+') && one.has(' ')) &&
         !(one.has('-') && one.has('0'));
}

// What stands behind a per cent sign.
struct Specifier {
  std::optional<int64_t> index;
  std::string flags;
  std::optional<int64_t> width;
  std::optional<int64_t> precision;
  char sign = 0;
};

// `at` moves behind it; false where it is none.
bool take_specifier(std::string_view text, size_t& at, Specifier& found) {
  size_t behind = at;
  found.index = take_number(text, behind);
  if (found.index.has_value() && behind < text.size() && text[behind] == '$') {
    at = behind + 1;
  } else {
    found.index.reset();
  }
  while (at < text.size() && contains(kFlags, text[at])) found.flags += text[at++];
  found.width = take_number(text, at);
  if (at + 1 < text.size() && text[at] == '.' && is_digit(text[at + 1])) {
    found.precision = take_number(text, ++at);
  }
  if (at >= text.size()) return false;
  found.sign = text[at++];
  return true;
}

Format::State read(const Specifier& found, Conversion& one, std::string& detail) {
  const bool is_upper = found.sign >= 'A' && found.sign <= 'Z';
  one.letter = is_upper ? static_cast<char>(found.sign - 'A' + 'a') : found.sign;
  one.is_upper = is_upper;
  if (!contains(is_upper ? kWithUpper : kLetters, one.letter)) return Format::State::kBad;
  if (contains("hat", one.letter)) {
    detail = std::string("%") + found.sign;
    return Format::State::kUnsupported;
  }
  for (const char flag : found.flags) {
    if (std::count(found.flags.begin(), found.flags.end(), flag) > 1) return Format::State::kBad;
    if (flag != '<') one.flags += flag;
  }
  for (const auto& number : {found.width, found.precision}) {
    if (number.value_or(0) > kMost) return Format::State::kBad;
    if (number.value_or(0) <= kMostWidth) continue;
    detail = "a width of " + std::to_string(*number);
    return Format::State::kUnsupported;
  }
  one.width = static_cast<int32_t>(found.width.value_or(-1));
  one.precision = static_cast<int32_t>(found.precision.value_or(-1));
  if (contains(found.flags, '<')) one.argument = -1;
  else if (found.index.has_value()) {
    if (*found.index == 0 || *found.index > kMost) return Format::State::kBad;
    one.argument = static_cast<int32_t>(*found.index);
  }
  return fits(one) ? Format::State::kFine : Format::State::kBad;
}

}  // namespace

Format parse_format(std::string_view text) {
  Format format;
  for (size_t at = 0; at < text.size();) {
    const size_t next = std::min(text.find('%', at), text.size());
    if (next > at) format.pieces.emplace_back().text = text.substr(at, next - at);
    if (next == text.size()) break;
    at = next + 1;
    Specifier found;
    if (!take_specifier(text, at, found)) return bad();
    std::string detail;
    const Format::State state = read(found, format.pieces.emplace_back(), detail);
    if (state == Format::State::kBad) return bad();
    if (state == Format::State::kUnsupported) return unsupported(std::move(detail));
  }
  return format;
}

}  // namespace millrace::printf
