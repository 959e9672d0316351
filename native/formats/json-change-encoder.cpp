#include "formats/json-change-encoder.h"

#include <initializer_list>

namespace millrace {

static std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text.append(part);
  return text;
}

Result<ChangeEncoder> ChangeEncoder::make(const json::Envelope& envelope, const Schema& schema,
                                          const OptionMap& options) {
  MR_TRY_ASSIGN(const JsonEncoderOptions json, parse_json_encoder_options(options));
  MR_TRY_ASSIGN(JsonEncoder rows, JsonEncoder::make(schema, json));
  ChangeEncoder encoder(std::move(rows));
  encoder.insert_ = frame_of(envelope, true, json.ignore_null_fields);
  encoder.delete_ = frame_of(envelope, false, json.ignore_null_fields);
  return encoder;
}

Status ChangeEncoder::encode(const Batch& rows, uint32_t row, RowKind kind,
                             TextBuffer& out) const {
  const bool is_added = kind == RowKind::kInsert || kind == RowKind::kUpdateAfter;
  const Frame& frame = is_added ? insert_ : delete_;
  out.append(frame.before);
  MR_TRY(rows_.encode(rows, row, out));
  out.append(frame.behind);
  return Status::ok();
}

ChangeEncoder::Frame ChangeEncoder::frame_of(const json::Envelope& envelope, bool is_insert,
                                             bool ignores_nulls) {
  const std::string_view verb = is_insert ? envelope.insert_text : envelope.delete_text;
  const std::string last = joined({",\"", envelope.verb, "\":\"", verb, "\"}"});
  const std::string_view old = envelope.old;
  const std::string_view data = envelope.data;
  if (!envelope.deletes_old) {
    const std::string_view open = envelope.is_list ? "[" : "";
    const std::string_view close = envelope.is_list ? "]" : "";
    return {joined({"{\"", data, "\":", open}), joined({close, last})};
  }
  if (is_insert) {
    if (ignores_nulls) return {joined({"{\"", data, "\":"}), last};
    return {joined({"{\"", old, "\":null,\"", data, "\":"}), last};
  }
  if (ignores_nulls) return {joined({"{\"", old, "\":"}), last};
  return {joined({"{\"", old, "\":"}), joined({",\"", data, "\":null", last})};
}

}  // namespace millrace
