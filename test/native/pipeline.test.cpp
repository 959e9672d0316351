#include <condition_variable>
#include <mutex>
#include <numeric>
#include <set>
#include <thread>

#include "check.h"
#include "pipeline/pipeline.h"
#include "plan-bytes.h"

using namespace millrace;
using namespace millrace::test;

namespace {

// Collects events; waits for one.
class Events final : public PipelineEvents {
 public:
  void output_ready(uint32_t) override { note(&Events::outputs_); }
  void input_room(uint32_t) override {}
  void snapshot_complete(uint64_t, std::vector<StateChunk> chunks) override {
    {
      const std::lock_guard lock(mutex_);
      chunks_ = std::move(chunks);
    }
    note(&Events::snapshots_);
  }
  void finished() override { note(&Events::finished_); }
  void failed(const ErrorInfo& error) override {
    {
      const std::lock_guard lock(mutex_);
      code_ = error.code;
    }
    note(&Events::failures_);
  }
  void closed() override {}

  // Something to do: an output to read, a snapshot, the end.
  void wait_for_news() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return outputs_ + snapshots_ + finished_ + failures_ > 0; });
    outputs_ = 0;
  }
  [[nodiscard]] bool has_snapshot() {
    const std::lock_guard lock(mutex_);
    return snapshots_ > 0;
  }
  [[nodiscard]] bool has_finished() {
    const std::lock_guard lock(mutex_);
    return finished_ > 0;
  }
  std::vector<StateChunk> take_chunks() {
    const std::lock_guard lock(mutex_);
    snapshots_ = 0;
    return std::move(chunks_);
  }
  std::string code_;
  int failures_ = 0;

 private:
  void note(int Events::* counter) {
    const std::lock_guard lock(mutex_);
    ++(this->*counter);
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<StateChunk> chunks_;
  int outputs_ = 0;
  int snapshots_ = 0;
  int finished_ = 0;
};

std::string node(int64_t id, std::string_view kind, std::initializer_list<std::string> inputs,
                 std::initializer_list<std::pair<std::string_view, std::string>> more) {
  std::string bytes = "\10" + varint(5 + more.size());
  bytes += raw_text("id") + integer(id) + raw_text("kind") + text(kind);
  bytes += raw_text("semanticId") + text("s" + std::to_string(id));
  bytes += raw_text("inputs") + list(inputs);
  bytes += raw_text("schema") + list({field("a", "BIGINT"), field("b", "VARCHAR")});
  for (const auto& [name, value] : more) bytes += raw_text(name) + value;
  return bytes;
}

// values -> hash exchange -> calc -> hash exchange -> collect
std::string spread_plan(int64_t row_count) {
  Items rows;
  for (int64_t i = 0; i < row_count; ++i) {
    const std::string key = "a text of more than twelve bytes " + std::to_string(i % 50);
    rows.add(list({integer(i), text(key)}));
  }
  const std::string both = list({column(0, "BIGINT"), column(1, "VARCHAR")});
  Items nodes;
  nodes.add(node(0, "values", {}, {{"rows", list(rows)}}));
  nodes.add(node(1, "exchange", {integer(0)},
                 {{"distribution", text("hash")}, {"keys", list({integer(1)})}}));
  nodes.add(node(2, "calc", {integer(1)}, {{"projections", both}, {"condition", null()}}));
  nodes.add(node(3, "exchange", {integer(2)},
                 {{"distribution", text("hash")}, {"keys", list({integer(0)})}}));
  nodes.add(node(4, "sink", {integer(3)},
                 {{"connector", text("collect")}, {"options", map({{"output", text("0")}})}}));
  return test::plan(nodes);
}

std::unique_ptr<Pipeline> make(const std::string& plan, PipelineOptions options, Events& events) {
  const std::span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(plan.data()), plan.size());
  auto made = Pipeline::make(bytes, std::move(options), events);
  CHECK(made.is_ok());
  return made.is_ok() ? std::move(made.value()) : nullptr;
}

