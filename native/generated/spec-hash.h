// The tables in spec/ that this build was made from. Written by scripts/generate.mjs.
#pragma once

namespace millrace {

inline constexpr const char* kSpecHash = "74e6d23b2f5f7e08";

}  // namespace millrace
