// Patterns of java.util.regex and of SIMILAR TO, compiled and searched for; a zero byte parts the
// pattern from the text.
#include "kernels/regexp-compile.h"
#include "target.h"

namespace millrace::fuzz {
namespace {

// Programs lead nowhere outside of themselves, whatever the pattern.
void search(std::string_view pattern, std::string_view text) {
  regexp::Compiled compiled = regexp::compile(pattern);
  if (compiled.fault.kind != regexp::Fault::Kind::kNone) return;
  RegexpMatcher matcher(std::move(compiled.program));
  matcher.reset(text);
  for (size_t at = 0, found = 0; at <= text.size() && found < 16 && matcher.find(at); ++found) {
    const auto start = static_cast<size_t>(matcher.start_of(0));
    const auto end = static_cast<size_t>(matcher.end_of(0));
    at = end > start ? end : matcher.behind(end);
  }
  (void)matcher.matches_all();
}

void run(Bytes input) {
  const std::string_view all(reinterpret_cast<const char*>(input.data()),
                             std::min<size_t>(input.size(), 512));
  const size_t parted = std::min(all.find('\0'), all.size());
  const std::string_view pattern = all.substr(0, parted);
  const std::string_view text = all.substr(std::min(parted + 1, all.size()));
  search(pattern, text);
  std::string translated;
  const std::string_view escape = "\\";
  if (regexp::similar_to_regexp(pattern, &escape, translated)) search(translated, text);
}

std::vector<std::string> seeds() {
  const std::string text = std::string(1, '\0') + "foo-123 Bar\r\n\xc3\xa9\xf0\x9f\x98\x80 aaab";
  std::vector<std::string> made;
  for (const char* pattern :
       {"(a+)+b|[^\\w\\s&&[^x-z]]{2,3}?", "(?<n>\\d)(?i:bar)\\k<n>?\\p{L}++",
        "^(?m)$.\\b\\B\\R",
        "(?=a(?!b))(?>x*)\\x{41}\\u0041\\012\\cA\\Q.*\\E+", "[[:alpha:]]_%\\%",
        "((a{0,3}){2,}?)*\\1",
        "\\p{IsAlphabetic}\\P{Lu}\\h\\H\\v[\\d-z]"}) {
    made.push_back(pattern + text);
  }
  return made;
}

const Registration registration({"regexp", run, seeds});

}  // namespace
}  // namespace millrace::fuzz
