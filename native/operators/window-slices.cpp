#include "operators/window-slices.h"

#include "state/keyed-groups.h"

namespace millrace {

Result<std::unique_ptr<WindowSlices>> WindowSlices::create(KeyLayout layout, SharedCalls calls,
                                                           Schema input) {
  std::unique_ptr<WindowSlices> slices(
      new WindowSlices(std::move(layout), std::move(calls), std::move(input)));
  // Says now, not at the first row, what the aggregates cannot do.
  MR_TRY_ASSIGN(auto spare, slices->take_spare());
  slices->give_back(std::move(spare));
  return slices;
}

WindowSlice* WindowSlices::find(int64_t end) {
  const auto found = slices_.find(end);
  return found == slices_.end() ? nullptr : found->second.get();
}

Result<WindowSlice*> WindowSlices::at(Map& map, int64_t end) {
  const auto found = map.find(end);
  if (found != map.end()) return found->second.get();
  MR_TRY_ASSIGN(auto slice, take_spare());
  return map.emplace(end, std::move(slice)).first->second.get();
}

Result<WindowSlice*> WindowSlices::at(int64_t end) { return at(slices_, end); }
Result<WindowSlice*> WindowSlices::local_at(int64_t end) { return at(local_, end); }

void WindowSlices::flush_local() {
  for (auto& [end, slice] : local_) {
    const auto [held, is_new] = slices_.try_emplace(end);
    if (is_new) {
      held->second = std::move(slice);
    } else {
      merge(*held->second, *slice);
      give_back(std::move(slice));
    }
  }
  local_.clear();
}

Result<std::unique_ptr<WindowSlice>> WindowSlices::take_spare() {
  if (!spares_.empty()) {
    std::unique_ptr<WindowSlice> slice = std::move(spares_.back());
    spares_.pop_back();
    return slice;
  }
  auto slice = std::make_unique<WindowSlice>();
  slice->table = GroupTable(layout_.width());
  MR_TRY_ASSIGN(slice->aggregates, AggregateSet::create(calls_, input_));
  return slice;
}

void WindowSlices::drop(int64_t end) {
  const auto found = slices_.find(end);
  if (found == slices_.end()) return;
  give_back(std::move(found->second));
  slices_.erase(found);
}

void WindowSlices::give_back(std::unique_ptr<WindowSlice> slice) {
  if (spares_.size() >= kMostSpares) return;
  slice->table.clear();
  slice->aggregates->clear();
  slice->row_counts.clear();
  slice->rows.clear();
  slice->touched.clear();
  spares_.push_back(std::move(slice));
}

void WindowSlices::rename(int64_t from, int64_t to) {
  auto node = slices_.extract(from);
  node.key() = to;
  slices_.insert(std::move(node));
}

void WindowSlices::fold(WindowSlice& slice, const Batch& batch,
                        std::span<const Column* const> keys) {
  const auto count = static_cast<uint32_t>(slice.rows.size());
  layout_.encode(keys, slice.rows.data(), count, pool_, keys_);
  groups_.resize(count);
  slice.table.find_or_insert(keys_, count, groups_.data());
  slice.aggregates->resize(slice.table.size());
  slice.row_counts.resize(slice.table.size());
  const bool is_signed = batch.row_kinds != nullptr;
  if (is_signed) {
    retract_.resize(count);
    const uint8_t* kinds = batch.row_kinds->data();
    for (uint32_t i = 0; i < count; ++i) retract_[i] = takes_back(kinds[slice.rows[i]]) ? 1 : 0;
  }
  for (uint32_t i = 0; i < count; ++i) {
    slice.row_counts[groups_[i]] += is_signed && retract_[i] != 0 ? -1 : 1;
  }
  const AggregateRows rows{slice.rows.data(), groups_.data(),
                           is_signed ? retract_.data() : nullptr, count};
  slice.aggregates->update(batch, rows);
  slice.rows.clear();
}

void WindowSlices::merge(WindowSlice& into, WindowSlice& from) {
  const uint32_t count = from.table.size();
  const uint32_t width = from.table.width();
  groups_.resize(count);
  for (uint32_t group = 0; group < count; ++group) {
    groups_[group] = into.table.find_or_insert(from.table.words() + size_t{group} * width,
                                               from.table.hashes()[group]);
  }
  into.aggregates->resize(into.table.size());
  into.row_counts.resize(into.table.size());
  for (uint32_t group = 0; group < count; ++group) {
    into.row_counts[groups_[group]] += from.row_counts[group];
  }
  into.aggregates->merge(*from.aggregates, groups_);
}

void WindowSlices::touch(WindowSlice& slice, std::span<const Column* const> keys) {
  const auto count = static_cast<uint32_t>(slice.touched.size());
  layout_.encode(keys, slice.touched.data(), count, pool_, keys_);
  groups_.resize(count);
  slice.table.find_or_insert(keys_, count, groups_.data());
  slice.aggregates->resize(slice.table.size());
  slice.row_counts.resize(slice.table.size());
  slice.touched.clear();
}

void WindowSlices::mark(WindowSlice& into, const WindowSlice& from,
                        std::span<const uint32_t> groups) {
  const uint32_t width = from.table.width();
  for (const uint32_t group : groups) {
    (void)into.table.find_or_insert(from.table.words() + size_t{group} * width,
                                    from.table.hashes()[group]);
  }
  into.aggregates->resize(into.table.size());
  into.row_counts.resize(into.table.size());
}

Result<WindowSlice*> WindowSlices::restore(int64_t end, std::span<const Column* const> keys,
                                           uint32_t row, uint32_t& group) {
  MR_TRY_ASSIGN(WindowSlice * slice, at(end));
  layout_.encode(keys, &row, 1, pool_, keys_);
  group = slice->table.find_or_insert(keys_.words.data(), keys_.hashes[0]);
  slice->aggregates->resize(slice->table.size());
  slice->row_counts.resize(slice->table.size());
  return slice;
}

uint64_t WindowSlices::group_count() const {
  uint64_t total = 0;
  each([&](const WindowSlice& slice) {
    total += slice.table.size() + slice.aggregates->counted_rows();
  });
  return total;
}

size_t WindowSlices::bytes() const {
  size_t total = pool_.bytes();
  each([&](const WindowSlice& slice) {
    total += slice.table.bytes() + slice.aggregates->bytes();
  });
  return total;
}

void WindowSlices::tidy_pool() {
  constexpr uint64_t kMostStrings = 1 << 16;
  if (pool_.size() < kMostStrings || !layout_.uses_pool()) return;
  uint64_t live = 0;
  each([&](const WindowSlice& slice) { live += slice.table.size(); });
  if (pool_.size() < 4 * live * layout_.column_count()) return;
  StringPool pool;
  each([&](WindowSlice& slice) {
    for (uint32_t group = 0; group < slice.table.size(); ++group) {
      layout_.remap_strings(slice.table.words() + size_t{group} * slice.table.width(),
                            [&](uint32_t id) { return pool.intern(pool_[id]); });
    }
    slice.table.rehash_words();
  });
  pool_ = std::move(pool);
}

}  // namespace millrace
