#include "aggregates/sum.h"

#include "aggregates/make.h"

namespace millrace {

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

}  // namespace millrace
