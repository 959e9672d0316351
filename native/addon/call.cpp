#include "addon/call.h"

#include <cmath>
#include <cstring>

namespace millrace::addon {
namespace {

// Below this a copy is cheaper than an external buffer and its finalizer.
constexpr size_t kExternalBytes = 16 * 1024;

void free_block(napi_env /*env*/, void* data, void* /*hint*/) {
  delete[] static_cast<uint8_t*>(data);
}

}  // namespace

double Arguments::number(size_t index) const { return number_of(env_, values_[index], NAN); }

uint32_t Arguments::uint32(size_t index) const {
  const double value = number(index);
  return value >= 0 && value <= UINT32_MAX ? static_cast<uint32_t>(value) : UINT32_MAX;
}

std::span<const uint8_t> Arguments::bytes(size_t index) const {
  return bytes_of(env_, values_[index]);
}

std::span<const uint8_t> bytes_of(napi_env env, napi_value value) {
  bool is_typed_array = false;
  if (value == nullptr || napi_is_typedarray(env, value, &is_typed_array) != napi_ok ||
      !is_typed_array) {
    return {};
  }
  napi_typedarray_type type;
  size_t length = 0;
  void* data = nullptr;
  napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr);
  if (type != napi_uint8_array || data == nullptr) return {};
  return {static_cast<const uint8_t*>(data), length};
}

std::string string_of(napi_env env, napi_value value) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) return {};
  std::string text(length, '\0');
  napi_get_value_string_utf8(env, value, text.data(), length + 1, &length);
  return text;
}

double number_of(napi_env env, napi_value value, double otherwise) {
  double number = otherwise;
  if (value == nullptr || napi_get_value_double(env, value, &number) != napi_ok) return otherwise;
  return number;
}

napi_value member_of(napi_env env, napi_value object, const char* name) {
  napi_value member = nullptr;
  if (napi_get_named_property(env, object, name, &member) != napi_ok) return make_undefined(env);
  return member;
}

bool is_undefined(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  return type == napi_undefined || type == napi_null;
}

napi_value make_undefined(napi_env env) {
  napi_value value = nullptr;
  napi_get_undefined(env, &value);
  return value;
}

napi_value make_null(napi_env env) {
  napi_value value = nullptr;
  napi_get_null(env, &value);
  return value;
}

napi_value make_boolean(napi_env env, bool value) {
  napi_value result = nullptr;
  napi_get_boolean(env, value, &result);
  return result;
}

napi_value make_number(napi_env env, double value) {
  napi_value result = nullptr;
  napi_create_double(env, value, &result);
  return result;
}

napi_value make_string(napi_env env, std::string_view value) {
  napi_value result = nullptr;
  napi_create_string_utf8(env, value.data(), value.size(), &result);
  return result;
}

napi_value make_array_buffer(napi_env env, std::string_view bytes) {
  void* data = nullptr;
  napi_value result = nullptr;
  napi_create_arraybuffer(env, bytes.size(), &data, &result);
  if (data != nullptr && !bytes.empty()) std::memcpy(data, bytes.data(), bytes.size());
  return result;
}

napi_value make_array_buffer(napi_env env, PackedBatch block) {
  if (block.size >= kExternalBytes) {
    napi_value result = nullptr;
    const napi_status status = napi_create_external_arraybuffer(
        env, block.bytes.get(), block.size, free_block, nullptr, &result);
    if (status == napi_ok) {
      block.bytes.release();
      return result;
    }
  }
  return make_array_buffer(
      env, std::string_view(reinterpret_cast<const char*>(block.bytes.get()), block.size));
}

napi_value throw_error(napi_env env, const ErrorInfo& error) {
  napi_value value = nullptr;
  napi_create_error(env, make_string(env, error.code), make_string(env, error.detail), &value);
  napi_set_named_property(env, value, "operator", make_number(env, error.operator_id));
  napi_set_named_property(env, value, "row", make_number(env, static_cast<double>(error.row)));
  napi_throw(env, value);
  return make_undefined(env);
}

}  // namespace millrace::addon
