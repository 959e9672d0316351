// The plan as tasks: its nodes grouped into fragments, and the links between fragments.
//
// A fragment is a connected run of nodes without an exchange between them; each subtask of it is
// one task, inside which batches pass by direct calls. Edges that would lead around an exchange
// and back into the same fragment become forward links, so links always lead downstream and
// bounded queues cannot wait for each other in a circle.
//
// A border leads to the other engine: a sink or an external source with `lanes`. Such a source
// says how deep it lies (`depth`, which keeps it out of fragments that feed it), and whether its
// fragment has one subtask (`subtasks`): what the whole plan would have made of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "operators/factory.h"
#include "plan/value.h"

namespace millrace {

enum class Distribution : uint8_t { kForward, kHash, kSingle, kRebalance };

// Where a node's output goes: an input of a node.
struct EdgeTarget {
  uint32_t node;
  uint32_t input;
};

// Batches that go from a node of one fragment to a node of another.
struct Link {
  uint32_t producer;
  EdgeTarget consumer;
  Distribution distribution;
  std::vector<uint32_t> keys;
};

struct GraphNode {
  PlanNode plan;
  uint32_t fragment = 0;
  std::vector<EdgeTarget> local;   // consumers in the same fragment
  std::vector<uint32_t> links;     // outgoing links
  int32_t output = -1;             // the pipeline output that takes what this sink emits
  int32_t external = -1;           // the pipeline input that feeds this source
  // Of a border to the other engine: how many ports it takes from that number on, one a subtask
  // of the producer. 0: no border, one port.
  uint32_t lanes = 0;
  [[nodiscard]] bool is_border() const { return lanes > 0; }
  [[nodiscard]] uint32_t port_count() const { return is_border() ? lanes : 1; }
  [[nodiscard]] bool is_source() const { return plan.kind == "source" || plan.kind == "values"; }
};

struct Fragment {
  std::vector<uint32_t> nodes;         // in topological order; no exchanges
  std::vector<uint32_t> input_links;
  uint32_t parallelism = 1;
};

struct Graph {
  plan::Value plan;                    // what the nodes' values point into
  std::string zone;
  std::vector<GraphNode> nodes;        // by position in the plan; exchanges belong to no fragment
  std::vector<Link> links;
  std::vector<Fragment> fragments;
  uint32_t input_count = 0;
  uint32_t output_count = 0;
};

// MR9001 for a plan that is not one.
[[nodiscard]] Result<std::shared_ptr<const Graph>> make_graph(std::span<const uint8_t> encoded_plan,
                                                              uint32_t parallelism);

}  // namespace millrace
