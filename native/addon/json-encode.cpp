#include "addon/json-encode.h"

#include "addon/call.h"
#include "formats/json-encoder.h"
#include "plan/value.h"

namespace millrace::addon {

static Status encode(const Arguments& arguments, TextBuffer& lines) {
  MR_TRY_ASSIGN(const plan::Value encoded_schema, plan::decode_value(arguments.bytes(0)));
  MR_TRY_ASSIGN(const Schema schema, plan::decode_schema(encoded_schema));
  MR_TRY_ASSIGN(const plan::Value encoded_options, plan::decode_value(arguments.bytes(1)));
  MR_TRY_ASSIGN(const OptionMap options, decode_options(&encoded_options));
  MR_TRY_ASSIGN(const JsonEncoderOptions parsed, parse_json_encoder_options(options));
  MR_TRY_ASSIGN(const JsonEncoder encoder, JsonEncoder::make(schema, parsed));
  MR_TRY_ASSIGN(const Batch batch, unpack(arguments.bytes(2), schema));
  const Selection rows = batch.selection();
  for (uint32_t i = 0; i < rows.count; ++i) {
    MR_TRY(encoder.encode(batch, rows[i], lines));
    lines.append('\n');
  }
  return Status::ok();
}

napi_value encode_json(napi_env env, napi_callback_info info) {
  const Arguments arguments(env, info);
  TextBuffer lines;
  const Status status = encode(arguments, lines);
  if (!status.is_ok()) return throw_error(env, status.info());
  return make_array_buffer(env, lines.view());
}

}  // namespace millrace::addon
