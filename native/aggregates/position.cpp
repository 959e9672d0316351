// FIRST_VALUE and LAST_VALUE where rows are only added.
#include "aggregates/extreme.h"
#include "aggregates/make.h"

namespace millrace {

AggregatePtr make_position(const AggregateCall& call, const DataType& argument) {
  const bool first = call.function == "FIRST_VALUE";
  return with_ordered(argument.physical(), [&]<typename T>(T) -> AggregatePtr {
    if (first) return make<PickOp<T, Pick::kFirst>>(call.type);
    return make<PickOp<T, Pick::kLast>>(call.type);
  });
}

}  // namespace millrace
