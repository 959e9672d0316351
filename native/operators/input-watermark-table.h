// The state table of an operator of several inputs: the watermark of each.
#pragma once

#include "columnar/watermark.h"
#include "operators/operator.h"

namespace millrace {

[[nodiscard]] StateTable input_watermark_table();
[[nodiscard]] Batch input_watermark_content(const InputWatermarks& watermarks);
// The rows of several subtasks: the lowest of an input counts.
Status restore_input_watermarks(const Batch& content, InputWatermarks& watermarks);

}  // namespace millrace
