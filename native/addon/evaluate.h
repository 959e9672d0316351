// Expressions and key groups of one batch, without a pipeline.
#pragma once

#include <node_api.h>

namespace millrace::addon {

// evaluateExpression(expression, schema, block, nowMs, zone): the block of one column, one value
// a selected row
napi_value evaluate_expression(napi_env env, napi_callback_info info);
// keyGroups(schema, block, maxParallelism): one number a selected row, all columns being the key
napi_value key_groups_of(napi_env env, napi_callback_info info);

}  // namespace millrace::addon
