// The sources, by connector. operators/factory.cpp picks one for a source node.
#pragma once

#include <memory>

#include "base/status.h"
#include "operators/operator.h"
#include "sources/source-spec.h"

namespace millrace {

[[nodiscard]] Result<std::unique_ptr<Source>> make_nexmark_source(const SourceSpec& spec,
                                                                  const OperatorContext& context);
[[nodiscard]] Result<std::unique_ptr<Source>> make_datagen_source(const SourceSpec& spec,
                                                                  const OperatorContext& context);
[[nodiscard]] Result<std::unique_ptr<Source>> make_filesystem_source(
    const SourceSpec& spec, const OperatorContext& context);

}  // namespace millrace
