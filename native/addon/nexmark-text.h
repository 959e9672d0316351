// Nexmark events as text, a piece a call.
#pragma once

#include <node_api.h>

namespace millrace::addon {

// nexmarkText(options, format): a generator; options are an encoded map of texts.
napi_value nexmark_text(napi_env env, napi_callback_info info);
// nextNexmarkText(generator): an ArrayBuffer of whole lines, or null at the end
napi_value next_nexmark_text(napi_env env, napi_callback_info info);

}  // namespace millrace::addon
