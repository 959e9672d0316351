// The matcher of a kernel whose pattern is constant: it comes compiled in the option `program`,
// null where the text is no pattern.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "kernels/regexp.h"
#include "kernels/registry.h"

namespace millrace {

struct RegexpState : KernelState {
  std::optional<RegexpMatcher> matcher;  // nothing where the text is no pattern
};

Result<std::unique_ptr<KernelState>> prepare_regexp(const plan::Value* options, const DataType&,
                                                    std::span<const DataType>);

}  // namespace millrace
