#include "kernels/cast.h"

#include "kernels/loops.h"
#include "kernels/registry.h"

namespace millrace {

namespace {

CastFunction find_cast(const CastState& state) {
  for (const auto find : {number_cast, time_cast, to_text_cast, from_text_cast, nested_cast}) {
    const CastFunction function = find(state);
    if (function != nullptr) return function;
  }
  return nullptr;
}

bool same_type(const DataType& a, const DataType& b) {
  if (a.root != b.root || a.length != b.length || a.precision != b.precision ||
      a.scale != b.scale || a.fields.size() != b.fields.size()) {
    return false;
  }
  for (size_t i = 0; i < a.fields.size(); ++i) {
    if (!same_type(a.fields[i].type, b.fields[i].type)) return false;
  }
  return true;
}

bool is_zoned(const DataType& type) { return type.root == TypeRoot::kTimestampLtz; }

using StatePtr = std::unique_ptr<CastState>;

// Of the whole cast or of a part, which has no function where its type stays.
Result<StatePtr> make_state(const DataType& from, const DataType& to, bool is_try,
                            const plan::Value* options, bool is_part);

// The casts of the parts of a row, array or map; to a string where the whole becomes one.
Status add_parts(const plan::Value* options, CastState& state) {
  const bool to_text = is_character(state.to.root);
  if (!to_text && state.from.fields.size() != state.to.fields.size()) {
    return Status::error("MR9002", "cast of these types");
  }
  DataType text;
  text.root = TypeRoot::kVarchar;
  text.length = 2147483647;
  for (size_t i = 0; i < state.from.fields.size(); ++i) {
    const DataType& to = to_text ? text : state.to.fields[i].type;
    MR_TRY_ASSIGN(StatePtr part,
                  make_state(state.from.fields[i].type, to, state.is_try, options, true));
    state.parts.push_back(std::move(part));
  }
  return Status::ok();
}

Result<StatePtr> make_state(const DataType& from, const DataType& to, bool is_try,
                            const plan::Value* options, bool is_part) {
  auto state = std::make_unique<CastState>();
  state->from = from;
  state->to = to;
  state->is_try = is_try;
  if (is_part && same_type(from, to)) return StatePtr(std::move(state));
  if (is_zoned(from) || is_zoned(to)) {
    MR_TRY_ASSIGN(state->zone, Zone::of_option(options));
  }
  state->function = find_cast(*state);
  if (state->function == nullptr) return Status::error("MR9002", "cast of these types");
  if (from.physical() >= Physical::kRow && from.physical() <= Physical::kMap) {
    MR_TRY(add_parts(options, *state));
  }
  return StatePtr(std::move(state));
}

Result<std::unique_ptr<KernelState>> prepare_cast(const plan::Value* options,
                                                  const DataType& result,
                                                  std::span<const DataType> arguments) {
  if (arguments.size() != 1) return Status::error("MR9001", "a cast has one argument");
  bool is_try = false;
  if (options != nullptr && options->find("try") != nullptr) {
    MR_TRY_ASSIGN(is_try, options->bool_at("try"));
  }
  MR_TRY_ASSIGN(StatePtr state, make_state(arguments[0], result, is_try, options, false));
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
