#include "pipeline/router.h"

#include <algorithm>
#include <utility>

#include "columnar/take.h"
#include "state/key-group.h"

namespace millrace {
namespace {

// A piece of a batch that holds one row of so many is copied together with others.
constexpr uint32_t kEnoughRows = 4;

}  // namespace

Router::Router(const Link& link, const Schema& schema, uint32_t batch_rows, uint32_t flush_ms,
               uint32_t max_parallelism, std::vector<Channel*> targets)
    : link_(link),
      schema_(schema),
      batch_rows_(batch_rows),
      flush_after_(flush_ms),
      max_parallelism_(max_parallelism),
      targets_(std::move(targets)),
      pending_(targets_.size()) {}

Status Router::send(Batch batch) {
  if (targets_.size() == 1) {
    targets_[0]->push({InputKind::kBatch, 0, std::move(batch)});
    return Status::ok();
  }
  if (link_.distribution == Distribution::kHash) return send_by_hash(std::move(batch));
  const bool rotates = link_.distribution == Distribution::kRebalance;
  send_to_one(std::move(batch), rotates ? next_target_ : 0);
  if (rotates) next_target_ = (next_target_ + 1) % targets_.size();
  return Status::ok();
}

// One target gets the rows, every target the time.
void Router::send_to_one(Batch batch, size_t target) {
  for (size_t other = 0; other < targets_.size(); ++other) {
    if (other != target) hold_watermark(other, batch);
  }
  flush(target);
  targets_[target]->push({InputKind::kBatch, 0, std::move(batch)});
}

void Router::hold_watermark(size_t target, const Batch& batch) {
  if (batch.watermarks.empty()) return;
  auto time = std::make_shared<Batch>(
      watermark_batch(schema_, batch.watermarks.back().watermark));
  Pending& pending = pending_[target];
  pending.pieces.clear();  // only times are held here, and the last one counts
  pending.pieces.push_back({std::move(time), {}});
  if (!holds_back_) held_since_ = Clock::now();
  holds_back_ = true;
}

Status Router::send_by_hash(Batch batch) {
  const Selection rows = batch.selection();
  if (rows.count > 0) {
    std::vector<const Column*> keys;
    for (const uint32_t key : link_.keys) keys.push_back(batch.columns[key].get());
    MR_TRY(key_groups(keys, rows, max_parallelism_, groups_));
  }
  const auto shared = std::make_shared<const Batch>(std::move(batch));
  for (Pending& pending : pending_) pending.pieces.push_back({shared, {}});
  const auto target_count = static_cast<uint32_t>(targets_.size());
  for (uint32_t i = 0; i < rows.count; ++i) {
    const uint32_t target = subtask_of_key_group(groups_[i], target_count, max_parallelism_);
    pending_[target].pieces.back().rows.push_back(rows[i]);
  }
  if (!holds_back_) held_since_ = Clock::now();
  holds_back_ = true;
  for (size_t target = 0; target < targets_.size(); ++target) {
    Pending& pending = pending_[target];
    const auto count = static_cast<uint32_t>(pending.pieces.back().rows.size());
    if (count >= std::max(1u, batch_rows_ / kEnoughRows)) {
      send_selected(target, *shared);
      continue;
    }
    if (count == 0 && shared->watermarks.empty()) pending.pieces.pop_back();
    pending.row_count += count;
    // Many pieces of few rows would keep many batches alive.
    if (pending.row_count >= batch_rows_ || pending.pieces.size() >= 64) flush(target);
  }
  return Status::ok();
}

// A piece of many rows goes as it is, a selection of columns that all targets share.
void Router::send_selected(size_t target, const Batch& batch) {
  Pending& pending = pending_[target];
  auto rows = std::make_shared<std::vector<uint32_t>>(std::move(pending.pieces.back().rows));
  pending.pieces.pop_back();
  flush(target);
  Batch piece = batch;
  piece.selected = std::move(rows);
  targets_[target]->push({InputKind::kBatch, 0, std::move(piece)});
}

void Router::flush(size_t target) {
  Pending& pending = pending_[target];
  if (pending.pieces.empty()) return;
  std::vector<BatchPiece> pieces;
  for (const Piece& piece : pending.pieces) {
    const auto count = static_cast<uint32_t>(piece.rows.size());
    // An empty list of rows still needs a non-null pointer: null means "every row".
    static constexpr uint32_t kNone = 0;
    const uint32_t* indexes = count == 0 ? &kNone : piece.rows.data();
    pieces.push_back({piece.batch.get(), {indexes, count}});
  }
  Batch batch = gather(std::span<const BatchPiece>(pieces));
  pending.pieces.clear();
  pending.row_count = 0;
  targets_[target]->push({InputKind::kBatch, 0, std::move(batch)});
}

void Router::flush() {
  if (!holds_back_) return;
  for (size_t target = 0; target < targets_.size(); ++target) flush(target);
  holds_back_ = false;
}

void Router::flush_if_due() {
  if (holds_back_ && Clock::now() - held_since_ >= flush_after_) flush();
}

void Router::push_to_all(const Message& message) {
  flush();
  for (Channel* target : targets_) target->push(message);
}

void Router::send_barrier(uint64_t id) { push_to_all({InputKind::kBarrier, id, {}}); }
void Router::send_status(bool is_idle) { push_to_all({status_kind(is_idle), 0, {}}); }
void Router::send_end() { push_to_all({InputKind::kEnd, 0, {}}); }

bool Router::has_room() const {
  return std::all_of(targets_.begin(), targets_.end(),
                     [](const Channel* target) { return target->has_room(); });
}

}  // namespace millrace
