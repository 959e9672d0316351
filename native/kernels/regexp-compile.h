// Regular expressions compiled where the pattern comes with the rows; the same as
// src/expr/regexp/compile.ts, which compiles constant ones.
#pragma once

#include <string>
#include <string_view>

#include "kernels/regexp-parse.h"
#include "kernels/regexp.h"

namespace millrace::regexp {

struct Compiled {
  RegexpProgram program;
  Fault fault;
};

// A pattern of java.util.regex.
[[nodiscard]] Compiled compile(std::string_view pattern);

// A pattern of SIMILAR TO as one of Java that the whole text must match, translated as Calcite
// does. `escape`: one UTF-16 unit, or null. False: the pattern is none.
[[nodiscard]] bool similar_to_regexp(std::string_view pattern, const std::string_view* escape,
                                     std::string& to);

}  // namespace millrace::regexp
