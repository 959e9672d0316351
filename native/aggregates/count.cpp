#include "aggregates/count.h"

#include "aggregates/make.h"

namespace millrace {

AggregatePtr make_count() { return make<CountOp>(); }

}  // namespace millrace
