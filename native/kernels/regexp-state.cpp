#include "kernels/regexp-state.h"

#include "kernels/regexp-compile.h"

namespace millrace {

// Patterns of a call that are kept compiled.
constexpr size_t kMaxKept = 64;

Status RegexpState::decode(const plan::Value& program) {
  MR_TRY_ASSIGN(RegexpMatcher matcher, RegexpMatcher::decode(program));
  constant_ = std::make_unique<RegexpMatcher>(std::move(matcher));
  return Status::ok();
}

RegexpMatcher* RegexpState::find(Arguments args, uint32_t row, Status& fault) {
  const std::string_view pattern = text_at(*args[1], row);
  const bool has_escape = syntax_ == Syntax::kSimilar && args.size() > 2;
  const std::string_view escape = has_escape ? text_at(*args[2], row) : std::string_view{};
  key_.assign(escape);
  key_ += '\0';
  key_ += pattern;
  const auto known = kept_.find(key_);
  if (known != kept_.end()) return known->second.get();
  std::unique_ptr<RegexpMatcher> made;
  fault = compile(pattern, has_escape ? &escape : nullptr, row, made);
  if (!fault.is_ok()) return nullptr;
  if (kept_.size() >= kMaxKept) kept_.clear();
  return kept_.emplace(key_, std::move(made)).first->second.get();
}

Status RegexpState::compile(std::string_view pattern, const std::string_view* escape,
                            uint32_t row, std::unique_ptr<RegexpMatcher>& to) const {
  const auto bad_similar = [row] {
    return Status::error("MR3006", "pattern of SIMILAR TO", row);
  };
  std::string translated;
  if (syntax_ == Syntax::kSimilar) {
    if (!regexp::similar_to_regexp(pattern, escape, translated)) return bad_similar();
    pattern = translated;
  }
  regexp::Compiled compiled = regexp::compile(pattern);
  switch (compiled.fault.kind) {
    case regexp::Fault::Kind::kNone: break;
    case regexp::Fault::Kind::kSyntax:
      return syntax_ == Syntax::kSimilar ? bad_similar() : Status::ok();
    case regexp::Fault::Kind::kUnsupported:
      return Status::error("MR2100", "regular expression with " + compiled.fault.text, row);
  }
  to = std::make_unique<RegexpMatcher>(std::move(compiled.program));
  return Status::ok();
}

Result<std::unique_ptr<KernelState>> prepare_regexp(const plan::Value* options, const DataType&,
                                                    std::span<const DataType>) {
  auto state = std::make_unique<RegexpState>(RegexpState::Syntax::kConstant);
  const plan::Value* program = options == nullptr ? nullptr : options->find("program");
  if (program == nullptr) return Status::error("MR9001", "regular expression: no program");
  if (!program->is_null()) MR_TRY(state->decode(*program));
  return std::unique_ptr<KernelState>(std::move(state));
}

Result<std::unique_ptr<KernelState>> prepare_any_regexp(const plan::Value*, const DataType&,
                                                        std::span<const DataType>) {
  return std::unique_ptr<KernelState>(std::make_unique<RegexpState>(RegexpState::Syntax::kJava));
}

}  // namespace millrace
