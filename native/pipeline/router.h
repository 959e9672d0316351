// The sending side of a link: spreads the rows of one task over the channels to the tasks of the
// next fragment, and puts fragments together again so that batches stay large.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "base/status.h"
#include "columnar/batch.h"
#include "pipeline/channel.h"
#include "pipeline/graph.h"

namespace millrace {

class Router {
 public:
  // `targets`: one channel a subtask of the consumer; all live as long as the router.
  Router(const Link& link, const Schema& schema, uint32_t batch_rows, uint32_t flush_ms,
         uint32_t max_parallelism, std::vector<Channel*> targets);

  Status send(Batch batch);
  // Sends what is held back.
  void flush();
  // The same, if something has been held back for longer than flush_ms.
  void flush_if_due();
  void send_barrier(uint64_t id);
  void send_status(bool is_idle);
  void send_end();
  [[nodiscard]] bool has_room() const;

 private:
  using Clock = std::chrono::steady_clock;
  // Rows of one batch that go to one target.
  struct Piece {
    std::shared_ptr<const Batch> batch;
    std::vector<uint32_t> rows;
  };
  struct Pending {
    std::vector<Piece> pieces;
    uint32_t row_count = 0;
  };

  Status send_by_hash(Batch batch);
  void send_to_one(Batch batch, size_t target);
  void hold_watermark(size_t target, const Batch& batch);
  void send_selected(size_t target, const Batch& batch);
  void flush(size_t target);
  void push_to_all(const Message& message);

  const Link& link_;
  Schema schema_;
  uint32_t batch_rows_;
  std::chrono::milliseconds flush_after_;
  uint32_t max_parallelism_;
  std::vector<Channel*> targets_;
  std::vector<Pending> pending_;
  std::vector<uint32_t> groups_;  // scratch: key group of each row
  size_t next_target_ = 0;
  bool holds_back_ = false;
  Clock::time_point held_since_;
};

}  // namespace millrace
