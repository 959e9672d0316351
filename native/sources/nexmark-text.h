// Nexmark events as the text of a file; src/connectors/nexmark/generate.ts makes the same bytes.
#pragma once

#include <memory>
#include <string_view>

#include "base/status.h"
#include "formats/json-encoder.h"
#include "sources/nexmark-generator.h"

namespace millrace::nexmark {

class TextGenerator {
 public:
  // format: json or csv. `options` are those of the connector; MR2008 for a bad one.
  [[nodiscard]] static Result<std::unique_ptr<TextGenerator>> make(const OptionMap& options,
                                                                   std::string_view format);
  // The next lines, valid until the next call; empty at the end.
  [[nodiscard]] Result<std::string_view> next();

 private:
  TextGenerator(Generator generator, Split split, JsonEncoder encoder, bool csv)
      : generator_(std::move(generator)), split_(split), encoder_(std::move(encoder)),
        csv_(csv) {}

  Generator generator_;
  Split split_;
  JsonEncoder encoder_;
  bool csv_;
  TextBuffer text_;
};

}  // namespace millrace::nexmark
