#include "aggregates/extreme.h"

#include "aggregates/make.h"

namespace millrace {

AggregatePtr make_extreme(const AggregateCall& call, const DataType& argument) {
  const bool least = call.function == "MIN";
  return with_ordered(argument.physical(), [&]<typename T>(T) -> AggregatePtr {
    if (least) return make<PickOp<T, Pick::kMin>>(call.type);
    return make<PickOp<T, Pick::kMax>>(call.type);
  });
}

}  // namespace millrace
