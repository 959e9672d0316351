// The tables in spec/ that this build was made from. Written by scripts/generate.mjs.
#pragma once

namespace millrace {

inline constexpr const char* kSpecHash = "f534edb47c4aa206";

}  // namespace millrace
