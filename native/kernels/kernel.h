// What a scalar function's native kernel is.
//
// A kernel computes `out` for the selected rows and touches no other. Argument columns are flat
// or constant (read index column.at(row)); `out` is flat, made by the evaluator with the call's
// result type, all present, and keeps the rows' positions: out[row] for each selected row.
//
// Where the function's row in spec/functions.ts says nulls: 'propagate', the evaluator has taken
// the rows with a null argument out of the selection and marked them null in `out`: the kernel
// sees no null. A kernel may still mark rows null with out.set_null(row).
// On failure it reports the lowest failing row of the selection (Status::error(code, detail, row)).
#pragma once

#include <span>
#include <string>

#include "base/status.h"
#include "columnar/arena.h"
#include "columnar/batch.h"
#include "plan/value.h"

namespace millrace {

// Compiled once per call site by the kernel's prepare function (patterns, zones); may be null.
struct KernelState {
  virtual ~KernelState() = default;
  // Kernel::is_total, where that depends on the call site.
  [[nodiscard]] virtual bool is_total() const { return false; }
};

struct KernelContext {
  const plan::Value* options = nullptr;  // the call's options; null = none
  KernelState* state = nullptr;
  std::shared_ptr<Arena> arena;          // for result strings; `out` already owns it
  int64_t now_ms = 0;                    // the task clock, sampled once a batch
  const std::string* zone = nullptr;     // session zone
};

using KernelFunction = Status (*)(KernelContext& context, std::span<const Column* const> arguments,
                                  const Selection& selection, Column& out);

using PrepareFunction = Result<std::unique_ptr<KernelState>> (*)(
    const plan::Value* options, const DataType& result, std::span<const DataType> arguments);

struct Kernel {
  const char* name;          // as in spec/functions.ts
  KernelFunction function;
  PrepareFunction prepare;   // null = nothing to prepare
  bool propagates_nulls;
  // Cannot fail, marks no row null and accepts any bits, unless the result is a DECIMAL: over
  // fixed-width arguments it runs on null rows too, and the result's bitmap is the arguments'.
  bool is_total = false;
  // Equal arguments may give another result on the next row (RAND, UUID).
  bool is_volatile = false;
};

}  // namespace millrace
