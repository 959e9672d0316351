#include "pipeline/task.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "columnar/take.h"
#include "pipeline/pipeline.h"

namespace millrace {
namespace {

// How long a task keeps its thread while others wait.
constexpr std::chrono::milliseconds kTurn{4};
// How often a source that had nothing is asked again: at most, and at least. Between them, twice
// while rows may be held back.
constexpr int64_t kLongestIdlePollMs = 5;
constexpr int64_t kShortestIdlePollMs = 1;

// Assigners with a timeout that read this node or what it emits, without another input.
void find_watches(ChainNode& node, std::vector<ChainNode*>& watches) {
  if (node.idleness.has_value()) {
    watches.push_back(&node);
  } else if (node.plan().inputs.size() <= 1) {
    for (ChainNode* consumer : node.consumers) find_watches(*consumer, watches);
  }
}

}  // namespace

Task::Task(Pipeline& pipeline, std::unique_ptr<Chain> chain, SubtaskPlace place)
    : pipeline_(pipeline), chain_(std::move(chain)), place_(place) {}

void Task::add_source(ChainNode& node, std::vector<std::unique_ptr<Feed>> feeds) {
  ports_.push_back({&node, 0, true, InputWatermarks(feeds.size(), true), feeds.size(), {}});
  find_watches(node, ports_.back().watches);
  for (size_t channel = 0; channel < feeds.size(); ++channel) {
    inputs_.push_back({ports_.size() - 1, channel, std::move(feeds[channel])});
  }
  ++open_ports_;
}

void Task::add_port(ChainNode& node, uint32_t input, const std::vector<Channel*>& channels) {
  const size_t count = channels.size();
  ports_.push_back({&node, input, false, InputWatermarks(count, true), count, {}});
  find_watches(node, ports_.back().watches);
  for (size_t channel = 0; channel < channels.size(); ++channel) {
    auto feed = std::make_unique<ChannelFeed>(*channels[channel]);
    inputs_.push_back({ports_.size() - 1, channel, std::move(feed)});
  }
  ++open_ports_;
}

void Task::add_router(ChainNode& node, std::unique_ptr<Router> router) {
  node.routers.push_back(router.get());
  routers_.push_back(std::move(router));
}

void Task::wake() {
  State state = state_.load(std::memory_order_acquire);
  while (true) {
    if (state == State::kIdle) {
      if (!state_.compare_exchange_weak(state, State::kQueued)) continue;
      WorkerPool::instance().push(shared_from_this());
      return;
    }
    if (state != State::kRunning) return;
    if (state_.compare_exchange_weak(state, State::kNotified)) return;
  }
}

void Task::run() {
  state_.store(State::kRunning, std::memory_order_release);
  const Outcome outcome = work();
  if (outcome == Outcome::kDead) {
    state_.store(State::kDead, std::memory_order_release);
    chain_.reset();  // files are closed on the task's own thread
    pipeline_.task_died();
    return;
  }
  State expected = State::kRunning;
  if (outcome == Outcome::kIdle && state_.compare_exchange_strong(expected, State::kIdle)) return;
  state_.store(State::kQueued, std::memory_order_release);
  WorkerPool::instance().push(shared_from_this());
}

Task::Outcome Task::work() {
  if (pipeline_.is_cancelled()) return Outcome::kDead;
  const auto turn_ends = WorkerPool::Clock::now() + kTurn;
  const auto body = [&]() -> Result<Outcome> {
    if (!has_started_) MR_TRY(start());
    while (!pipeline_.is_cancelled()) {
      MR_TRY(tend_clock());
      if (!has_room()) return Outcome::kIdle;
      MR_TRY_ASSIGN(const bool progressed, step());
      if (!progressed) {
        go_idle();
        return Outcome::kIdle;
      }
      for (const auto& router : routers_) router->flush_if_due();
      const bool turn_is_over = WorkerPool::Clock::now() >= turn_ends;
      if (turn_is_over && WorkerPool::instance().wants_thread()) return Outcome::kYield;
    }
    return Outcome::kDead;
  };
  Result<Outcome> result = Outcome::kDead;
  try {
    result = body();
  } catch (const std::exception& error) {
    result = Status::error("MR9001", error.what());
  }
  if (chain_ != nullptr) chain_->publish_stats();
  if (result.is_ok()) return result.value();
  pipeline_.fail(result.status().info());
  return Outcome::kDead;
}

Status Task::start() {
  has_started_ = true;
  for (const auto& node : chain_->nodes()) {
    if (node->output != nullptr) outputs_.push_back(node->output);
  }
  if (restore_ == nullptr) return Status::ok();
  MR_TRY(chain_->restore(*restore_, place_));
  restore_.reset();
  return Status::ok();
}

Status Task::tend_clock() {
  if (checkpoint_complete_.exchange(false, std::memory_order_acq_rel)) {
    MR_TRY(chain_->checkpoint_complete());
  }
  const int64_t deadline = chain_->deadline_ms();
  if (deadline == kNoDeadline) return Status::ok();
  const int64_t now = pipeline_.now_ms();
  return now >= deadline ? chain_->on_clock(now) : Status::ok();
}

bool Task::has_room() const {
  const auto routers_have = std::all_of(routers_.begin(), routers_.end(),
                                        [](const auto& router) { return router->has_room(); });
  return routers_have && std::all_of(outputs_.begin(), outputs_.end(),
                                     [](const OutputPort* port) { return port->has_room(); });
}

// One batch or one piece of control, of the next input in turn. False: there is nothing.
Result<bool> Task::step() {
  if (random_state_.has_value()) return step_seeded();
  for (size_t tried = 0; tried < inputs_.size(); ++tried) {
    Input& input = inputs_[next_input_];
    next_input_ = (next_input_ + 1) % inputs_.size();
    if (input.is_blocked) continue;
    MR_TRY_ASSIGN(const bool progressed, step_input(input));
    if (progressed) return true;
  }
  return false;
}

// Draws the input whose batch comes next and waits for it, so that the seed alone fixes the order.
Result<bool> Task::step_seeded() {
  for (Input& input : inputs_) {
    const bool is_waited_for = !input.has_ended && !is_idle(input);
    if (is_waited_for || input.is_blocked) continue;
    MR_TRY_ASSIGN(const bool was_control, step_input(input));
    if (was_control) return true;
  }
  const auto can_come = [this](const Input& input) {
    return !input.has_ended && !input.is_blocked && !is_idle(input);
  };
  if (chosen_.has_value() && !can_come(inputs_[*chosen_])) chosen_.reset();
  if (!chosen_.has_value()) {
    std::vector<size_t> open;
    for (size_t i = 0; i < inputs_.size(); ++i) {
      if (can_come(inputs_[i])) open.push_back(i);
    }
    if (open.empty()) return false;
    chosen_ = open[next_random() % open.size()];
  }
  Input& input = inputs_[*chosen_];
  MR_TRY_ASSIGN(const bool progressed, step_input(input));
  if (progressed) chosen_.reset();
  return progressed;
}

// mulberry32; src/runtime/fallback/task.ts draws the same numbers.
uint32_t Task::next_random() {
  uint32_t t = (*random_state_ += 0x6d2b79f5u);
  t = (t ^ (t >> 15)) * (t | 1u);
  t ^= t + (t ^ (t >> 7)) * (t | 61u);
  return t ^ (t >> 14);
}

Result<bool> Task::step_input(Input& input) {
  Batch batch;
  uint64_t barrier = 0;
  MR_TRY_ASSIGN(const InputKind kind, input.feed->next(batch, barrier));
  MR_TRY(note_starved(input, kind));
  switch (kind) {
    case InputKind::kNothing: return false;
    case InputKind::kBatch: MR_TRY(take_batch(input, std::move(batch))); return true;
    case InputKind::kBarrier: MR_TRY(take_barrier(input, barrier)); return true;
    case InputKind::kIdle: MR_TRY(take_status(input, true)); return true;
    case InputKind::kActive: MR_TRY(take_status(input, false)); return true;
    case InputKind::kEnd: MR_TRY(take_end(input)); return true;
  }
  return false;
}

Status Task::take_batch(Input& input, Batch batch) {
  Port& port = ports_[input.port];
  if (port.watermarks.count() > 1) {
    port.watermarks.merge(input.channel, batch.watermarks);
    if (batch.active_count() == 0 && batch.watermarks.empty()) return Status::ok();
  }
  return pass(port, std::move(batch));
}

Status Task::pass(Port& port, Batch batch) {
  if (port.is_source) return port.node->emit(std::move(batch));
  return chain_->process(*port.node, std::move(batch), port.input);
}

Status Task::take_end(Input& input) {
  Port& port = ports_[input.port];
  input.has_ended = true;
  const bool raised = port.watermarks.end(input.channel);
  if (raised && port.watermarks.count() > 1) MR_TRY(pass_merged_watermark(input));
  if (--port.open_channels > 0) return Status::ok();
  MR_TRY(port.is_source ? chain_->end_source(*port.node)
                        : chain_->end_input(*port.node, port.input));
  if (--open_ports_ == 0) pipeline_.task_finished();
  return Status::ok();
}

Status Task::take_status(Input& input, bool is_idle) {
  Port& port = ports_[input.port];
  if (port.watermarks.set_idle(input.channel, is_idle)) MR_TRY(pass_merged_watermark(input));
  const bool all_idle = port.watermarks.is_idle();
  if (port.is_source) return port.node->send_status(all_idle);
  return chain_->take_status(*port.node, all_idle, port.input);
}

Status Task::pass_merged_watermark(Input& input) {
  Port& port = ports_[input.port];
  const PlanNode& plan = port.node->plan();
  Batch batch = empty_batch(port.is_source ? plan.schema : plan.input_schemas[port.input]);
  port.watermarks.merge(input.channel, batch.watermarks);
  return pass(port, std::move(batch));
}

bool Task::is_idle(const Input& input) const {
  return ports_[input.port].watermarks.is_idle_at(input.channel);
}

// Where idleness is due at a barrier, it goes in front of it.
Status Task::note_starved(Input& input, InputKind kind) {
  const bool had_nothing = input.is_starved || input.saw_barrier;
  input.saw_barrier = kind == InputKind::kBarrier;
  input.is_starved = kind == InputKind::kNothing || (input.saw_barrier && had_nothing);
  const std::vector<ChainNode*>& watches = ports_[input.port].watches;
  if (!input.is_starved || watches.empty() || !is_starved(input.port)) return Status::ok();
  for (ChainNode* node : watches) MR_TRY(node->starve(pipeline_.now_ms()));
  return Status::ok();
}

// Whether none of the open channels of a port had anything.
bool Task::is_starved(size_t port) const {
  bool is_open = false;
  for (const Input& input : inputs_) {
    if (input.port != port || input.has_ended) continue;
    if (!input.is_starved || input.is_blocked) return false;
    is_open = true;
  }
  return is_open;
}

// When the task wants to run although it has no input, on the task clock.
int64_t Task::deadline_ms() const {
  int64_t earliest = chain_->deadline_ms();
  for (size_t port = 0; port < ports_.size(); ++port) {
    if (ports_[port].watches.empty() || !is_starved(port)) continue;
    for (const ChainNode* node : ports_[port].watches) {
      earliest = std::min(earliest, node->idleness->deadline_ms());
    }
  }
  return earliest;
}

// Aligned: an input that has delivered the barrier waits until all have.
Status Task::take_barrier(Input& input, uint64_t id) {
  if (barriers_missing_ == 0) barriers_missing_ = inputs_.size();
  input.is_blocked = true;
  if (--barriers_missing_ > 0) return Status::ok();
  for (Input& other : inputs_) other.is_blocked = false;
  return pass_barrier(id);
}

Status Task::pass_barrier(uint64_t id) {
  MR_TRY(chain_->prepare_barrier());
  std::vector<StateChunk> chunks;
  MR_TRY(chain_->snapshot(place_.max_parallelism, chunks));
  for (const auto& router : routers_) router->send_barrier(id);
  for (OutputPort* output : outputs_) output->push_control(InputKind::kBarrier, id);
  pipeline_.acknowledge(id, std::move(chunks));
  return Status::ok();
}

void Task::inject_barrier(uint64_t id) {
  for (Input& input : inputs_) input.feed->inject_barrier(id);
  wake();
}

// Where no row may be held back, a source that knows when its next row is due is asked just then.
WorkerPool::Clock::duration Task::idle_poll(const Feed& feed) const {
  const int64_t due = feed.due_ms();
  if (due != kNoDeadline && pipeline_.flush_ms() == 0 && !pipeline_.has_virtual_clock()) {
    using std::chrono::system_clock;
    const auto when = system_clock::time_point(std::chrono::milliseconds(due));
    const auto wait = std::chrono::duration_cast<WorkerPool::Clock::duration>(
        when - system_clock::now());
    const WorkerPool::Clock::duration longest = std::chrono::milliseconds(kLongestIdlePollMs);
    return std::clamp(wait, WorkerPool::Clock::duration::zero(), longest);
  }
  return std::chrono::milliseconds(
      std::clamp<int64_t>(pipeline_.flush_ms() / 2, kShortestIdlePollMs, kLongestIdlePollMs));
}

// Nothing to do now: lets go of what is held back and asks to be woken where nobody else would.
void Task::go_idle() {
  for (const auto& router : routers_) router->flush();
  using Clock = WorkerPool::Clock;
  const auto now = Clock::now();
  auto next = Clock::time_point::max();
  for (const Input& input : inputs_) {
    if (!input.has_ended && input.feed->needs_polling()) {
      next = std::min(next, now + idle_poll(*input.feed));
    }
  }
  const int64_t deadline = deadline_ms();
  if (deadline != kNoDeadline && !pipeline_.has_virtual_clock()) {
    const int64_t wait = std::clamp<int64_t>(deadline - pipeline_.now_ms(), 0, 3'600'000);
    next = std::min(next, now + std::chrono::milliseconds(wait));
  }
  if (next == Clock::time_point::max()) return;
  const bool is_armed = armed_for_ > now && armed_for_ <= next;
  if (is_armed) return;
  armed_for_ = next;
  WorkerPool::instance().wake_at(next, shared_from_this());
}

}  // namespace millrace
