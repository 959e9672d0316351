// Format texts of java.util.Formatter, parsed and applied to values; the same as
// src/expr/printf/.
//
//     %[index$][flags][width][.precision]letter
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::printf {

struct Conversion {
  char letter = 0;  // of b, s, c, d, o, x, e, f, g in lower case, % or n; 0: plain text
  bool is_upper = false;
  std::string flags;
  int32_t width = -1;      // -1: none
  int32_t precision = -1;
  int32_t argument = 0;    // from 1; 0: the next one, -1: that of the conversion before
  std::string text;        // of a plain piece

  [[nodiscard]] bool has(char flag) const { return flags.find(flag) != std::string::npos; }
};

struct Format {
  enum class State { kFine, kBad, kUnsupported };
  State state = State::kFine;
  std::string detail;  // what is not supported
  std::vector<Conversion> pieces;
};

// Java refuses the text: kBad. Java takes it and this does not: kUnsupported.
[[nodiscard]] Format parse_format(std::string_view text);

// A value as Flink hands it to Java: what is neither a truth value nor a number is a text.
struct Value {
  enum class Kind { kNull, kBoolean, kInteger, kReal, kOther };
  Kind kind = Kind::kNull;
  int64_t integer = 0;
  int32_t bits = 0;
  double real = 0;
  std::string text;
};

// Appends the text of a value; false where the letter does not take it.
[[nodiscard]] bool append_value(const Conversion& conversion, const Value& value,
                                std::string& to);
// Appends the text, filled up to the width with blanks.
void append_justified(const Conversion& conversion, std::string_view text, std::string& to);

// %e, %f and %g of a finite value that is not negative.
struct RealText {
  std::string mantissa;
  std::string exponent;  // e+05; empty where there is none
};
[[nodiscard]] RealText real_text(const Conversion& conversion, double value);

}  // namespace millrace::printf
