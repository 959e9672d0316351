#include "kernels/cast.h"

#include "kernels/loops.h"
#include "kernels/registry.h"

namespace millrace {

namespace {

CastFunction find_cast(const CastState& state) {
  for (const auto find : {number_cast, time_cast, to_text_cast, from_text_cast}) {
    const CastFunction function = find(state);
    if (function != nullptr) return function;
  }
  return nullptr;
}

Result<std::unique_ptr<KernelState>> prepare_cast(const plan::Value* options,
                                                  const DataType& result,
                                                  std::span<const DataType> arguments) {
  if (arguments.size() != 1) return Status::error("MR9001", "a cast has one argument");
  auto state = std::make_unique<CastState>();
  state->from = arguments[0];
  state->to = result;
  if (options != nullptr && options->find("try") != nullptr) {
    MR_TRY_ASSIGN(state->is_try, options->bool_at("try"));
  }
  const bool is_zoned = arguments[0].root == TypeRoot::kTimestampLtz ||
                        result.root == TypeRoot::kTimestampLtz;
  if (is_zoned) {
    MR_TRY_ASSIGN(state->zone, Zone::of_option(options));
  }
  state->function = find_cast(*state);
  if (state->function == nullptr) return Status::error("MR9002", "cast of these types");
  const TypeRoot from = state->from.root;
  state->never_fails = (is_number(from) || from == TypeRoot::kBoolean) &&
                       (is_number(result.root) || result.root == TypeRoot::kBoolean) &&
                       result.root != TypeRoot::kDecimal;
  return std::unique_ptr<KernelState>(std::move(state));
}

Status cast(KernelContext& context, std::span<const Column* const> args,
            const Selection& selection, Column& out) {
  const auto& state = static_cast<const CastState&>(*context.state);
  return state.function(state, *args[0], selection, out, context);
}

constexpr Kernel kKernels[] = {
    {"cast", cast, prepare_cast, true},
};

}  // namespace

std::span<const Kernel> cast_kernels() { return kKernels; }

}  // namespace millrace
