// From a plan node to the object that runs it: one table for operators, one for sources, one for
// sinks. native/operators/README.md says how to add a row.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "columnar/types.h"
#include "operators/operator.h"
#include "plan/value.h"

namespace millrace {

// A plan node with the parts that every constructor needs, decoded. Lives as long as the
// operator made from it.
struct PlanNode {
  const plan::Value* value = nullptr;  // the node's map, for everything else
  int32_t id = 0;
  std::string kind;
  std::string semantic_id;
  std::vector<uint32_t> inputs;        // positions in the plan's node list
  std::vector<Schema> input_schemas;   // one an input
  Schema schema;                       // what the node produces

  // `options` of a source or a sink; empty where absent.
  [[nodiscard]] std::string_view option(std::string_view name, std::string_view absent = "") const;
  [[nodiscard]] bool has_option(std::string_view name) const;
};

using OperatorPtr = std::unique_ptr<Operator>;
using SourcePtr = std::unique_ptr<Source>;
using MakeOperator = Result<OperatorPtr> (*)(const PlanNode& node, const OperatorContext& context);
using MakeSource = Result<SourcePtr> (*)(const PlanNode& node, const OperatorContext& context);

// Every kind but `source`, `values`, `sink` and `exchange`. MR2104 where this build has none.
[[nodiscard]] Result<OperatorPtr> make_operator(const PlanNode& node,
                                                const OperatorContext& context);

// A `source` node by its connector, or a `values` node. `external` is the pipeline's own.
[[nodiscard]] Result<SourcePtr> make_source(const PlanNode& node, const OperatorContext& context);

// A `sink` node by its connector. What a sink emits goes to the pipeline's output number
// `options.output`, where the plan gives one, and is dropped otherwise.
[[nodiscard]] Result<OperatorPtr> make_sink(const PlanNode& node, const OperatorContext& context);

// The names of the three tables, for EXPLAIN and the tests that compare them with spec/.
[[nodiscard]] std::vector<std::string> operator_kinds();
[[nodiscard]] std::vector<std::string> source_connectors();
[[nodiscard]] std::vector<std::string> sink_connectors();

}  // namespace millrace
