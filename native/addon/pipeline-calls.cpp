#include "addon/pipeline-calls.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "addon/call.h"
#include "addon/pipeline-handle.h"

namespace millrace::addon {
namespace {

void free_handle(napi_env /*env*/, void* data, void* /*hint*/) {
  delete static_cast<PipelineHandle*>(data);
}

napi_value throw_invalid(napi_env env, const char* what) {
  return throw_error(env, {"MR9001", what, -1, -1});
}

Pipeline* pipeline_of(const Arguments& arguments) {
  void* data = nullptr;
  if (napi_get_value_external(arguments.env(), arguments[0], &data) != napi_ok) data = nullptr;
  auto* handle = static_cast<PipelineHandle*>(data);
  return handle == nullptr ? nullptr : handle->pipeline();
}

// Does something with the pipeline of argument 0: `call(pipeline, arguments)` gives the result, or
// nothing. Throws after close.
template <typename Call>
napi_value with_pipeline(napi_env env, napi_callback_info info, Call call) {
  const Arguments arguments(env, info);
  Pipeline* pipeline = pipeline_of(arguments);
  if (pipeline == nullptr) return throw_invalid(env, "pipeline is closed");
  if constexpr (std::is_void_v<decltype(call(*pipeline, arguments))>) {
    call(*pipeline, arguments);
    return make_undefined(env);
  } else {
    return call(*pipeline, arguments);
  }
}

// The same with the input of argument 1: `call(pipeline, input, arguments)`.
template <typename Call>
napi_value with_input(napi_env env, napi_callback_info info, Call call) {
  return with_pipeline(env, info, [&](Pipeline& pipeline, const Arguments& arguments) {
    const uint32_t input = arguments.uint32(1);
    if (input >= pipeline.input_count()) return throw_invalid(env, "no such input");
    return call(pipeline, input, arguments);
  });
}

// [operator, semantic id, table, subtask, content]
StateChunk read_chunk(napi_env env, napi_value tuple) {
  const auto element = [&](uint32_t index) {
    napi_value value = nullptr;
    napi_get_element(env, tuple, index, &value);
    return value;
  };
  StateChunk chunk;
  chunk.operator_id = static_cast<int32_t>(number_of(env, element(0), -1));
  chunk.semantic_id = string_of(env, element(1));
  chunk.table = string_of(env, element(2));
  chunk.subtask = static_cast<uint32_t>(number_of(env, element(3), 0));
  const std::span<const uint8_t> bytes = bytes_of(env, element(4));
  chunk.content.bytes = std::make_unique<uint8_t[]>(bytes.size());
  chunk.content.size = bytes.size();
  if (!bytes.empty()) std::memcpy(chunk.content.bytes.get(), bytes.data(), bytes.size());
  return chunk;
}

PipelineOptions read_options(napi_env env, napi_value object) {
  PipelineOptions options;
  const auto number = [&](const char* name, uint32_t otherwise) {
    const double value = number_of(env, member_of(env, object, name), otherwise);
    const bool fits = value >= 0 && value <= UINT32_MAX;
    return fits ? static_cast<uint32_t>(value) : otherwise;
  };
  options.parallelism = number("parallelism", options.parallelism);
  options.max_parallelism = number("maxParallelism", options.max_parallelism);
  options.batch_rows = number("batchRows", options.batch_rows);
  options.flush_ms = number("flushMs", options.flush_ms);
  if (!is_undefined(env, member_of(env, object, "mergeSeed"))) {
    options.merge_seed = number("mergeSeed", 0);
  }
  const double clock = number_of(env, member_of(env, object, "clockMs"), NAN);
  if (!std::isnan(clock)) options.clock_ms = static_cast<int64_t>(clock);
  napi_value restore = member_of(env, object, "restore");
  uint32_t count = 0;
  if (!is_undefined(env, restore)) napi_get_array_length(env, restore, &count);
  for (uint32_t i = 0; i < count; ++i) {
    napi_value tuple = nullptr;
    napi_get_element(env, restore, i, &tuple);
    options.restore.push_back(read_chunk(env, tuple));
  }
  return options;
}

// Ten numbers a row, in the order that src/native reads.
std::vector<double> numbers_of(const std::vector<OperatorStatsRow>& rows) {
  std::vector<double> numbers;
  for (const OperatorStatsRow& row : rows) {
    double watermark = static_cast<double>(row.watermark);
    if (row.watermark == kMaxWatermark) watermark = std::numeric_limits<double>::infinity();
    if (row.watermark == kMinWatermark) watermark = -std::numeric_limits<double>::infinity();
    const uint64_t counts[] = {row.rows_in, row.rows_out, row.batches_in, row.late_rows,
                               row.bad_records, row.state_rows, row.state_bytes};
    numbers.push_back(row.operator_id);
    numbers.push_back(row.subtask);
    for (const uint64_t count : counts) numbers.push_back(static_cast<double>(count));
    numbers.push_back(watermark);
  }
  return numbers;
}

// Control at borders, beside barriers by their number: src/native/binding.ts has the same.
constexpr double kEnd = -1;
constexpr double kIdle = -2;
constexpr double kActive = -3;

}  // namespace

napi_value create_pipeline(napi_env env, napi_callback_info info) {
  const Arguments arguments(env, info);
  auto handle = PipelineHandle::make(env, arguments.bytes(0), read_options(env, arguments[1]),
                                     arguments[2]);
  if (handle == nullptr) return make_undefined(env);
  napi_value external = nullptr;
  if (napi_create_external(env, handle.get(), free_handle, nullptr, &external) == napi_ok) {
    (void)handle.release();
  }
  return external;
}

napi_value start(napi_env env, napi_callback_info info) {
  return with_pipeline(env, info, [](Pipeline& pipeline, const Arguments&) { pipeline.start(); });
}

napi_value offer(napi_env env, napi_callback_info info) {
  const auto call = [env](Pipeline& pipeline, uint32_t input, const Arguments& arguments) {
    const std::span<const uint8_t> bytes = arguments.bytes(2);
    PackedBatch batch;
    batch.bytes = std::make_unique_for_overwrite<uint8_t[]>(bytes.size());
    batch.size = bytes.size();
    if (!bytes.empty()) std::memcpy(batch.bytes.get(), bytes.data(), bytes.size());
    return make_boolean(env, pipeline.offer(input, std::move(batch)));
  };
  return with_input(env, info, call);
}

napi_value end_input(napi_env env, napi_callback_info info) {
  return with_input(env, info, [env](Pipeline& pipeline, uint32_t input, const Arguments&) {
    pipeline.end_input(input);
    return make_undefined(env);
  });
}

napi_value barrier(napi_env env, napi_callback_info info) {
  return with_pipeline(env, info, [](Pipeline& pipeline, const Arguments& arguments) {
    pipeline.barrier(static_cast<uint64_t>(arguments.number(1)));
  });
}

napi_value input_barrier(napi_env env, napi_callback_info info) {
  const auto call = [env](Pipeline& pipeline, uint32_t input, const Arguments& arguments) {
    pipeline.input_barrier(input, static_cast<uint64_t>(arguments.number(2)));
    return make_undefined(env);
  };
  return with_input(env, info, call);
}

napi_value input_status(napi_env env, napi_callback_info info) {
  const auto call = [env](Pipeline& pipeline, uint32_t input, const Arguments& arguments) {
    pipeline.input_status(input, arguments.number(2) == kIdle);
    return make_undefined(env);
  };
  return with_input(env, info, call);
}

napi_value complete_checkpoint(napi_env env, napi_callback_info info) {
  return with_pipeline(env, info, [](Pipeline& pipeline, const Arguments&) {
    pipeline.complete_checkpoint();
  });
}

napi_value poll(napi_env env, napi_callback_info info) {
  return with_pipeline(env, info, [env](Pipeline& pipeline, const Arguments& arguments) {
    const uint32_t output = arguments.uint32(1);
    if (output >= pipeline.output_count()) return throw_invalid(env, "no such output");
    OutputPort::Entry entry = pipeline.poll(output);
    switch (entry.kind) {
      case InputKind::kNothing: return make_null(env);
      case InputKind::kBatch: return make_array_buffer(env, std::move(entry.batch));
      case InputKind::kBarrier: return make_number(env, static_cast<double>(entry.barrier));
      case InputKind::kEnd: return make_number(env, kEnd);
      case InputKind::kIdle: return make_number(env, kIdle);
      case InputKind::kActive: return make_number(env, kActive);
    }
    return make_null(env);
  });
}

napi_value stats(napi_env env, napi_callback_info info) {
  return with_pipeline(env, info, [env](Pipeline& pipeline, const Arguments&) {
    const std::vector<double> numbers = numbers_of(pipeline.stats());
    const std::string_view bytes(reinterpret_cast<const char*>(numbers.data()),
                                 numbers.size() * sizeof(double));
    return make_array_buffer(env, bytes);
  });
}

napi_value advance_clock(napi_env env, napi_callback_info info) {
  return with_pipeline(env, info, [](Pipeline& pipeline, const Arguments& arguments) {
    pipeline.advance_clock(static_cast<int64_t>(arguments.number(1)));
  });
}

napi_value cancel(napi_env env, napi_callback_info info) {
  return with_pipeline(env, info, [](Pipeline& pipeline, const Arguments&) { pipeline.cancel(); });
}

napi_value destroy(napi_env env, napi_callback_info info) {
  const Arguments arguments(env, info);
  void* data = nullptr;
  if (napi_get_value_external(env, arguments[0], &data) == napi_ok && data != nullptr) {
    static_cast<PipelineHandle*>(data)->destroy();
  }
  return make_undefined(env);
}

}  // namespace millrace::addon
