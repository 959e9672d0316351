// The tables in spec/ that this build was made from. Written by scripts/generate.mjs.
#pragma once

namespace millrace {

inline constexpr const char* kSpecHash = "2b52c1a7a8e224c0";

}  // namespace millrace
