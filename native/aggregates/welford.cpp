#include "aggregates/welford.h"

#include "aggregates/make.h"

namespace millrace {

AggregatePtr make_welford(const DataType& argument) {
  return argument.physical() == Physical::kF64 ? make<WelfordOp>() : nullptr;
}

}  // namespace millrace
