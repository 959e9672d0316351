// The table of the addon's functions and constants; src/native/binding.ts declares them. Nothing is
// static: several environments may load the addon at once, each pipeline belongs to the one that
// made it.
#include "addon/call.h"
#include "addon/cpu-features.h"
#include "addon/evaluate.h"
#include "addon/json-encode.h"
#include "addon/nexmark-text.h"
#include "addon/pipeline-calls.h"
#include "generated/spec-hash.h"
#include "kernels/registry.h"
#include "operators/factory.h"

namespace millrace::addon {
namespace {

constexpr const char* kVersion = "0.1.0";

template <typename Names>
napi_value make_names(napi_env env, const Names& names) {
  napi_value list = nullptr;
  napi_create_array_with_length(env, names.size(), &list);
  uint32_t index = 0;
  for (const auto& name : names) napi_set_element(env, list, index++, make_string(env, name));
  return list;
}

void set_constant(napi_env env, napi_value exports, const char* name, napi_value value) {
  napi_set_named_property(env, exports, name, value);
}

struct FunctionRow {
  const char* name;
  napi_callback function;
};

constexpr FunctionRow kFunctions[] = {
    {"createPipeline", create_pipeline},
    {"start", start},
    {"offer", offer},
    {"endInput", end_input},
    {"barrier", barrier},
    {"inputBarrier", input_barrier},
    {"inputStatus", input_status},
    {"completeCheckpoint", complete_checkpoint},
    {"poll", poll},
    {"stats", stats},
    {"advanceClock", advance_clock},
    {"cancel", cancel},
    {"destroy", destroy},
    {"evaluateExpression", evaluate_expression},
    {"keyGroups", key_groups_of},
    {"encodeJson", encode_json},
    {"nexmarkText", nexmark_text},
    {"nextNexmarkText", next_nexmark_text},
};

}  // namespace

static napi_value initialize(napi_env env, napi_value exports) {
  for (const FunctionRow& row : kFunctions) {
    napi_value function = nullptr;
    napi_create_function(env, row.name, NAPI_AUTO_LENGTH, row.function, nullptr, &function);
    napi_set_named_property(env, exports, row.name, function);
  }
  set_constant(env, exports, "version", make_string(env, kVersion));
  set_constant(env, exports, "specHash", make_string(env, kSpecHash));
  set_constant(env, exports, "kernelNames", make_names(env, kernel_names()));
  set_constant(env, exports, "operatorKinds", make_names(env, operator_kinds()));
  set_constant(env, exports, "sourceConnectors", make_names(env, source_connectors()));
  set_constant(env, exports, "sinkConnectors", make_names(env, sink_connectors()));
  set_constant(env, exports, "cpuFeatures", make_names(env, cpu_features()));
  set_constant(env, exports, "utf8Variant", make_string(env, utf8_variant()));
  return exports;
}

}  // namespace millrace::addon

extern "C" {

napi_value millrace_initialize(napi_env env, napi_value exports) {
  return millrace::addon::initialize(env, exports);
}

NAPI_MODULE(millrace, millrace_initialize)

}
