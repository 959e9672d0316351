#include "kernels/date-pattern.h"

namespace millrace::dates {

const std::string_view kMonths[12] = {"January", "February", "March",     "April",
                                      "May",     "June",     "July",      "August",
                                      "September", "October", "November", "December"};
const std::string_view kWeekdays[7] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};

namespace {

constexpr size_t kMaxPatternLength = 1000;
constexpr std::string_view kSimpleLetters = "GyYMLwWDdFEuaHkKhmsSzZX";

// Most letters of a field; 0 where the letter is unknown.
uint32_t most_letters(char letter) {
  switch (letter) {
    case 'W': case 'F': case 'a': return 1;
    case 'd': case 'w': case 'h': case 'K': case 'k': case 'H': case 'm': case 's': return 2;
    case 'D': return 3;
    case 'G': case 'M': case 'L': case 'Q': case 'q': case 'E': case 'e': case 'c': case 'X':
    case 'x': case 'Z': return 5;
    case 'S': return 9;
    case 'u': case 'y': case 'Y': case 'A': case 'n': case 'N': return 19;
    default: return 0;
  }
}

Fault check_field(char letter, uint32_t count, PatternKind kind) {
  if (kind == PatternKind::kSimple) {
    if (kSimpleLetters.find(letter) != std::string_view::npos) return {};
    return std::string("Illegal pattern character '") + letter + "'";
  }
  const uint32_t most = most_letters(letter);
  if (most == 0) return std::string("Unknown pattern letter: ") + letter;
  return count > most ? std::string("Too many pattern letters: ") + letter : Fault{};
}

// The quoted text that starts at `at`, which moves behind it; false where it is not closed.
bool take_quoted(std::string_view text, size_t& at, std::string& quoted) {
  if (text.substr(at).starts_with("''")) {
    quoted = "'";
    at += 2;
    return true;
  }
  for (++at; at < text.size(); ++at) {
    if (text[at] != '\'') {
      quoted += text[at];
    } else if (text.substr(at).starts_with("''")) {
      quoted += text[at++];
    } else {
      ++at;
      return true;
    }
  }
  return false;
}

Fault add_literal(char letter, PatternKind kind, Pattern& pattern) {
  if (kind == PatternKind::kTime) {
    if (letter == '{' || letter == '}' || letter == '#') {
      return std::string("Pattern includes reserved character: '") + letter + "'";
    }
    if (letter == '[' || letter == ']') {
      pattern.push_back({letter, 0, {}});
      return {};
    }
  }
  pattern.push_back({'\'', 0, std::string(1, letter)});
  return {};
}

// Optional parts left open end with the pattern.
Fault balance_options(Pattern& pattern) {
  int depth = 0;
  for (const PatternItem& item : pattern) {
    if (item.letter == '[') ++depth;
    if (item.letter == ']' && --depth < 0) {
      return "Pattern invalid as it contains ] without previous [";
    }
  }
  for (; depth > 0; --depth) pattern.push_back({']', 0, {}});
  return {};
}

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

}  // namespace

Fault parse_pattern(std::string_view text, PatternKind kind, Pattern& pattern) {
  pattern.clear();
  if (text.size() > kMaxPatternLength) return "date pattern is too long";
  for (size_t at = 0; at < text.size();) {
    const char letter = text[at];
    Fault fault;
    if (is_letter(letter)) {
      const size_t end = std::min(text.find_first_not_of(letter, at), text.size());
      const auto count = static_cast<uint32_t>(end - at);
      fault = check_field(letter, count, kind);
      pattern.push_back({letter, count, {}});
      at = end;
    } else if (letter == '\'') {
      std::string quoted;
      if (!take_quoted(text, at, quoted)) {
        return "Pattern ends with an incomplete string literal: " + std::string(text);
      }
      pattern.push_back({'\'', 0, std::move(quoted)});
    } else {
      fault = add_literal(letter, kind, pattern);
      ++at;
    }
    if (!fault.empty()) return fault;
  }
  return kind == PatternKind::kTime ? balance_options(pattern) : Fault{};
}

}  // namespace millrace::dates
