// The tables in spec/ that this build was made from. Written by scripts/generate.
#pragma once

namespace millrace {

inline constexpr const char* kSpecHash = "unstamped";

}  // namespace millrace
