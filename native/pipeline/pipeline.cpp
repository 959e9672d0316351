#include "pipeline/pipeline.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace millrace {
namespace {

// Batches that a queue holds before its producer waits.
constexpr size_t kChannelBatches = 8;
constexpr size_t kInputBatches = 16;
constexpr size_t kOutputBatches = 16;
constexpr uint32_t kMostParallelism = 32'768;

}  // namespace

Pipeline::Pipeline(std::shared_ptr<const Graph> graph, PipelineOptions options,
                   PipelineEvents& events)
    : graph_(std::move(graph)), options_(std::move(options)), events_(events) {
  context_.parallelism = options_.parallelism;
  context_.max_parallelism = options_.max_parallelism;
  context_.batch_rows = options_.batch_rows;
  context_.flush_ms = options_.flush_ms;
  context_.zone = graph_->zone;
  if (options_.clock_ms.has_value()) {
    clock_ms_ = *options_.clock_ms;
    context_.virtual_clock_ms = &clock_ms_;
  }
}

Pipeline::~Pipeline() = default;

Result<std::unique_ptr<Pipeline>> Pipeline::make(std::span<const uint8_t> encoded_plan,
                                                 PipelineOptions options,
                                                 PipelineEvents& events) {
  const bool sane = options.parallelism >= 1 && options.max_parallelism >= options.parallelism &&
                    options.max_parallelism <= kMostParallelism && options.batch_rows >= 1;
  if (!sane) return Status::error("MR9001", "pipeline options are out of range");
  MR_TRY_ASSIGN(auto graph, make_graph(encoded_plan, options.parallelism));
  std::unique_ptr<Pipeline> pipeline(new Pipeline(std::move(graph), std::move(options), events));
  MR_TRY(pipeline->make_ports());
  MR_TRY(pipeline->make_tasks());
  pipeline->connect_links();
  return pipeline;
}

Status Pipeline::make_ports() {
  // A seeded merge waits for one input: with bounded queues that could wait for ever.
  const bool is_bounded = !options_.merge_seed.has_value();
  const size_t capacity = is_bounded ? kInputBatches : std::numeric_limits<size_t>::max();
  for (uint32_t i = 0; i < graph_->input_count; ++i) {
    inputs_.push_back(std::make_unique<InputPort>(i, capacity, events_));
  }
  outputs_.resize(graph_->output_count);
  std::vector<bool> has_reader(graph_->input_count, false);
  for (const GraphNode& node : graph_->nodes) {
    if (node.output >= 0) MR_TRY(make_outputs(node));
    if (node.external < 0) continue;
    for (uint32_t lane = 0; lane < node.port_count(); ++lane) {
      const size_t input = static_cast<size_t>(node.external) + lane;
      if (has_reader[input]) return Status::error("MR9001", "plan: two sources of one input");
      has_reader[input] = true;
    }
  }
  const bool complete = std::all_of(outputs_.begin(), outputs_.end(),
                                    [](const auto& port) { return port != nullptr; }) &&
                        std::all_of(has_reader.begin(), has_reader.end(), [](bool b) { return b; });
  return complete ? Status::ok() : Status::error("MR9001", "plan: port numbers have gaps");
}

Status Pipeline::make_outputs(const GraphNode& node) {
  const size_t writers = node.is_border() ? 1 : graph_->fragments[node.fragment].parallelism;
  for (uint32_t lane = 0; lane < node.port_count(); ++lane) {
    const uint32_t number = static_cast<uint32_t>(node.output) + lane;
    if (outputs_[number] != nullptr) {
      return Status::error("MR9001", "plan: two sinks with one output");
    }
    outputs_[number] = std::make_unique<OutputPort>(number, kOutputBatches, writers,
                                                    node.is_border(), events_);
  }
  return Status::ok();
}

