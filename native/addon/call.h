// Reading arguments and making values of N-API. Every function of the addon goes through these.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <node_api.h>

#include "base/status.h"
#include "columnar/packed-batch.h"

namespace millrace::addon {

// The arguments of a call; those not given are undefined.
class Arguments {
 public:
  static constexpr size_t kMost = 6;

  Arguments(napi_env env, napi_callback_info info) : env_(env) {
    size_t count = kMost;
    void* data = nullptr;
    napi_get_cb_info(env, info, &count, values_, nullptr, &data);
    data_ = data;
  }

  [[nodiscard]] napi_env env() const { return env_; }
  [[nodiscard]] void* data() const { return data_; }
  [[nodiscard]] napi_value operator[](size_t index) const { return values_[index]; }
  [[nodiscard]] double number(size_t index) const;
  [[nodiscard]] uint32_t uint32(size_t index) const;
  // A Uint8Array; empty where it is none. Valid during the call.
  [[nodiscard]] std::span<const uint8_t> bytes(size_t index) const;

 private:
  napi_env env_;
  napi_value values_[kMost] = {};
  void* data_ = nullptr;
};

[[nodiscard]] std::span<const uint8_t> bytes_of(napi_env env, napi_value value);
[[nodiscard]] std::string string_of(napi_env env, napi_value value);
[[nodiscard]] double number_of(napi_env env, napi_value value, double otherwise);
// A member of an object; undefined where there is none.
[[nodiscard]] napi_value member_of(napi_env env, napi_value object, const char* name);
[[nodiscard]] bool is_undefined(napi_env env, napi_value value);

[[nodiscard]] napi_value make_undefined(napi_env env);
[[nodiscard]] napi_value make_null(napi_env env);
[[nodiscard]] napi_value make_boolean(napi_env env, bool value);
[[nodiscard]] napi_value make_number(napi_env env, double value);
[[nodiscard]] napi_value make_string(napi_env env, std::string_view value);
// An ArrayBuffer that takes over the block, or a copy where that is not allowed or not worth it.
[[nodiscard]] napi_value make_array_buffer(napi_env env, PackedBatch block);
[[nodiscard]] napi_value make_array_buffer(napi_env env, std::string_view bytes);

// Throws {code, message: detail, operator}; returns undefined for the caller to return.
napi_value throw_error(napi_env env, const ErrorInfo& error);

}  // namespace millrace::addon
