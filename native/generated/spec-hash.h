// The tables in spec/ that this build was made from. Written by scripts/generate.mjs.
#pragma once

namespace millrace {

inline constexpr const char* kSpecHash = "ad8635e870417ed6";

}  // namespace millrace
