// The snapshot form of window aggregates, the same in both engines:
//
//     watermark         watermark                          (operator state: the lowest counts)
//     slices            keys, slice_end, row_count, a<i>_<state column> ...
//     distinct_<i>      keys, slice_end, value, count
//     values_<i>        keys, slice_end, value, count
#pragma once

#include <span>
#include <vector>

#include "operators/operator.h"
#include "operators/window-slices.h"

namespace millrace {

[[nodiscard]] std::vector<StateTable> window_state_tables(std::span<const Field> keys,
                                                          const AggregateSet& aggregates);
Result<Batch> save_window_state(const StateTable& table, std::span<const Field> keys,
                                const WindowSlices& slices, int64_t watermark);
Status restore_window_state(const StateTable& table, std::span<const Field> keys,
                            const Batch& content, WindowSlices& slices, int64_t& watermark,
                            bool& restored);

}  // namespace millrace
