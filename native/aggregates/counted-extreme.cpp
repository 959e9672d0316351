#include "aggregates/counted-extreme.h"

#include "aggregates/make.h"

namespace millrace {

AggregatePtr make_counted_extreme(const AggregateCall& call, const DataType& argument) {
  const bool least = call.function == "MIN";
  return with_ordered(argument.physical(), [&]<typename T>(T) -> AggregatePtr {
    return make<CountedExtremeOp<T>>(call.type, least);
  });
}

}  // namespace millrace
