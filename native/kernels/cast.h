// CAST and TRY_CAST: cast.cpp finds the function for a pair of types once a call site; the
// functions lie in cast-number.cpp, cast-time.cpp, cast-to-text.cpp and cast-from-text.cpp.
// src/expr/kernels/cast*.ts are the same in TypeScript.
#pragma once

#include <memory>
#include <vector>

#include "kernels/kernel.h"
#include "kernels/zone.h"

namespace millrace {

struct CastState;

using CastFunction = Status (*)(const CastState& state, const Column& from,
                                const Selection& selection, Column& out, KernelContext& context);

struct CastState : KernelState {
  DataType from;
  DataType to;
  bool is_try = false;  // NULL in place of an error
  bool never_fails = false;
  Zone zone;            // session zone, where one side is a TIMESTAMP_LTZ
  CastFunction function = nullptr;
  // Of the fields, the element, or key and value; a part without function stays as it is.
  std::vector<std::unique_ptr<CastState>> parts;

  [[nodiscard]] bool is_total() const override { return never_fails; }
};

// The function for the state's two types; null where this file knows none.
[[nodiscard]] CastFunction number_cast(const CastState& state);
[[nodiscard]] CastFunction time_cast(const CastState& state);
[[nodiscard]] CastFunction to_text_cast(const CastState& state);
[[nodiscard]] CastFunction from_text_cast(const CastState& state);
[[nodiscard]] CastFunction nested_cast(const CastState& state);

class TextOutput;

// Puts `text` into a row, cut and filled up as the type wants. False where there is no room.
// A string that needs no change is referenced where `lives` says that it outlives the result.
[[nodiscard]] bool put_text(const DataType& type, std::string_view text, bool lives, uint32_t row,
                            TextOutput& output);

[[nodiscard]] inline bool is_number(TypeRoot root) {
  return root >= TypeRoot::kTinyint && root <= TypeRoot::kDecimal;
}
[[nodiscard]] inline bool is_character(TypeRoot root) {
  return root == TypeRoot::kChar || root == TypeRoot::kVarchar;
}
[[nodiscard]] inline bool is_binary(TypeRoot root) {
  return root == TypeRoot::kBinary || root == TypeRoot::kVarbinary;
}
[[nodiscard]] inline bool is_timestamp(TypeRoot root) {
  return root == TypeRoot::kTimestamp || root == TypeRoot::kTimestampLtz;
}

}  // namespace millrace
