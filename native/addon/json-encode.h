// Rows as JSON lines, for the tests that hold both engines' encoders against each other.
#pragma once

#include <node_api.h>

namespace millrace::addon {

// encodeJson(schema, options, block): an ArrayBuffer of lines, one a selected row
napi_value encode_json(napi_env env, napi_callback_info info);

}  // namespace millrace::addon
