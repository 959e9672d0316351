#include "aggregates/aggregate.h"

#include "aggregates/average.h"
#include "aggregates/count.h"
#include "aggregates/counted-extreme.h"
#include "aggregates/extreme.h"
#include "aggregates/sum.h"
#include "aggregates/welford.h"

namespace millrace {

namespace {

using AggregatePtr = std::unique_ptr<Aggregate>;

Status unsupported(const AggregateCall& call, const char* what) {
  return Status::error("MR2104", "native: " + call.function + " " + what);
}

template <typename Op, typename... Arguments>
AggregatePtr make(Arguments&&... arguments) {
  return std::make_unique<AggregateKernel<Op>>(std::forward<Arguments>(arguments)...);
}

// Calls f with a value of the C++ type of a number's physical form; null for other forms.
template <typename F>
AggregatePtr with_number(Physical physical, F&& f) {
  switch (physical) {
    case Physical::kI8: return f(int8_t{});
    case Physical::kI16: return f(int16_t{});
    case Physical::kI32: return f(int32_t{});
    case Physical::kI64: return f(int64_t{});
    case Physical::kF32: return f(float{});
    case Physical::kF64: return f(double{});
    case Physical::kI128: return f(int128{});
    default: return nullptr;
  }
}

AggregatePtr make_sum(const AggregateCall& call, const DataType& argument) {
  return with_number(argument.physical(), [&]<typename T>(T) -> AggregatePtr {
    if (call.function == "$SUM0") {
      if constexpr (std::is_same_v<T, int128>) return nullptr;
      return make<SumFromZeroOp<T>>(call.type);
    }
    if (call.retract) return make<RetractableSumOp<T>>(call.type);
    return make<SumOp<T>>(call.type);
  });
}

AggregatePtr make_average(const AggregateCall& call, const DataType& argument) {
  return with_number(argument.physical(), [&]<typename T>(T) -> AggregatePtr {
    if constexpr (std::is_same_v<T, int128>) {
      const DataType sum{TypeRoot::kDecimal, true, 38, argument.scale, 0, {}};
      return make<AverageOp<T, int128>>(sum, uint32_t{call.type.scale} - argument.scale);
    } else if constexpr (std::is_floating_point_v<T>) {
      return make<AverageOp<T, double>>(DataType{TypeRoot::kDouble, true, 0, 0, 0, {}}, 0u);
    } else {
      return make<AverageOp<T, int64_t>>(DataType{TypeRoot::kBigint, true, 0, 0, 0, {}}, 0u);
    }
  });
}

template <Pick kPick>
AggregatePtr make_pick(const AggregateCall& call, const DataType& argument) {
  switch (argument.physical()) {
    case Physical::kBool: return make<PickOp<bool, kPick>>(call.type);
    case Physical::kString: return make<PickOp<StringView, kPick>>(call.type);
    default:
      return with_number(argument.physical(), [&]<typename T>(T) -> AggregatePtr {
        return make<PickOp<T, kPick>>(call.type);
      });
  }
}

template <Pick kPick>
AggregatePtr make_counted(const AggregateCall& call, const DataType& argument) {
  switch (argument.physical()) {
    case Physical::kBool: return make<CountedExtremeOp<bool, kPick>>(call.type);
    case Physical::kString: return make<CountedExtremeOp<StringView, kPick>>(call.type);
    default:
      return with_number(argument.physical(), [&]<typename T>(T) -> AggregatePtr {
        return make<CountedExtremeOp<T, kPick>>(call.type);
      });
  }
}

template <Pick kPick>
AggregatePtr make_extreme(const AggregateCall& call, const DataType& argument) {
  return call.retract ? make_counted<kPick>(call, argument) : make_pick<kPick>(call, argument);
}

}  // namespace

Result<AggregatePtr> make_aggregate(const AggregateCall& call, const DataType& argument) {
  AggregatePtr made;
  const std::string& name = call.function;
  if (name == "COUNT") {
    made = make<CountOp>();
  } else if (name == "SUM" || name == "$SUM0") {
    made = make_sum(call, argument);
  } else if (name == "AVG") {
    made = make_average(call, argument);
  } else if (name == "$WELFORD_M2$1") {
    if (argument.physical() == Physical::kF64) made = make<WelfordOp>();
  } else if (name == "MIN") {
    made = make_extreme<Pick::kMin>(call, argument);
  } else if (name == "MAX") {
    made = make_extreme<Pick::kMax>(call, argument);
  } else if (call.retract) {
    return unsupported(call, "with rows taken back");
  } else if (name == "FIRST_VALUE") {
    made = make_pick<Pick::kFirst>(call, argument);
  } else if (name == "LAST_VALUE") {
    made = make_pick<Pick::kLast>(call, argument);
  }
  if (made == nullptr) return unsupported(call, "of this type");
  return made;
}

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
    calls.push_back(std::move(call));
  }
  return calls;
}

}  // namespace millrace
