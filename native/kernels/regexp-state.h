// The matchers of a kernel with a pattern. A constant one comes compiled in the option `program`,
// null where the text is no pattern; others are compiled here, the last ones kept.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

#include "kernels/loops.h"
#include "kernels/regexp.h"
#include "kernels/registry.h"
#include "kernels/text-output.h"

namespace millrace {

class RegexpState : public KernelState {
 public:
  enum class Syntax { kConstant, kJava, kSimilar };

  explicit RegexpState(Syntax syntax) : syntax_(syntax) {}

  // Of a constant pattern.
  Status decode(const plan::Value& program);
  // The matcher of a row's pattern, aimed at the row's text; null where the text is no pattern.
  RegexpMatcher* aim(Arguments args, uint32_t row, Status& fault) {
    RegexpMatcher* const found = syntax_ == Syntax::kConstant
        ? constant_.get() : find(args, row, fault);
    if (found != nullptr) found->reset(text_at(*args[0], row));
    return found;
  }

 private:
  RegexpMatcher* find(Arguments args, uint32_t row, Status& fault);
  Status compile(std::string_view pattern, const std::string_view* escape, uint32_t row,
                 std::unique_ptr<RegexpMatcher>& to) const;

  Syntax syntax_;
  std::unique_ptr<RegexpMatcher> constant_;
  std::unordered_map<std::string, std::unique_ptr<RegexpMatcher>> kept_;
  std::string key_;
};

// Calls f(row, matcher) for each row with its matcher, null where its pattern is none; a search
// that takes too long is an error of its row.
template <typename F>
Status search_rows(KernelContext& context, Arguments args, const Selection& rows, F f) {
  auto& state = static_cast<RegexpState&>(*context.state);
  Status fault = Status::ok();
  const int64_t failing = first_failing_row(rows, [&](uint32_t row) {
    RegexpMatcher* const matcher = state.aim(args, row, fault);
    if (!fault.is_ok()) return false;
    f(row, matcher);
    return matcher == nullptr || !matcher->ran_out();
  });
  if (!fault.is_ok() || failing < 0) return fault;
  return Status::error("MR3007", "too many steps", failing);
}

Result<std::unique_ptr<KernelState>> prepare_regexp(const plan::Value* options, const DataType&,
                                                    std::span<const DataType>);
// Patterns that come with the rows.
Result<std::unique_ptr<KernelState>> prepare_any_regexp(const plan::Value*, const DataType&,
                                                        std::span<const DataType>);

}  // namespace millrace
