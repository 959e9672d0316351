#include "operators/window-deduplicate.h"

#include <utility>

#include "operators/window-rank.h"

namespace millrace {

// A window Top-1 in which, for the last row, an equal row time takes the place of the one before.
Result<OperatorPtr> make_window_deduplicate(const PlanNode& node,
                                            const OperatorContext& /*context*/) {
  const Schema& input = node.input_schemas[0];
  MR_TRY_ASSIGN(WindowRankSpec spec, decode_window_rank(node));
  MR_TRY_ASSIGN(const int64_t rowtime, node.value->int_at("rowtime"));
  MR_TRY_ASSIGN(spec.is_last_of_equal, node.value->bool_at("keepLast"));
  if (rowtime < 0 || rowtime >= static_cast<int64_t>(input.size())) {
    return Status::error("MR9001", "window-deduplicate: rowtime");
  }
  const bool keep_last = spec.is_last_of_equal;
  const SortOrder order{static_cast<uint32_t>(rowtime), keep_last, !keep_last};
  MR_TRY_ASSIGN(SortKeys keys, SortKeys::create(std::span(&order, 1), input));
  return make_window_rank_of(std::move(spec), node, std::move(keys));
}

}  // namespace millrace
