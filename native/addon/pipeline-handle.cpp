#include "addon/pipeline-handle.h"

#include <array>
#include <string>
#include <utility>

#include "addon/call.h"
#include "plan/encode.h"

namespace millrace::addon {
namespace {

// The numbers of NativeEventKind in src/native/binding.ts.
enum class EventKind : uint8_t {
  kOutput = 0, kRoom = 1, kSnapshot = 2, kFinished = 3, kFailed = 4, kClosed = 5,
};

void set_element(napi_env env, napi_value array, uint32_t index, napi_value value) {
  napi_set_element(env, array, index, value);
}

// [operator, semantic id, table, subtask, key count, fields, content]
napi_value chunk_to_value(napi_env env, StateChunk& chunk) {
  napi_value tuple = nullptr;
  napi_create_array_with_length(env, 7, &tuple);
  set_element(env, tuple, 0, make_number(env, chunk.operator_id));
  set_element(env, tuple, 1, make_string(env, chunk.semantic_id));
  set_element(env, tuple, 2, make_string(env, chunk.table));
  set_element(env, tuple, 3, make_number(env, chunk.subtask));
  set_element(env, tuple, 4, make_number(env, chunk.key_count));
  set_element(env, tuple, 5, make_array_buffer(env, plan::encode_schema(chunk.fields)));
  set_element(env, tuple, 6, make_array_buffer(env, std::move(chunk.content)));
  return tuple;
}

napi_value chunks_to_value(napi_env env, std::vector<StateChunk>& chunks) {
  napi_value list = nullptr;
  napi_create_array_with_length(env, chunks.size(), &list);
  for (uint32_t i = 0; i < chunks.size(); ++i) {
    set_element(env, list, i, chunk_to_value(env, chunks[i]));
  }
  return list;
}

}  // namespace

struct PipelineHandle::Event {
  EventKind kind;
  double number = 0;
  std::vector<StateChunk> chunks;
  ErrorInfo error;
};

std::unique_ptr<PipelineHandle> PipelineHandle::make(napi_env env, std::span<const uint8_t> plan,
                                                     PipelineOptions options,
                                                     napi_value callback) {
  std::unique_ptr<PipelineHandle> handle(new PipelineHandle(env));
  auto made = Pipeline::make(plan, std::move(options), *handle);
  if (!made.is_ok()) {
    throw_error(env, made.status().info());
    return nullptr;
  }
  handle->pipeline_ = std::move(made.value());
  napi_value name = make_string(env, "millrace pipeline");
  const napi_status status = napi_create_threadsafe_function(
      env, callback, nullptr, name, 0, 1, nullptr, nullptr, nullptr, deliver, &handle->function_);
  if (status != napi_ok) {
    handle->function_ = nullptr;
    throw_error(env, {"MR9001", "no thread-safe function", -1, -1});
    return nullptr;
  }
  // Runs before the function's own hook, which was set before: last in, first out.
  napi_add_env_cleanup_hook(env, at_environment_end, handle.get());
  return handle;
}

PipelineHandle::~PipelineHandle() { destroy(); }

void PipelineHandle::at_environment_end(void* self) {
  static_cast<PipelineHandle*>(self)->destroy();
}

void PipelineHandle::destroy() {
  if (pipeline_ == nullptr) return;
  pipeline_->cancel();
  pipeline_->wait_until_closed();
  pipeline_.reset();
  const std::lock_guard lock(mutex_);
  if (function_ == nullptr) return;
  napi_release_threadsafe_function(function_, napi_tsfn_abort);
  function_ = nullptr;
  napi_remove_env_cleanup_hook(env_, at_environment_end, this);
}

void PipelineHandle::post(std::unique_ptr<Event> event) {
  const std::lock_guard lock(mutex_);
  if (function_ == nullptr) return;
  Event* raw = event.release();
  if (napi_call_threadsafe_function(function_, raw, napi_tsfn_nonblocking) != napi_ok) delete raw;
}

void PipelineHandle::deliver(napi_env env, napi_value callback, void* /*context*/, void* data) {
  const std::unique_ptr<Event> event(static_cast<Event*>(data));
  if (env == nullptr || callback == nullptr) return;  // the environment is going away
  std::array<napi_value, 4> arguments{make_number(env, static_cast<double>(event->kind)),
                                      make_number(env, event->number), make_undefined(env),
                                      make_undefined(env)};
  if (event->kind == EventKind::kSnapshot) arguments[2] = chunks_to_value(env, event->chunks);
  if (event->kind == EventKind::kFailed) {
    arguments[2] = make_string(env, event->error.code);
    arguments[3] = make_string(env, event->error.detail);
  }
  napi_call_function(env, make_undefined(env), callback, arguments.size(), arguments.data(),
                     nullptr);
}

void PipelineHandle::output_ready(uint32_t output) {
  post(std::unique_ptr<Event>(new Event{EventKind::kOutput, static_cast<double>(output), {}, {}}));
}

void PipelineHandle::input_room(uint32_t input) {
  post(std::unique_ptr<Event>(new Event{EventKind::kRoom, static_cast<double>(input), {}, {}}));
}

void PipelineHandle::snapshot_complete(uint64_t barrier, std::vector<StateChunk> chunks) {
  post(std::unique_ptr<Event>(
      new Event{EventKind::kSnapshot, static_cast<double>(barrier), std::move(chunks), {}}));
}

void PipelineHandle::finished() {
  post(std::unique_ptr<Event>(new Event{EventKind::kFinished, 0, {}, {}}));
}

void PipelineHandle::failed(const ErrorInfo& error) {
  const auto blamed = static_cast<double>(error.operator_id);
  post(std::unique_ptr<Event>(new Event{EventKind::kFailed, blamed, {}, error}));
}

void PipelineHandle::closed() {
  post(std::unique_ptr<Event>(new Event{EventKind::kClosed, 0, {}, {}}));
}

}  // namespace millrace::addon
