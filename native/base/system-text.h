// What the system says about an errno, in the words that Node has for it.
#pragma once

#include <cctype>
#include <cstring>
#include <string>

namespace millrace {

[[nodiscard]] inline std::string system_text(int code) {
  std::string text = std::strerror(code);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace millrace
