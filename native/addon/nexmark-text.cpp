#include "addon/nexmark-text.h"

#include "addon/call.h"
#include "plan/value.h"
#include "sources/nexmark-text.h"

namespace millrace::addon {

using nexmark::TextGenerator;

static void free_generator(napi_env /*env*/, void* data, void* /*hint*/) {
  delete static_cast<TextGenerator*>(data);
}

static Result<std::unique_ptr<TextGenerator>> make_generator(const Arguments& arguments) {
  MR_TRY_ASSIGN(const plan::Value encoded, plan::decode_value(arguments.bytes(0)));
  MR_TRY_ASSIGN(const OptionMap options, decode_options(&encoded));
  return TextGenerator::make(options, string_of(arguments.env(), arguments[1]));
}

napi_value nexmark_text(napi_env env, napi_callback_info info) {
  const Arguments arguments(env, info);
  auto made = make_generator(arguments);
  if (!made.is_ok()) return throw_error(env, made.status().info());
  TextGenerator* generator = made.value().release();
  napi_value external = nullptr;
  if (napi_create_external(env, generator, free_generator, nullptr, &external) != napi_ok) {
    delete generator;
    return make_undefined(env);
  }
  return external;
}

napi_value next_nexmark_text(napi_env env, napi_callback_info info) {
  const Arguments arguments(env, info);
  void* data = nullptr;
  if (napi_get_value_external(env, arguments[0], &data) != napi_ok || data == nullptr) {
    return throw_error(env, {"MR9001", "no generator of nexmark text", -1, -1});
  }
  const auto lines = static_cast<TextGenerator*>(data)->next();
  if (!lines.is_ok()) return throw_error(env, lines.status().info());
  return lines.value().empty() ? make_null(env) : make_array_buffer(env, lines.value());
}

}  // namespace millrace::addon
