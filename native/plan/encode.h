// Schemas in the plan's binary form, for what goes back to TypeScript.
#pragma once

#include <string>
#include <string_view>

#include "columnar/types.h"

namespace millrace::plan {

// [{name, type}, ...] as src/plan/physical/decode.ts reads it.
[[nodiscard]] std::string encode_schema(const Schema& schema);

[[nodiscard]] std::string_view type_root_name(TypeRoot root);

}  // namespace millrace::plan