PipelineOptions options_of(uint32_t parallelism, uint32_t batch_rows) {
  PipelineOptions options;
  options.parallelism = parallelism;
  options.batch_rows = batch_rows;
  return options;
}

void drain(Pipeline& pipeline, std::multiset<int64_t>& ids) {
  while (true) {
    const OutputPort::Entry entry = pipeline.poll(0);
    if (entry.kind == InputKind::kNothing) return;
    DataType bigint, text_type;
    bigint.root = TypeRoot::kBigint;
    text_type.root = TypeRoot::kVarchar;
    const auto batch = unpack(entry.batch.view(), {{"a", bigint}, {"b", text_type}});
    CHECK(batch.is_ok());
    for (uint32_t row = 0; row < batch.value().row_count; ++row) {
      ids.insert(batch.value().columns[0]->data<int64_t>()[row]);
    }
  }
}

void finish(Pipeline& pipeline, Events& events, std::multiset<int64_t>& ids) {
  while (!events.has_finished()) {
    events.wait_for_news();
    drain(pipeline, ids);
  }
}

void close(Pipeline& pipeline) {
  pipeline.cancel();
  pipeline.wait_until_closed();
}

std::multiset<int64_t> all_ids(int64_t count) {
  std::multiset<int64_t> ids;
  for (int64_t i = 0; i < count; ++i) ids.insert(i);
  return ids;
}

}  // namespace

TEST("rows are neither lost nor doubled through two exchanges, at any parallelism and batch") {
  for (const uint32_t parallelism : {1u, 2u, 3u, 5u}) {
    for (const uint32_t batch_rows : {1u, 7u, 512u}) {
      Events events;
      auto pipeline = make(spread_plan(2'000), options_of(parallelism, batch_rows), events);
      std::multiset<int64_t> ids;
      pipeline->start();
      finish(*pipeline, events, ids);
      CHECK(ids == all_ids(2'000));
      close(*pipeline);
    }
  }
}

TEST("a pipeline restored from a snapshot in its middle gives each row once") {
  Events events;
  auto first = make(spread_plan(3'000), options_of(2, 10), events);
  std::multiset<int64_t> ids;
  first->start();
  first->barrier(1);
  // Barriers pass only where outputs are read.
  while (!events.has_snapshot()) {
    events.wait_for_news();
    drain(*first, ids);
  }
  close(*first);
  // What came behind the barrier was not kept: the second run gives it again.
  PipelineOptions options = options_of(3, 64);
  options.restore = events.take_chunks();
  CHECK(!options.restore.empty());
  Events later;
  auto second = make(spread_plan(3'000), std::move(options), later);
  std::multiset<int64_t> rest;
  second->start();
  finish(*second, later, rest);
  close(*second);
  std::set<int64_t> together(ids.begin(), ids.end());
  together.insert(rest.begin(), rest.end());
  CHECK_EQUAL(together.size(), 3'000u);
  CHECK_EQUAL(std::set<int64_t>(rest.begin(), rest.end()).size(), rest.size());
}

TEST("pipelines cancelled at any moment close, also unread and never started") {
  for (int round = 0; round < 40; ++round) {
    Events events;
    auto pipeline = make(spread_plan(5'000), options_of(3, 16), events);
    if (round % 8 != 0) pipeline->start();
    std::this_thread::sleep_for(std::chrono::microseconds(round * 20));
    if (round % 3 == 0) pipeline->barrier(7);
    close(*pipeline);
  }
}

TEST("many pipelines share the pool") {
  std::vector<std::unique_ptr<Events>> events;
  std::vector<std::unique_ptr<Pipeline>> pipelines;
  for (int i = 0; i < 8; ++i) {
    events.push_back(std::make_unique<Events>());
    pipelines.push_back(make(spread_plan(400), options_of(2, 32), *events.back()));
    pipelines.back()->start();
  }
  for (size_t i = 0; i < pipelines.size(); ++i) {
    std::multiset<int64_t> ids;
    finish(*pipelines[i], *events[i], ids);
    CHECK(ids == all_ids(400));
    close(*pipelines[i]);
  }
}
