// Who makes which aggregate: a file a family, because each instantiates its loops for every type
// and one file with all of them compiled for minutes. Null = the type is not supported.
#pragma once

#include "aggregates/aggregate.h"

namespace millrace {

using AggregatePtr = std::unique_ptr<Aggregate>;

// COUNT
[[nodiscard]] AggregatePtr make_count();
// SUM, $SUM0
[[nodiscard]] AggregatePtr make_sum(const AggregateCall& call, const DataType& argument);
// AVG
[[nodiscard]] AggregatePtr make_average(const AggregateCall& call, const DataType& argument);
// $WELFORD_M2$1
[[nodiscard]] AggregatePtr make_welford(const DataType& argument);
// MIN, MAX of rows that are only added
[[nodiscard]] AggregatePtr make_extreme(const AggregateCall& call, const DataType& argument);
// MIN, MAX of rows that may be taken back
[[nodiscard]] AggregatePtr make_counted_extreme(const AggregateCall& call,
                                                const DataType& argument);
// Whole values of any type: FIRST_VALUE, LAST_VALUE, SINGLE_VALUE, ARRAY_AGG, COLLECT, LISTAGG,
// JSON_*AGG, PERCENTILE
[[nodiscard]] AggregatePtr make_cell_aggregate(const AggregateCall& call,
                                               const DataType& argument);
// FIRST_VALUE, LAST_VALUE of rows that are only added
[[nodiscard]] AggregatePtr make_position(const AggregateCall& call, const DataType& argument);

}  // namespace millrace
