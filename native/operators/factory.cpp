#include "operators/factory.h"

#include <algorithm>
#include <span>

#include "operators/calc.h"
#include "operators/changelog-normalize.h"
#include "operators/constrained-sink.h"
#include "operators/correlate.h"
#include "operators/deduplicate.h"
#include "operators/drop-update-before.h"
#include "operators/expand.h"
#include "operators/filesystem-sink.h"
#include "operators/from-changelog.h"
#include "operators/global-group-aggregate.h"
#include "operators/group-aggregate.h"
#include "operators/interval-join.h"
#include "operators/join.h"
#include "operators/limit.h"
#include "operators/local-group-aggregate.h"
#include "operators/lookup-join.h"
#include "operators/match.h"
#include "operators/over-aggregate.h"
#include "operators/rank.h"
#include "operators/session-window.h"
#include "operators/sink-collect.h"
#include "operators/sink-conflict.h"
#include "operators/sink-upsert-materialize.h"
#include "operators/temporal-join.h"
#include "operators/temporal-sort.h"
#include "operators/to-changelog.h"
#include "operators/union.h"
#include "operators/values.h"
#include "operators/watermark-assigner.h"
#include "operators/window-aggregate.h"
#include "operators/window-deduplicate.h"
#include "operators/window-join.h"
#include "operators/window-rank.h"
#include "operators/window-table-function.h"
#include "sources/limited-source.h"
#include "sources/source-spec.h"
#include "sources/sources.h"

namespace millrace {
namespace {

struct OperatorRow {
  std::string_view kind;
  MakeOperator make;
};

struct SourceRow {
  std::string_view connector;
  MakeSource make;
};

// One line a node kind.
constexpr OperatorRow kOperators[] = {
    {"calc", make_calc},
    {"changelog-normalize", make_changelog_normalize},
    {"correlate", make_correlate},
    {"deduplicate", make_deduplicate},
    {"drop-update-before", make_drop_update_before},
    {"expand", make_expand},
    {"from-changelog", make_from_changelog},
    {"global-group-aggregate", make_global_group_aggregate},
    {"group-aggregate", make_group_aggregate},
    {"interval-join", make_interval_join},
    {"join", make_join},
    {"limit", make_limit},
    {"local-group-aggregate", make_local_group_aggregate},
    {"lookup-join", make_lookup_join},
    {"match", make_match},
    {"over-aggregate", make_over_aggregate},
    {"rank", make_rank},
    {"session-window", make_session_window},
    {"sink-conflict", make_sink_conflict},
    {"sink-upsert-materialize", make_sink_upsert_materialize},
    {"temporal-join", make_temporal_join},
    {"temporal-sort", make_temporal_sort},
    {"to-changelog", make_to_changelog},
    {"union", make_union},
    {"watermark-assigner", make_watermark_assigner},
    {"window-aggregate", make_window_aggregate},
    {"window-deduplicate", make_window_deduplicate},
    {"window-join", make_window_join},
    {"window-rank", make_window_rank},
    {"window-table-function", make_window_table_function},
};

// One line a source connector.
constexpr SourceRow kSources[] = {
    {"datagen", make_datagen},
    {"filesystem", make_filesystem_source},
    {"nexmark", make_nexmark},
    {"values", make_values},
};

// One line a sink connector.
constexpr OperatorRow kSinks[] = {
    {"blackhole", make_sink_blackhole},
    {"collect", make_sink_collect},
    {"filesystem", make_filesystem_sink},
};

Status missing(std::string_view what, std::string_view name) {
  return Status::error("MR2104", "native: " + std::string(what) + " " + std::string(name));
}

template <typename Row>
std::vector<std::string> names(std::span<const Row> rows, std::string_view Row::* name) {
  std::vector<std::string> out;
  for (const Row& row : rows) out.emplace_back(row.*name);
  return out;
}

}  // namespace

std::string_view PlanNode::option(std::string_view name, std::string_view absent) const {
  const plan::Value* options = value->find("options");
  const plan::Value* option = options == nullptr ? nullptr : options->find(name);
  const auto* text = option == nullptr ? nullptr : std::get_if<std::string>(&option->content());
  return text == nullptr ? absent : std::string_view(*text);
}

bool PlanNode::has_option(std::string_view name) const {
  return option(name).data() != nullptr && !option(name).empty();
}

Result<OperatorPtr> make_operator(const PlanNode& node, const OperatorContext& context) {
  for (const OperatorRow& row : kOperators) {
    if (row.kind == node.kind) return row.make(node, context);
  }
  return missing("operator", node.kind);
}

Result<SourcePtr> make_source(const PlanNode& node, const OperatorContext& context) {
  std::string_view connector = "values";
  if (node.kind != "values") {
    MR_TRY_ASSIGN(connector, node.value->string_at("connector"));
  }
  OperatorContext scanning = context;
  MR_TRY_ASSIGN(const OptionMap options, decode_options(node.value->find("options")));
  MR_TRY_ASSIGN(scanning.parallelism, scan_parallelism(options, context.parallelism));
  uint64_t limit = UINT64_MAX;
  if (node.value->find("limit") != nullptr) {
    MR_TRY_ASSIGN(const int64_t rows, node.value->int_at("limit"));
    limit = static_cast<uint64_t>(std::max<int64_t>(rows, 0));
    scanning.batch_rows = static_cast<uint32_t>(
        std::clamp<uint64_t>(limit, 1, std::max<uint32_t>(context.batch_rows, 1)));
  }
  for (const SourceRow& row : kSources) {
    if (row.connector != connector) continue;
    MR_TRY_ASSIGN(SourcePtr source, row.make(node, scanning));
    if (limit == UINT64_MAX) return source;
    return SourcePtr(std::make_unique<LimitedSource>(std::move(source), limit));
  }
  return missing("source connector", connector);
}

Result<OperatorPtr> make_sink(const PlanNode& node, const OperatorContext& context) {
  MR_TRY_ASSIGN(const std::string_view connector, node.value->string_at("connector"));
  for (const OperatorRow& row : kSinks) {
    if (row.kind != connector) continue;
    MR_TRY_ASSIGN(OperatorPtr sink, row.make(node, context));
    return with_constraints(std::move(sink), node);
  }
  return missing("sink connector", connector);
}

std::vector<std::string> operator_kinds() {
  return names<OperatorRow>(kOperators, &OperatorRow::kind);
}
std::vector<std::string> source_connectors() {
  return names<SourceRow>(kSources, &SourceRow::connector);
}
std::vector<std::string> sink_connectors() {
  return names<OperatorRow>(kSinks, &OperatorRow::kind);
}

}  // namespace millrace