Status Pipeline::make_tasks() {
  const auto restore = std::make_shared<const std::vector<StateChunk>>(std::move(options_.restore));
  for (size_t index = 0; index < graph_->fragments.size(); ++index) {
    const Fragment& fragment = graph_->fragments[index];
    tasks_.emplace_back();
    for (uint32_t subtask = 0; subtask < fragment.parallelism; ++subtask) {
      OperatorContext context = context_;
      context.subtask = subtask;
      context.parallelism = fragment.parallelism;
      MR_TRY_ASSIGN(auto chain, Chain::make(*graph_, fragment, context));
      const SubtaskPlace place{subtask, fragment.parallelism, options_.max_parallelism};
      auto task = std::make_shared<Task>(*this, std::move(chain), place);
      if (!restore->empty()) task->set_restore(restore);
      if (options_.merge_seed.has_value()) {
        const auto salt = static_cast<uint32_t>(index * 1024 + subtask);
        task->set_merge_seed(*options_.merge_seed ^ (salt * 0x9e3779b9u));
      }
      connect_sources(*task, fragment, subtask);
      for (const auto& node : task->chain().nodes()) {
        counters_.push_back({node->plan().id, subtask, node->counters});
      }
      tasks_.back().push_back(std::move(task));
      ++task_count_;
    }
  }
  unfinished_tasks_ = task_count_;
  living_tasks_ = task_count_;
  return Status::ok();
}

// Sources, external inputs and outputs.
void Pipeline::connect_sources(Task& task, const Fragment& fragment, uint32_t subtask) {
  for (const uint32_t index : fragment.nodes) {
    const GraphNode& graph_node = graph_->nodes[index];
    ChainNode& node = *task.chain().find(index);
    if (graph_node.is_source()) {
      auto feeds = external_feeds(task, node, fragment, subtask);
      if (feeds.empty()) feeds.push_back(std::make_unique<SourceFeed>(node));
      task.add_source(node, std::move(feeds));
    }
    if (graph_node.output >= 0) {
      const uint32_t lane = graph_node.is_border() ? subtask : 0;
      node.output = outputs_[static_cast<size_t>(graph_node.output) + lane].get();
      node.output->add_producer(&task);
    }
  }
}

// The batches of an external input go to subtask 0; at a border each lane goes to its own
// subtask, or, where there are not as many, all of them to subtask 0.
std::vector<std::unique_ptr<Feed>> Pipeline::external_feeds(Task& task, ChainNode& node,
                                                            const Fragment& fragment,
                                                            uint32_t subtask) {
  std::vector<std::unique_ptr<Feed>> feeds;
  const GraphNode& graph_node = node.graph_node();
  if (graph_node.external < 0) return feeds;
  const bool is_one_to_one = graph_node.lanes == fragment.parallelism;
  for (uint32_t lane = 0; lane < graph_node.port_count(); ++lane) {
    if (subtask != (is_one_to_one ? lane : 0)) continue;
    InputPort& port = *inputs_[static_cast<size_t>(graph_node.external) + lane];
    port.set_consumer(&task);
    feeds.push_back(std::make_unique<ExternalFeed>(port, node, graph_node.is_border()));
  }
  return feeds;
}

void Pipeline::connect_links() {
  for (const Link& link : graph_->links) connect_link(link);
}

// One channel from each subtask of the producer to each of the consumer; to its own one alone
// where rows stay in their subtask.
void Pipeline::connect_link(const Link& link) {
  const auto& producers = tasks_[graph_->nodes[link.producer].fragment];
  const auto& consumers = tasks_[graph_->nodes[link.consumer.node].fragment];
  const bool is_bounded = !options_.merge_seed.has_value();
  const size_t capacity = is_bounded ? kChannelBatches : std::numeric_limits<size_t>::max();
  const bool is_one_to_one = link.distribution == Distribution::kForward &&
                             producers.size() == consumers.size();
  std::vector<std::vector<Channel*>> incoming(consumers.size());
  for (size_t from = 0; from < producers.size(); ++from) {
    std::vector<Channel*> outgoing;
    for (size_t to = 0; to < consumers.size(); ++to) {
      if (is_one_to_one && from != to) continue;
      channels_.push_back(std::make_unique<Channel>(capacity, producers[from].get(),
                                                    consumers[to].get()));
      outgoing.push_back(channels_.back().get());
      incoming[to].push_back(channels_.back().get());
    }
    ChainNode& node = *producers[from]->chain().find(link.producer);
    producers[from]->add_router(
        node, std::make_unique<Router>(link, node.plan().schema, options_.batch_rows,
                                       options_.flush_ms, options_.max_parallelism,
                                       std::move(outgoing)));
  }
  for (size_t to = 0; to < consumers.size(); ++to) {
    ChainNode& node = *consumers[to]->chain().find(link.consumer.node);
    consumers[to]->add_port(node, link.consumer.input, incoming[to]);
  }
}

void Pipeline::start() {
  {
    const std::lock_guard lock(mutex_);
    if (has_started_) return;
    has_started_ = true;
  }
  for (const auto& fragment : tasks_) {
    for (const auto& task : fragment) task->wake();
  }
}

