#include "addon/evaluate.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "addon/call.h"
#include "columnar/packed-batch.h"
#include "columnar/take.h"
#include "kernels/expression.h"
#include "plan/encode.h"
#include "plan/value.h"
#include "state/key-group.h"

namespace millrace::addon {
namespace {

Result<PackedBatch> evaluate(const Arguments& arguments) {
  MR_TRY_ASSIGN(const plan::Value tree, plan::decode_value(arguments.bytes(0)));
  MR_TRY_ASSIGN(const plan::Value encoded_schema, plan::decode_value(arguments.bytes(1)));
  MR_TRY_ASSIGN(const Schema schema, plan::decode_schema(encoded_schema));
  MR_TRY_ASSIGN(const Batch batch, unpack(arguments.bytes(2), schema));
  MR_TRY_ASSIGN(const auto expression, compile_expression(tree));
  const std::string zone = string_of(arguments.env(), arguments[4]);
  const EvaluationContext context{static_cast<int64_t>(arguments.number(3)), &zone};
  const Selection rows = batch.selection();
  MR_TRY_ASSIGN(ColumnPtr column, expression->evaluate(batch, rows, context));
  Batch result;
  result.row_count = rows.count;
  const ColumnPiece piece{column.get(), rows};
  result.columns.push_back(gather(std::span<const ColumnPiece>(&piece, 1)));
  return pack(result);
}

Result<std::vector<uint32_t>> groups_of(const Arguments& arguments) {
  MR_TRY_ASSIGN(const plan::Value encoded_schema, plan::decode_value(arguments.bytes(0)));
  MR_TRY_ASSIGN(const Schema schema, plan::decode_schema(encoded_schema));
  MR_TRY_ASSIGN(const Batch batch, unpack(arguments.bytes(1), schema));
  std::vector<const Column*> keys;
  for (const ColumnPtr& column : batch.columns) keys.push_back(column.get());
  std::vector<uint32_t> groups;
  const uint32_t max_parallelism = std::max(1u, arguments.uint32(2));
  MR_TRY(key_groups(keys, batch.selection(), max_parallelism, groups));
  return groups;
}

}  // namespace

napi_value evaluate_expression(napi_env env, napi_callback_info info) {
  const Arguments arguments(env, info);
  Result<PackedBatch> result = evaluate(arguments);
  if (!result.is_ok()) return throw_error(env, result.status().info());
  return make_array_buffer(env, std::move(result.value()));
}

napi_value key_groups_of(napi_env env, napi_callback_info info) {
  const Arguments arguments(env, info);
  Result<std::vector<uint32_t>> result = groups_of(arguments);
  if (!result.is_ok()) return throw_error(env, result.status().info());
  const std::vector<uint32_t>& groups = result.value();
  return make_array_buffer(env, std::string_view(reinterpret_cast<const char*>(groups.data()),
                                                 groups.size() * sizeof(uint32_t)));
}

}  // namespace millrace::addon
