// A pipeline as JavaScript holds it: events go to the environment's thread, and the end of the
// environment (or of the object) stops the pipeline and waits for it.
#pragma once

#include <memory>
#include <mutex>
#include <span>

#include <node_api.h>

#include "pipeline/pipeline.h"

namespace millrace::addon {

class PipelineHandle final : public PipelineEvents {
 public:
  // `callback` takes (kind, ...): see binding.ts, NativeEventKind. Null with a pending exception.
  static std::unique_ptr<PipelineHandle> make(napi_env env, std::span<const uint8_t> plan,
                                              PipelineOptions options, napi_value callback);
  ~PipelineHandle() override;

  // Null after destroy().
  [[nodiscard]] Pipeline* pipeline() { return pipeline_.get(); }
  // Cancels, waits for the tasks (a few milliseconds) and frees everything; no event comes after.
  void destroy();

  void output_ready(uint32_t output) override;
  void input_room(uint32_t input) override;
  void snapshot_complete(uint64_t barrier, std::vector<StateChunk> chunks) override;
  void finished() override;
  void failed(const ErrorInfo& error) override;
  void closed() override;

 private:
  struct Event;
  explicit PipelineHandle(napi_env env) : env_(env) {}
  void post(std::unique_ptr<Event> event);
  static void deliver(napi_env env, napi_value callback, void* context, void* data);
  static void at_environment_end(void* self);

  napi_env env_;
  std::unique_ptr<Pipeline> pipeline_;
  std::mutex mutex_;  // of function_
  napi_threadsafe_function function_ = nullptr;
};

}  // namespace millrace::addon
