#include "formats/csv-options.h"

#include <algorithm>
#include <array>

namespace millrace::csv {

namespace {

constexpr std::array<std::string_view, 10> kKnown = {
    "field-delimiter", "quote-character", "disable-quote-character", "allow-comments",
    "ignore-parse-errors", "array-element-delimiter", "escape-character", "null-literal",
    "write-bigdecimal-in-scientific-notation", "charset"};

// One ASCII character; Java's \t and \uXXXX are understood.
Result<char> single_character(std::string_view name, const std::string& text) {
  if (text.size() == 1 && static_cast<unsigned char>(text[0]) < 0x80) return text[0];
  if (text == "\\t") return '\t';
  if (text == "\\\\") return '\\';
  if (text.size() == 6 && text.starts_with("\\u00")) {
    int value = 0;
    for (const char c : text.substr(4)) {
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      value = digit < 0 || value < 0 ? -1 : value * 16 + digit;
    }
    if (value > 0 && value < 0x80) return static_cast<char>(value);
  }
  return Status::error("MR2008", "csv." + std::string(name) + " = " + text);
}

}  // namespace

Result<Options> parse_options(const OptionMap& from) {
  for (const auto& [name, value] : from.entries) {
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
      return Status::error("MR2014", "option csv." + name);
    }
  }
  Options options;
  if (const std::string* text = from.find("field-delimiter")) {
    MR_TRY_ASSIGN(options.delimiter, single_character("field-delimiter", *text));
  }
  if (const std::string* text = from.find("quote-character")) {
    MR_TRY_ASSIGN(options.quote, single_character("quote-character", *text));
  }
  MR_TRY_ASSIGN(const bool no_quotes, from.flag("disable-quote-character", false));
  if (no_quotes) options.quote = Options::kNone;
  if (const std::string* text = from.find("escape-character")) {
    if (text->size() != 1) return Status::error("MR2008", "csv.escape-character = " + *text);
    MR_TRY_ASSIGN(options.escape, single_character("escape-character", *text));
  }
  MR_TRY_ASSIGN(options.allow_comments, from.flag("allow-comments", false));
  MR_TRY_ASSIGN(options.ignore_parse_errors, from.flag("ignore-parse-errors", false));
  options.element_delimiter = from.text("array-element-delimiter", ";");
  if (const std::string* text = from.find("null-literal")) options.null_literal = *text;
  return options;
}

}  // namespace millrace::csv