bool Pipeline::offer(uint32_t input, PackedBatch batch) {
  if (is_cancelled()) return true;  // thrown away: nobody reads it
  return inputs_[input]->offer(std::move(batch));
}

void Pipeline::end_input(uint32_t input) { inputs_[input]->push_control(InputKind::kEnd, 0); }

void Pipeline::barrier(uint64_t id) {
  {
    const std::lock_guard lock(mutex_);
    snapshots_.emplace(id, PendingSnapshot{task_count_, {}});
  }
  for (const auto& fragment : tasks_) {
    for (const auto& task : fragment) task->inject_barrier(id);
  }
}

void Pipeline::complete_checkpoint() {
  for (const auto& fragment : tasks_) {
    for (const auto& task : fragment) task->complete_checkpoint();
  }
}

void Pipeline::input_barrier(uint32_t input, uint64_t id) {
  inputs_[input]->push_control(InputKind::kBarrier, id);
}

void Pipeline::input_status(uint32_t input, bool is_idle) {
  inputs_[input]->push_control(status_kind(is_idle), 0);
}

OutputPort::Entry Pipeline::poll(uint32_t output) {
  OutputPort::Entry entry = outputs_[output]->poll();
  announce_finish();
  return entry;
}

void Pipeline::advance_clock(int64_t ms) {
  clock_ms_.store(ms, std::memory_order_relaxed);
  for (const auto& fragment : tasks_) {
    for (const auto& task : fragment) task->wake();
  }
}

void Pipeline::cancel() {
  if (cancelled_.exchange(true)) return;
  for (const auto& fragment : tasks_) {
    for (const auto& task : fragment) task->wake();
  }
}

void Pipeline::wait_until_closed() {
  std::unique_lock lock(mutex_);
  const WorkerPool& pool = WorkerPool::instance();
  // When the process ends, the pool may stop before the tasks were told of it.
  while (living_tasks_ > 0 && !pool.has_stopped()) {
    closed_.wait_for(lock, std::chrono::milliseconds(50));
  }
}

void Pipeline::fail(const ErrorInfo& error) {
  if (!failed_.exchange(true) && !is_cancelled()) events_.failed(error);
  cancel();
}

void Pipeline::acknowledge(uint64_t barrier, std::vector<StateChunk> chunks) {
  std::vector<StateChunk> complete;
  {
    const std::lock_guard lock(mutex_);
    const auto found = snapshots_.find(barrier);
    if (found == snapshots_.end()) return;
    PendingSnapshot& pending = found->second;
    for (StateChunk& chunk : chunks) pending.chunks.push_back(std::move(chunk));
    if (--pending.missing > 0) return;
    complete = std::move(pending.chunks);
    snapshots_.erase(found);
  }
  std::sort(complete.begin(), complete.end(), [](const StateChunk& a, const StateChunk& b) {
    return std::tie(a.operator_id, a.table, a.subtask) <
           std::tie(b.operator_id, b.table, b.subtask);
  });
  events_.snapshot_complete(barrier, std::move(complete));
}

void Pipeline::task_finished() {
  unfinished_tasks_.fetch_sub(1, std::memory_order_acq_rel);
  announce_finish();
}

void Pipeline::announce_finish() {
  if (unfinished_tasks_.load(std::memory_order_acquire) > 0 || is_cancelled()) return;
  for (const auto& output : outputs_) {
    if (!output->is_empty()) return;
  }
  if (!finish_announced_.exchange(true)) events_.finished();
}

// The last thing a task does: the pipeline may be gone once the lock is let go.
void Pipeline::task_died() {
  bool is_last;
  {
    const std::lock_guard lock(mutex_);
    is_last = --living_tasks_ == 0;
    if (is_last) {
      events_.closed();
      closed_.notify_all();
    }
  }
}

std::vector<OperatorStatsRow> Pipeline::stats() const {
  std::vector<OperatorStatsRow> rows;
  for (const CounterRow& row : counters_) {
    const OperatorCounters& from = *row.counters;
    const auto read = [](const std::atomic<uint64_t>& counter) {
      return counter.load(std::memory_order_relaxed);
    };
    rows.push_back({row.operator_id, row.subtask, read(from.rows_in), read(from.rows_out),
                    read(from.batches_in), read(from.late_rows), read(from.bad_records),
                    read(from.state_rows), read(from.state_bytes),
                    from.watermark.load(std::memory_order_relaxed)});
  }
  return rows;
}

}  // namespace millrace
