// The slices of a window aggregation: each with its own table of groups and its own aggregates, so
// that what a fired window no longer needs is dropped whole.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "aggregates/aggregate-set.h"
#include "operators/operator.h"
#include "operators/window-grid.h"
#include "state/group-table.h"

namespace millrace {

// One slice. `rows` are those of the batch at hand that were assigned but not yet folded in.
struct WindowSlice {
  GroupTable table;
  std::unique_ptr<AggregateSet> aggregates;
  std::vector<int64_t> row_counts;
  std::vector<uint32_t> rows;
  // Rows of the batch at hand whose keys this slice's window shows, though they lie in another.
  std::vector<uint32_t> touched;
};

class WindowSlices {
 public:
  static Result<std::unique_ptr<WindowSlices>> create(KeyLayout layout, SharedCalls calls,
                                                      Schema input);

  using Map = std::map<int64_t, std::unique_ptr<WindowSlice>>;
  [[nodiscard]] const Map& all() const { return slices_; }
  // Those of the local phase too.
  template <typename F>
  void each(F&& f) const {
    for (const auto& [end, slice] : slices_) f(*slice);
    for (const auto& [end, slice] : local_) f(*slice);
  }
  [[nodiscard]] bool is_empty() const { return slices_.empty(); }
  [[nodiscard]] int64_t first_end() const { return slices_.begin()->first; }
  [[nodiscard]] WindowSlice* find(int64_t end);
  // The slice that ends there, made if there is none.
  Result<WindowSlice*> at(int64_t end);
  // The local phase of a sum in two phases (window-aggregate.cpp): slices of its own, which
  // hand over what they hold.
  Result<WindowSlice*> local_at(int64_t end);
  [[nodiscard]] const Map& local() const { return local_; }
  void flush_local();
  // A slice outside the map, to merge others into.
  Result<std::unique_ptr<WindowSlice>> take_spare();
  void drop(int64_t end);
  void give_back(std::unique_ptr<WindowSlice> slice);
  void rename(int64_t from, int64_t to);

  // Folds slice.rows of the batch in and clears them.
  void fold(WindowSlice& slice, const Batch& batch, std::span<const Column* const> keys);
  void merge(WindowSlice& into, WindowSlice& from);
  // Puts the keys of slice.touched into the slice, without rows.
  void touch(WindowSlice& slice, std::span<const Column* const> keys);
  // Puts keys of one slice into another, without rows.
  void mark(WindowSlice& into, const WindowSlice& from, std::span<const uint32_t> groups);
  // A key column of groups.
  void decode(uint32_t column, const WindowSlice& slice, std::span<const uint32_t> groups,
              Column& out) const {
    layout_.decode(column, slice.table.words(), slice.table.hashes(), groups, pool_, out);
  }
  // Groups of restored keys in a slice.
  Result<WindowSlice*> restore(int64_t end, std::span<const Column* const> keys, uint32_t row,
                               uint32_t& group);

  [[nodiscard]] uint64_t group_count() const;
  [[nodiscard]] size_t bytes() const;
  // Lets go of strings that no slice has any more, once they outweigh the others.
  void tidy_pool();

 private:
  WindowSlices(KeyLayout layout, SharedCalls calls, Schema input)
      : layout_(std::move(layout)), calls_(std::move(calls)), input_(std::move(input)) {}

  static constexpr size_t kMostSpares = 16;

  Result<WindowSlice*> at(Map& map, int64_t end);

  KeyLayout layout_;
  StringPool pool_;
  SharedCalls calls_;
  Schema input_;
  Map slices_;
  Map local_;
  std::vector<std::unique_ptr<WindowSlice>> spares_;
  // Scratch.
  EncodedKeys keys_;
  std::vector<uint32_t> groups_;
  std::vector<uint8_t> retract_;
};

}  // namespace millrace
