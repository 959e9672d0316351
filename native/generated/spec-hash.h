// The tables in spec/ that this build was made from. Written by scripts/generate.mjs.
#pragma once

namespace millrace {

inline constexpr const char* kSpecHash = "32487ce5f4fd2bcd";

}  // namespace millrace
