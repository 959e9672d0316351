// One subtask of one fragment: a single-threaded actor that the worker pool runs whenever it has
// input and its outputs have room.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "columnar/watermark.h"
#include "pipeline/chain.h"
#include "pipeline/feed.h"
#include "pipeline/worker-pool.h"

namespace millrace {

class Pipeline;

class Task final : public Runnable, public std::enable_shared_from_this<Task> {
 public:
  Task(Pipeline& pipeline, std::unique_ptr<Chain> chain, SubtaskPlace place);

  [[nodiscard]] Chain& chain() { return *chain_; }

  // Wiring, before the start. A port is one input of one node, of one or several channels.
  void add_source(ChainNode& node, std::vector<std::unique_ptr<Feed>> feeds);
  void add_port(ChainNode& node, uint32_t input, const std::vector<Channel*>& channels);
  void add_router(ChainNode& node, std::unique_ptr<Router> router);
  void set_merge_seed(uint32_t seed) { random_state_ = seed; }
  void set_restore(std::shared_ptr<const std::vector<StateChunk>> chunks) {
    restore_ = std::move(chunks);
  }

  void run() override;
  void wake() override;
  void inject_barrier(uint64_t id);
  void complete_checkpoint() {
    checkpoint_complete_.store(true, std::memory_order_release);
    wake();
  }

 private:
  enum class State : uint8_t { kIdle, kQueued, kRunning, kNotified, kDead };
  enum class Outcome : uint8_t { kIdle, kYield, kDead };
  struct Port {
    ChainNode* node;
    uint32_t input;
    bool is_source;
    InputWatermarks watermarks;
    size_t open_channels;
    // Watermark assigners that are idle when this port has nothing for long.
    std::vector<ChainNode*> watches;
  };
  struct Input {
    size_t port;
    size_t channel;
    std::unique_ptr<Feed> feed;
    bool has_ended = false;
    bool is_blocked = false;  // has delivered the barrier that the others have not
    bool is_starved = false;  // had nothing when it was asked last, or between two barriers
    bool saw_barrier = false;  // gave a barrier last
  };

  Outcome work();
  Status start();
  Status tend_clock();
  Result<bool> step();
  Result<bool> step_input(Input& input);
  Result<bool> step_seeded();
  Status take_batch(Input& input, Batch batch);
  Status take_status(Input& input, bool is_idle);
  Status note_starved(Input& input, InputKind kind);
  [[nodiscard]] bool is_starved(size_t port) const;
  [[nodiscard]] bool is_idle(const Input& input) const;
  [[nodiscard]] int64_t deadline_ms() const;
  Status pass(Port& port, Batch batch);
  Status pass_merged_watermark(Input& input);
  Status take_end(Input& input);
  Status take_barrier(Input& input, uint64_t id);
  Status pass_barrier(uint64_t id);
  [[nodiscard]] WorkerPool::Clock::duration idle_poll(const Feed& feed) const;
  void go_idle();
  [[nodiscard]] bool has_room() const;
  [[nodiscard]] uint32_t next_random();

  Pipeline& pipeline_;
  std::unique_ptr<Chain> chain_;
  SubtaskPlace place_;
  std::vector<std::unique_ptr<Router>> routers_;
  std::vector<OutputPort*> outputs_;
  std::vector<Port> ports_;
  std::vector<Input> inputs_;
  std::shared_ptr<const std::vector<StateChunk>> restore_;
  std::optional<uint32_t> random_state_;
  std::optional<size_t> chosen_;  // the input that a seeded merge waits for
  size_t next_input_ = 0;
  size_t open_ports_ = 0;
  size_t barriers_missing_ = 0;
  bool has_started_ = false;
  std::atomic<bool> checkpoint_complete_{false};
  std::atomic<State> state_{State::kIdle};
  WorkerPool::Clock::time_point armed_for_{};
};

}  // namespace millrace
