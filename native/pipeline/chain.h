// The operators of one task, chained by direct calls: what one emits, the next processes before
// the call returns.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/status.h"
#include "operators/factory.h"
#include "pipeline/graph.h"
#include "pipeline/idleness.h"
#include "pipeline/ports.h"
#include "pipeline/router.h"
#include "pipeline/snapshot.h"

namespace millrace {

// Counters of one operator of one task: written by the task, read by anyone.
struct OperatorCounters {
  std::atomic<uint64_t> rows_in{0};
  std::atomic<uint64_t> rows_out{0};
  std::atomic<uint64_t> batches_in{0};
  std::atomic<uint64_t> late_rows{0};
  std::atomic<uint64_t> bad_records{0};
  std::atomic<uint64_t> state_rows{0};
  std::atomic<uint64_t> state_bytes{0};
  std::atomic<int64_t> watermark{kMinWatermark};
};

class Chain;

// One node of the plan in one task.
class ChainNode final : public Output {
 public:
  ChainNode(Chain& chain, const GraphNode& graph_node)
      : chain_(chain), graph_node_(graph_node) {}

  // What this node produces goes on to its consumers.
  Status emit(Batch batch) override;

  [[nodiscard]] const GraphNode& graph_node() const { return graph_node_; }
  [[nodiscard]] const PlanNode& plan() const { return graph_node_.plan; }
  // An input had nothing to read: where that lasts for the timeout, this node is idle.
  Status starve(int64_t now_ms);
  // The watermark status of what this node emits, in order with that.
  Status send_status(bool is_idle);
  // A failure gets this node's id, unless it has one from further down.
  Status blamed(Status status) const;

  OperatorPtr op;      // null for sources
  SourcePtr source;    // null for operators, external sources and the other subtasks of those
  std::vector<ChainNode*> consumers;
  std::vector<uint32_t> consumer_inputs;  // beside `consumers`
  std::vector<Router*> routers;
  OutputPort* output = nullptr;
  uint32_t open_inputs = 0;
  std::optional<Idleness> idleness;  // of a watermark assigner with a timeout
  // Shared with the pipeline, which reads them when the task is gone too.
  std::shared_ptr<OperatorCounters> counters = std::make_shared<OperatorCounters>();

 private:
  friend class Chain;
  Status process(Batch batch, uint32_t input);
  // An input is idle, or active again. One of several may let the watermark rise; the node itself
  // is idle where all are.
  Status take_status(bool is_idle, uint32_t input);
  // The end of an input, before `finish`: the watermark of the others may rise.
  Status take_end(uint32_t input);

  Chain& chain_;
  const GraphNode& graph_node_;
  bool sent_end_of_time_ = false;
  bool is_idle_ = false;
};

class Chain {
 public:
  // Makes the operators of a fragment. Routers are added by their producer's position.
  static Result<std::unique_ptr<Chain>> make(const Graph& graph, const Fragment& fragment,
                                             const OperatorContext& context);

  [[nodiscard]] ChainNode* find(uint32_t graph_node);
  [[nodiscard]] const std::vector<std::unique_ptr<ChainNode>>& nodes() const { return nodes_; }
  [[nodiscard]] uint32_t subtask() const { return subtask_; }
  [[nodiscard]] int64_t now_ms() const { return context_.now_ms(); }

  // A batch from another task for an input of a node.
  Status process(ChainNode& node, Batch batch, uint32_t input);
  // The watermark status of an input of a node.
  Status take_status(ChainNode& node, bool is_idle, uint32_t input);
  // One input of a node has ended; MAX went before.
  Status end_input(ChainNode& node, uint32_t input);
  // A source has no more rows.
  Status end_source(ChainNode& node);

  Status prepare_barrier();
  // Chunks of every operator and source.
  Status snapshot(uint32_t max_parallelism, std::vector<StateChunk>& chunks);
  Status restore(std::span<const StateChunk> chunks, SubtaskPlace place);

  // The next time an operator wants to be called, and the call.
  [[nodiscard]] int64_t deadline_ms() const;
  Status on_clock(int64_t now_ms);
  Status checkpoint_complete();
  void publish_stats();

 private:
  Status make_node(const GraphNode& graph_node, const OperatorContext& context);
  void connect();
  Status send_end(ChainNode& node);
  Status restore_node(ChainNode& node, std::span<const StateChunk> chunks, SubtaskPlace place);
  [[nodiscard]] bool is_chunk_of(const ChainNode& node, const StateChunk& chunk) const;

  const Graph* graph_ = nullptr;
  uint32_t subtask_ = 0;
  OperatorContext context_;
  std::vector<std::unique_ptr<ChainNode>> nodes_;  // in topological order
};

}  // namespace millrace
