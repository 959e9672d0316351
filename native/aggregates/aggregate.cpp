#include "aggregates/aggregate.h"

#include "aggregates/families.h"

namespace millrace {

namespace {

Status unsupported(const AggregateCall& call, const char* what) {
  return Status::error("MR2104", "native: " + call.function + " " + what);
}

}  // namespace

Result<AggregatePtr> make_aggregate(const AggregateCall& call, const DataType& argument) {
  AggregatePtr made;
  const std::string& name = call.function;
  if (name == "COUNT") {
    made = make_count();
  } else if (name == "SUM" || name == "$SUM0") {
    made = make_sum(call, argument);
  } else if (name == "AVG") {
    made = make_average(call, argument);
  } else if (name == "$WELFORD_M2$1") {
    made = make_welford(argument);
  } else if (name == "MIN" || name == "MAX") {
    made = call.retract ? make_counted_extreme(call, argument) : make_extreme(call, argument);
  } else if (!call.retract && (name == "FIRST_VALUE" || name == "LAST_VALUE")) {
    made = make_position(call, argument);
  }
  if (made == nullptr) made = make_cell_aggregate(call, argument);
  if (made == nullptr) return unsupported(call, "of this type");
  return made;
}

namespace {

Status decode_options(const plan::Value& options, AggregateCall& call) {
  if (options.find("separator") != nullptr) {
    MR_TRY_ASSIGN(const std::string_view separator, options.string_at("separator"));
    call.separator = separator;
  }
  if (options.find("nulls") != nullptr) {
    MR_TRY_ASSIGN(const std::string_view nulls, options.string_at("nulls"));
    call.keeps_nulls = nulls == "kept";
  }
  if (options.find("percentages") != nullptr) {
    MR_TRY_ASSIGN(const auto shares, options.list_at("percentages"));
    for (const plan::Value& share : shares) {
      MR_TRY_ASSIGN(const double value, share.as_double());
      if (!(value >= 0 && value <= 1)) return Status::error("MR9001", "aggregate: percentage");
      call.percentages.push_back(value);
    }
    MR_TRY_ASSIGN(call.shows_array, options.bool_at("isArray"));
  }
  return Status::ok();
}

}  // namespace

Result<std::vector<AggregateCall>> decode_aggregate_calls(const plan::Value& node) {
  MR_TRY_ASSIGN(const std::span<const plan::Value> list, node.list_at("aggregates"));
  std::vector<AggregateCall> calls;
  for (const plan::Value& value : list) {
    AggregateCall call;
    MR_TRY_ASSIGN(call.function, value.string_at("function"));
    MR_TRY_ASSIGN(call.arguments, value.indexes_at("arguments"));
    MR_TRY_ASSIGN(call.filter, value.optional_index_at("filter"));
    MR_TRY_ASSIGN(call.distinct, value.bool_at("distinct"));
    MR_TRY_ASSIGN(call.retract, value.bool_at("retract"));
    MR_TRY_ASSIGN(const plan::Value* type, value.member("type"));
    MR_TRY_ASSIGN(call.type, plan::decode_type(*type));
    if (const plan::Value* options = value.find("options"); options != nullptr) {
      MR_TRY(decode_options(*options, call));
    }
    calls.push_back(std::move(call));
  }
  return calls;
}

}  // namespace millrace
