// A pipeline: the tasks of one plan, their queues, and the state that they share.
//
// Calls come from one thread (the JavaScript thread of its environment); tasks run on the worker
// pool. A pipeline may be destroyed only when it is closed: cancel(), then closed() or
// wait_until_closed().
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "pipeline/events.h"
#include "pipeline/graph.h"
#include "pipeline/ports.h"
#include "pipeline/task.h"

namespace millrace {

struct PipelineOptions {
  uint32_t parallelism = 1;
  uint32_t max_parallelism = 128;
  uint32_t batch_rows = 4096;
  uint32_t flush_ms = 10;
  std::optional<uint32_t> merge_seed;
  std::optional<int64_t> clock_ms;
  std::vector<StateChunk> restore;
};

struct OperatorStatsRow {
  int32_t operator_id;
  uint32_t subtask;
  uint64_t rows_in, rows_out, batches_in, late_rows, bad_records, state_rows, state_bytes;
  int64_t watermark;
};

class Pipeline {
 public:
  // Errors of the plan and of operators that cannot be made. `events` outlives the pipeline.
  static Result<std::unique_ptr<Pipeline>> make(std::span<const uint8_t> encoded_plan,
                                                PipelineOptions options, PipelineEvents& events);
  ~Pipeline();

  void start();
  [[nodiscard]] bool offer(uint32_t input, PackedBatch batch);
  void end_input(uint32_t input);
  // At every source, but not at borders: there it comes through input_barrier.
  void barrier(uint64_t id);
  void input_barrier(uint32_t input, uint64_t id);
  void input_status(uint32_t input, bool is_idle);
  void complete_checkpoint();
  // kNothing: empty. Barriers and the end come at borders alone.
  [[nodiscard]] OutputPort::Entry poll(uint32_t output);
  void advance_clock(int64_t ms);
  [[nodiscard]] std::vector<OperatorStatsRow> stats() const;
  void cancel();
  void wait_until_closed();

  [[nodiscard]] uint32_t input_count() const { return graph_->input_count; }
  [[nodiscard]] uint32_t output_count() const { return graph_->output_count; }

  // For tasks.
  [[nodiscard]] bool is_cancelled() const { return cancelled_.load(std::memory_order_acquire); }
  [[nodiscard]] bool has_virtual_clock() const { return options_.clock_ms.has_value(); }
  [[nodiscard]] int64_t now_ms() const { return context_.now_ms(); }
  [[nodiscard]] int64_t flush_ms() const { return context_.flush_ms; }
  void fail(const ErrorInfo& error);
  void acknowledge(uint64_t barrier, std::vector<StateChunk> chunks);
  void task_finished();
  void task_died();

 private:
  Pipeline(std::shared_ptr<const Graph> graph, PipelineOptions options, PipelineEvents& events);

  Status make_tasks();
  Status make_ports();
  Status make_outputs(const GraphNode& node);
  void connect_sources(Task& task, const Fragment& fragment, uint32_t subtask);
  std::vector<std::unique_ptr<Feed>> external_feeds(Task& task, ChainNode& node,
                                                    const Fragment& fragment, uint32_t subtask);
  void connect_links();
  void connect_link(const Link& link);
  void announce_finish();

  struct PendingSnapshot {
    size_t missing;
    std::vector<StateChunk> chunks;
  };
  struct CounterRow {
    int32_t operator_id;
    uint32_t subtask;
    std::shared_ptr<const OperatorCounters> counters;
  };

  std::shared_ptr<const Graph> graph_;
  PipelineOptions options_;
  PipelineEvents& events_;
  std::atomic<int64_t> clock_ms_{0};
  OperatorContext context_;
  std::vector<std::unique_ptr<InputPort>> inputs_;
  std::vector<std::unique_ptr<OutputPort>> outputs_;
  std::vector<std::unique_ptr<Channel>> channels_;
  std::vector<std::vector<std::shared_ptr<Task>>> tasks_;  // by fragment, then subtask
  std::vector<CounterRow> counters_;
  size_t task_count_ = 0;
  std::atomic<size_t> unfinished_tasks_{0};
  std::atomic<bool> cancelled_{false};
  std::atomic<bool> failed_{false};
  std::atomic<bool> finish_announced_{false};
  std::mutex mutex_;  // of what follows
  std::condition_variable closed_;
  std::map<uint64_t, PendingSnapshot> snapshots_;
  size_t living_tasks_ = 0;
  bool has_started_ = false;
};

}  // namespace millrace
