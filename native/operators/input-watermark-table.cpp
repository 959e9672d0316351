#include "operators/input-watermark-table.h"

#include <algorithm>

#include "columnar/take.h"

namespace millrace {
namespace {

DataType not_null(TypeRoot root) {
  DataType type;
  type.root = root;
  type.nullable = false;
  return type;
}

}  // namespace

StateTable input_watermark_table() {
  Schema fields{{"input", not_null(TypeRoot::kInteger)},
                {"watermark", not_null(TypeRoot::kBigint)}};
  return {"watermarks", std::move(fields), 0};
}

Batch input_watermark_content(const InputWatermarks& watermarks) {
  Batch batch;
  batch.row_count = static_cast<uint32_t>(watermarks.count());
  for (const Field& field : input_watermark_table().fields) {
    batch.columns.push_back(make_column(field.type, batch.row_count));
  }
  for (uint32_t input = 0; input < batch.row_count; ++input) {
    batch.columns[0]->data<int32_t>()[input] = static_cast<int32_t>(input);
    batch.columns[1]->data<int64_t>()[input] = watermarks.kept(input);
  }
  return batch;
}

Status restore_input_watermarks(const Batch& content, InputWatermarks& watermarks) {
  std::vector<int64_t> lowest(watermarks.count(), kMaxWatermark);
  for (uint32_t row = 0; row < content.row_count; ++row) {
    const auto input = static_cast<uint32_t>(content.columns[0]->data<int32_t>()[row]);
    if (input >= lowest.size()) return Status::error("MR5002", "watermark of unknown input");
    lowest[input] = std::min(lowest[input], content.columns[1]->data<int64_t>()[row]);
  }
  if (content.row_count == 0) return Status::ok();
  InputWatermarks restored(lowest.size(), watermarks.leaves_out());
  for (uint32_t input = 0; input < lowest.size(); ++input) {
    const int64_t before = watermarks.kept(input);
    const bool first = before == kMinWatermark;
    restored.raise(input, first ? lowest[input] : std::min(before, lowest[input]));
  }
  watermarks = restored;
  return Status::ok();
}

}  // namespace millrace
