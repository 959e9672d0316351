// Patterns of SIMILAR TO as regular expressions of Java; the same as src/expr/regexp/similar.ts.
#include <utility>

#include "kernels/regexp-compile.h"

namespace millrace::regexp {
namespace {

constexpr std::string_view kSpecials = "[]()|^-+*_%?{}";
constexpr std::string_view kJavaSpecials = "[]()|^-+*?{}$\\.";
constexpr std::pair<std::string_view, std::string_view> kClasses[] = {
    {"alpha", "\\p{Alpha}"}, {"upper", "\\p{Upper}"},   {"lower", "\\p{Lower}"},
    {"digit", "\\d"},        {"space", " "},            {"whitespace", "\\s"},
    {"alnum", "\\p{Alnum}"},
};

bool contains(std::string_view letters, char letter) {
  return letters.find(letter) != std::string_view::npos;
}

// The letters of a pattern with the escape; an escape beyond ASCII is found by its bytes.
class Translator {
 public:
  Translator(std::string_view pattern, std::string_view escape)
      : pattern_(pattern), escape_(escape) {}

  bool translate(std::string& to) {
    to = "(?:";
    for (size_t at = 0; at < pattern_.size();) {
      if (is_escape(pattern_, at)) {
        if (!append_escaped(pattern_, at, to)) return false;
        continue;
      }
      const char letter = pattern_[at++];
      if (letter == '[') {
        const size_t end = set_end(at);
        if (end == std::string_view::npos) return false;
        to += '[';
        if (!append_set(pattern_.substr(at, end - at), to)) return false;
        to += ']';
        at = end + 1;
        continue;
      }
      if (letter == ']') return false;
      if (letter == '_') to += '.';
      else if (letter == '%') to += "(?s:.*)";
      else if (letter == '\\' || letter == '$') (to += '\\') += letter;
      else to += letter;
    }
    to += ")\\z";
    return true;
  }

 private:
  [[nodiscard]] bool is_escape(std::string_view text, size_t at) const {
    return !escape_.empty() && text.substr(at).starts_with(escape_);
  }

  // The letter behind the escape at `at`, which moves behind both; false where it may not be
  // escaped.
  bool append_escaped(std::string_view text, size_t& at, std::string& to) const {
    at += escape_.size();
    if (at >= text.size()) return false;
    if (is_escape(text, at)) {
      to += escape_;
      at += escape_.size();
      return true;
    }
    const char letter = text[at++];
    if (!contains(kSpecials, letter)) return false;
    if (contains(kJavaSpecials, letter)) to += '\\';
    to += letter;
    return true;
  }

  // Where the set is closed whose body begins at `at`; [:alpha:] has brackets of its own.
  [[nodiscard]] size_t set_end(size_t at) const {
    while (at < pattern_.size()) {
      if (is_escape(pattern_, at)) {
        at += escape_.size() + 1;
      } else if (pattern_.substr(at).starts_with("[:")) {
        const size_t closed = pattern_.find(":]", at);
        if (closed == std::string_view::npos) break;
        at = closed + 2;
      } else if (pattern_[at] == ']') {
        return at;
      } else {
        ++at;
      }
    }
    return std::string_view::npos;
  }

  bool append_set(std::string_view body, std::string& to) const {
    for (size_t at = 0; at < body.size();) {
      if (is_escape(body, at)) {
        if (!append_escaped(body, at, to)) return false;
        continue;
      }
      const size_t named = name_size(body.substr(at));
      if (named > 0) {
        const std::string_view known = class_of(body.substr(at + 2, named));
        if (known.empty()) return false;
        to += known;
        at += named + 4;
        continue;
      }
      const char letter = body[at++];
      if (letter != '-' && letter != '^' && contains(kSpecials, letter)) return false;
      to += letter;
    }
    return true;
  }

  // Letters of [:name:] at the start of a text; 0 where there is none.
  [[nodiscard]] static size_t name_size(std::string_view text) {
    if (!text.starts_with("[:")) return 0;
    size_t size = 0;
    const auto is_letter = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    while (size + 2 < text.size() && is_letter(text[size + 2])) ++size;
    return text.substr(size + 2).starts_with(":]") ? size : 0;
  }

  // Of a name in one case; empty where there is none.
  [[nodiscard]] static std::string_view class_of(std::string_view name) {
    std::string lower(name);
    bool has_lower = false;
    bool has_upper = false;
    for (char& c : lower) {
      const bool is_upper = c >= 'A' && c <= 'Z';
      (is_upper ? has_upper : has_lower) = true;
      if (is_upper) c = static_cast<char>(c - 'A' + 'a');
    }
    if (has_lower && has_upper) return {};
    for (const auto& [known, set] : kClasses) {
      if (known == lower) return set;
    }
    return {};
  }

  std::string_view pattern_;
  std::string_view escape_;
};

// Whether the text is one UTF-16 unit.
bool is_one_unit(std::string_view text) {
  if (text.empty()) return false;
  const auto first = static_cast<uint8_t>(text[0]);
  const size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return size < 4 && text.size() == size;
}

}  // namespace

bool similar_to_regexp(std::string_view pattern, const std::string_view* escape,
                       std::string& to) {
  if (escape != nullptr && !is_one_unit(*escape)) return false;
  return Translator(pattern, escape == nullptr ? std::string_view{} : *escape).translate(to);
}

}  // namespace millrace::regexp
