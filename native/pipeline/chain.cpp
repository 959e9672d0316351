#include "pipeline/chain.h"

#include <algorithm>
#include <utility>

#include "columnar/take.h"

namespace millrace {

Status ChainNode::blamed(Status status) const {
  if (!status.is_ok() && status.info().operator_id < 0) {
    status.info().operator_id = graph_node_.plan.id;
  }
  return status;
}

Status ChainNode::emit(Batch batch) {
  if (batch.active_count() == 0 && batch.watermarks.empty()) return Status::ok();
  const uint64_t rows = batch.active_count();
  counters->rows_out.store(counters->rows_out.load(std::memory_order_relaxed) + rows,
                          std::memory_order_relaxed);
  if (!batch.watermarks.empty() && batch.watermarks.back().watermark == kMaxWatermark) {
    sent_end_of_time_ = true;
  }
  size_t receivers = consumers.size() + routers.size() + (output != nullptr ? 1 : 0);
  for (Router* router : routers) {
    MR_TRY(blamed(router->send(--receivers == 0 ? std::move(batch) : batch)));
  }
  for (size_t i = 0; i < consumers.size(); ++i) {
    const bool is_last = --receivers == 0;
    MR_TRY(consumers[i]->process(is_last ? std::move(batch) : batch, consumer_inputs[i]));
  }
  if (output != nullptr) MR_TRY(blamed(output->push(std::move(batch), chain_.subtask())));
  return Status::ok();
}

Status ChainNode::process(Batch batch, uint32_t input) {
  const auto add = [](std::atomic<uint64_t>& counter, uint64_t count) {
    counter.store(counter.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  };
  add(counters->rows_in, batch.active_count());
  add(counters->batches_in, 1);
  if (!batch.watermarks.empty()) {
    counters->watermark.store(batch.watermarks.back().watermark, std::memory_order_relaxed);
  }
  if (!idleness.has_value()) return blamed(op->process(std::move(batch), input, *this));
  const bool wakes = batch.active_count() > 0 ||
      (!batch.watermarks.empty() && batch.watermarks.back().watermark == kMaxWatermark);
  if (wakes && idleness->is_idle()) MR_TRY(send_status(false));
  MR_TRY(blamed(op->process(std::move(batch), input, *this)));
  if (wakes) idleness->touch(chain_.now_ms());
  return Status::ok();
}

Status ChainNode::starve(int64_t now_ms) {
  if (!idleness->starve(now_ms)) return Status::ok();
  MR_TRY(process(empty_batch(plan().input_schemas[0]), 0));
  return send_status(true);
}

Status ChainNode::take_status(bool is_idle, uint32_t input) {
  InputWatermarks* inputs = op->input_watermarks();
  if (inputs == nullptr) return send_status(is_idle);
  if (inputs->set_idle(input, is_idle)) {
    MR_TRY(process(empty_batch(plan().input_schemas[input]), input));
  }
  return send_status(inputs->is_idle());
}

Status ChainNode::send_status(bool is_idle) {
  if (is_idle == is_idle_) return Status::ok();
  is_idle_ = is_idle;
  for (Router* router : routers) router->send_status(is_idle);
  for (size_t i = 0; i < consumers.size(); ++i) {
    MR_TRY(consumers[i]->take_status(is_idle, consumer_inputs[i]));
  }
  if (output != nullptr) output->push_status(is_idle, chain_.subtask());
  return Status::ok();
}

Status ChainNode::take_end(uint32_t input) {
  InputWatermarks* inputs = op->input_watermarks();
  if (inputs == nullptr || !inputs->end(input)) return Status::ok();
  return process(empty_batch(plan().input_schemas[input]), input);
}

Result<std::unique_ptr<Chain>> Chain::make(const Graph& graph, const Fragment& fragment,
                                           const OperatorContext& context) {
  auto chain = std::make_unique<Chain>();
  chain->graph_ = &graph;
  chain->subtask_ = context.subtask;
  chain->context_ = context;
  for (const uint32_t node : fragment.nodes) {
    MR_TRY(chain->make_node(graph.nodes[node], context));
  }
  chain->connect();
  return chain;
}

Status Chain::make_node(const GraphNode& graph_node, const OperatorContext& context) {
  auto node = std::make_unique<ChainNode>(*this, graph_node);
  const PlanNode& plan = graph_node.plan;
  const auto made = [&]() -> Status {
    if (graph_node.external >= 0) return Status::ok();
    if (graph_node.is_source()) {
      MR_TRY_ASSIGN(node->source, make_source(plan, context));
      return Status::ok();
    }
    if (plan.kind == "sink") {
      MR_TRY_ASSIGN(node->op, make_sink(plan, context));
      return Status::ok();
    }
    MR_TRY_ASSIGN(node->op, make_operator(plan, context));
    MR_TRY_ASSIGN(const int64_t timeout, plan.value->optional_index_at("idleTimeoutMs"));
    if (timeout > 0) node->idleness.emplace(timeout, context.now_ms());
    return Status::ok();
  }();
  MR_TRY(node->blamed(made));
  node->open_inputs = static_cast<uint32_t>(plan.inputs.size());
  nodes_.push_back(std::move(node));
  return Status::ok();
}

void Chain::connect() {
  for (const auto& node : nodes_) {
    for (const EdgeTarget& target : node->graph_node().local) {
      node->consumers.push_back(find(target.node));
      node->consumer_inputs.push_back(target.input);
    }
  }
}

ChainNode* Chain::find(uint32_t graph_node) {
  for (const auto& node : nodes_) {
    if (&node->graph_node() == &graph_->nodes[graph_node]) return node.get();
  }
  return nullptr;
}

Status Chain::process(ChainNode& node, Batch batch, uint32_t input) {
  return node.process(std::move(batch), input);
}

Status Chain::take_status(ChainNode& node, bool is_idle, uint32_t input) {
  return node.take_status(is_idle, input);
}

Status Chain::end_input(ChainNode& node, uint32_t input) {
  MR_TRY(node.take_end(input));
  if (--node.open_inputs > 0) return Status::ok();
  MR_TRY(node.blamed(node.op->finish(node)));
  return send_end(node);
}

Status Chain::end_source(ChainNode& node) { return send_end(node); }

// The end of time, in case the operator did not pass it on, then the end itself.
Status Chain::send_end(ChainNode& node) {
  if (!node.sent_end_of_time_) {
    MR_TRY(node.emit(watermark_batch(node.plan().schema, kMaxWatermark)));
  }
  for (Router* router : node.routers) router->send_end();
  if (node.output != nullptr) node.output->push_control(InputKind::kEnd, 0);
  for (size_t i = 0; i < node.consumers.size(); ++i) {
    MR_TRY(end_input(*node.consumers[i], node.consumer_inputs[i]));
  }
  return Status::ok();
}

Status Chain::prepare_barrier() {
  for (const auto& node : nodes_) {
    if (node->op != nullptr) MR_TRY(node->blamed(node->op->prepare_barrier(*node)));
  }
  return Status::ok();
}

template <typename Stateful>
static Status snapshot_tables(Stateful& stateful, const ChainNode& node, uint32_t subtask,
                              uint32_t max_parallelism, std::vector<StateChunk>& chunks) {
  for (const StateTable& table : stateful.state_tables()) {
    MR_TRY_ASSIGN(Batch content, stateful.snapshot(table));
    MR_TRY_ASSIGN(PackedBatch packed, pack_snapshot(table, std::move(content), max_parallelism));
    chunks.push_back({node.plan().id, node.plan().semantic_id, table.name, subtask,
                      table.key_count, snapshot_schema(table), std::move(packed)});
  }
  return Status::ok();
}

Status Chain::snapshot(uint32_t max_parallelism, std::vector<StateChunk>& chunks) {
  for (const auto& node : nodes_) {
    if (node->op != nullptr) {
      MR_TRY(node->blamed(
          snapshot_tables(*node->op, *node, subtask_, max_parallelism, chunks)));
    }
    if (node->source != nullptr) {
      MR_TRY(node->blamed(
          snapshot_tables(*node->source, *node, subtask_, max_parallelism, chunks)));
    }
  }
  return Status::ok();
}

// By semantic id; by node id too where several nodes of the plan share one.
bool Chain::is_chunk_of(const ChainNode& node, const StateChunk& chunk) const {
  if (chunk.semantic_id != node.plan().semantic_id) return false;
  if (chunk.operator_id == node.plan().id) return true;
  const auto same = std::count_if(
      graph_->nodes.begin(), graph_->nodes.end(), [&](const GraphNode& other) {
        return other.plan.semantic_id == chunk.semantic_id;
      });
  return same == 1;
}

template <typename Stateful>
static Status restore_tables(Stateful& stateful, const std::vector<const StateChunk*>& chunks,
                             SubtaskPlace place) {
  for (const StateTable& table : stateful.state_tables()) {
    std::vector<const StateChunk*> of_table;
    for (const StateChunk* chunk : chunks) {
      if (chunk->table == table.name) of_table.push_back(chunk);
    }
    MR_TRY_ASSIGN(const std::vector<Batch> batches, restored_batches(table, of_table, place));
    for (const Batch& batch : batches) MR_TRY(stateful.restore(table, batch));
  }
  return Status::ok();
}

Status Chain::restore_node(ChainNode& node, std::span<const StateChunk> chunks,
                           SubtaskPlace place) {
  std::vector<const StateChunk*> own;
  for (const StateChunk& chunk : chunks) {
    if (is_chunk_of(node, chunk)) own.push_back(&chunk);
  }
  if (own.empty()) return Status::ok();
  if (node.op != nullptr) return restore_tables(*node.op, own, place);
  if (node.source != nullptr) return restore_tables(*node.source, own, place);
  return Status::ok();
}

Status Chain::restore(std::span<const StateChunk> chunks, SubtaskPlace place) {
  for (const auto& node : nodes_) MR_TRY(node->blamed(restore_node(*node, chunks, place)));
  return Status::ok();
}

int64_t Chain::deadline_ms() const {
  int64_t earliest = kNoDeadline;
  for (const auto& node : nodes_) {
    if (node->op != nullptr) earliest = std::min(earliest, node->op->deadline_ms());
  }
  return earliest;
}

Status Chain::on_clock(int64_t now_ms) {
  for (const auto& node : nodes_) {
    if (node->op == nullptr || node->op->deadline_ms() > now_ms) continue;
    MR_TRY(node->blamed(node->op->on_clock(now_ms, *node)));
  }
  return Status::ok();
}

Status Chain::checkpoint_complete() {
  for (const auto& node : nodes_) {
    if (node->op != nullptr) MR_TRY(node->blamed(node->op->checkpoint_complete()));
  }
  return Status::ok();
}

void Chain::publish_stats() {
  for (const auto& node : nodes_) {
    const OperatorStats stats = node->op != nullptr       ? node->op->stats()
                                : node->source != nullptr ? node->source->stats()
                                                          : OperatorStats{};
    node->counters->late_rows.store(stats.late_rows, std::memory_order_relaxed);
    node->counters->bad_records.store(stats.bad_records, std::memory_order_relaxed);
    node->counters->state_rows.store(stats.state_rows, std::memory_order_relaxed);
    node->counters->state_bytes.store(stats.state_bytes, std::memory_order_relaxed);
  }
}

}  // namespace millrace
