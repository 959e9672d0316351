// The functions of the addon that make, feed, ask and end a pipeline, one of its functions each.
#pragma once

#include <node_api.h>

namespace millrace::addon {

// createPipeline(plan, options, callback)
napi_value create_pipeline(napi_env env, napi_callback_info info);
// start(pipeline)
napi_value start(napi_env env, napi_callback_info info);
// offer(pipeline, input, block): whether it was taken
napi_value offer(napi_env env, napi_callback_info info);
// endInput(pipeline, input)
napi_value end_input(napi_env env, napi_callback_info info);
// barrier(pipeline, id)
napi_value barrier(napi_env env, napi_callback_info info);
// inputBarrier(pipeline, input, id)
napi_value input_barrier(napi_env env, napi_callback_info info);
// inputStatus(pipeline, input, status): as poll gives it
napi_value input_status(napi_env env, napi_callback_info info);
// completeCheckpoint(pipeline)
napi_value complete_checkpoint(napi_env env, napi_callback_info info);
// poll(pipeline, output): an ArrayBuffer, or null; at a border a barrier as its number, or
// -1 for the end, -2 for idle, -3 for active
napi_value poll(napi_env env, napi_callback_info info);
// stats(pipeline): a Float64Array of ten numbers an operator and subtask
napi_value stats(napi_env env, napi_callback_info info);
// advanceClock(pipeline, ms)
napi_value advance_clock(napi_env env, napi_callback_info info);
// cancel(pipeline)
napi_value cancel(napi_env env, napi_callback_info info);
// destroy(pipeline): after the closed event it does not wait
napi_value destroy(napi_env env, napi_callback_info info);

}  // namespace millrace::addon
