// ARRAY_* functions: most pick values of their arguments, none copies one.
#include <algorithm>

#include "kernels/items.h"
#include "kernels/loops.h"
#include "kernels/registry.h"
#include "kernels/text-output.h"

namespace millrace {

namespace {

// A needle is looked for by equality; NULL is found where the array has one.
bool is_needle(const Column& items, uint32_t at, const Column& needle, uint32_t row) {
  const bool is_null = items.is_null(at);
  if (is_null || needle.is_null(row)) return is_null == needle.is_null(row);
  return items_equal(items, at, needle, row);
}

// The position of the first such value in the array of a row, from 1; 0 where there is none.
uint32_t position_of(const Column& arrays, const Column& needle, uint32_t row) {
  const Range range = range_at(arrays, row);
  for (uint32_t k = 0; k < range.length; ++k) {
    if (is_needle(*arrays.children[0], range.start + k, needle, row)) return k + 1;
  }
  return 0;
}

Status array_contains(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  for_each_row(selection, [&](uint32_t row) {
    if (args[0]->is_null(row)) {
      out.set_null(row);
    } else {
      out.data<uint8_t>()[row] = position_of(*args[0], *args[1], row) > 0 ? 1 : 0;
    }
  });
  return Status::ok();
}

Status array_position(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  for_each_row(selection, [&](uint32_t row) {
    out.data<int32_t>()[row] = static_cast<int32_t>(position_of(*args[0], *args[1], row));
  });
  return Status::ok();
}

// Arrays by a function f(row, pool) that picks the values of one row; rows with a NULL array (the
// first argument) are NULL.
template <typename F>
Status pick_arrays(Arguments args, const Selection& selection, Column& out, ItemPool& pool, F f) {
  Range* ranges = out.data<Range>();
  for_each_row(selection, [&](uint32_t row) {
    if (args[0]->is_null(row)) {
      out.set_null(row);
      return;
    }
    const uint32_t start = pool.picked();
    f(row);
    ranges[row] = {start, pool.picked() - start};
  });
  out.children = {pool.finish(out.type.fields[0].type)};
  return Status::ok();
}

template <bool kInFront>
Status array_extend(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  ItemPool pool;
  const uint32_t base = pool.add(*args[0]->children[0]);
  const uint32_t added = pool.add(*args[1]);
  return pick_arrays(args, selection, out, pool, [&](uint32_t row) {
    if (kInFront) pool.pick(added + args[1]->at(row));
    pool.pick_range(base, range_at(*args[0], row));
    if (!kInFront) pool.pick(added + args[1]->at(row));
  });
}

Status array_concat(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  ItemPool pool;
  std::vector<uint32_t> bases;
  for (const Column* array : args) bases.push_back(pool.add(*array->children[0]));
  return pick_arrays(args, selection, out, pool, [&](uint32_t row) {
    for (size_t k = 0; k < args.size(); ++k) pool.pick_range(bases[k], range_at(*args[k], row));
  });
}

Status array_remove(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  ItemPool pool;
  const Column& items = *args[0]->children[0];
  const uint32_t base = pool.add(items);
  return pick_arrays(args, selection, out, pool, [&](uint32_t row) {
    const Range range = range_at(*args[0], row);
    for (uint32_t k = range.start; k < range.start + range.length; ++k) {
      if (!is_needle(items, k, *args[1], row)) pool.pick(base + k);
    }
  });
}

Status array_reverse(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  ItemPool pool;
  const uint32_t base = pool.add(*args[0]->children[0]);
  return pick_arrays(args, selection, out, pool, [&](uint32_t row) {
    const Range range = range_at(*args[0], row);
    for (uint32_t k = range.length; k-- > 0;) pool.pick(base + range.start + k);
  });
}

// Values seen in a row, NULL among them.
struct Seen {
  ItemSet items;
  bool null = false;

  void clear() {
    items.clear();
    null = false;
  }
  bool add(const Column& column, uint32_t row) {
    if (!column.is_null(row)) return items.add(column, row);
    const bool is_new = !null;
    null = true;
    return is_new;
  }
  [[nodiscard]] bool has(const Column& column, uint32_t row) const {
    return column.is_null(row) ? null : items.has(column, row);
  }
};

void add_range(const Column& arrays, uint32_t row, Seen& seen) {
  const Range range = range_at(arrays, row);
  for (uint32_t k = 0; k < range.length; ++k) seen.add(*arrays.children[0], range.start + k);
}

// The values of the array that are new to `seen`.
void pick_new(const Column& arrays, uint32_t row, uint32_t base, Seen& seen, ItemPool& pool) {
  const Range range = range_at(arrays, row);
  for (uint32_t k = range.start; k < range.start + range.length; ++k) {
    if (seen.add(*arrays.children[0], k)) pool.pick(base + k);
  }
}

// ARRAY_DISTINCT of one array, ARRAY_UNION of two.
Status array_union(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  ItemPool pool;
  std::vector<uint32_t> bases;
  for (const Column* array : args) bases.push_back(pool.add(*array->children[0]));
  Seen seen;
  return pick_arrays(args, selection, out, pool, [&](uint32_t row) {
    seen.clear();
    for (size_t k = 0; k < args.size(); ++k) pick_new(*args[k], row, bases[k], seen, pool);
  });
}

Status array_except(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  ItemPool pool;
  const uint32_t base = pool.add(*args[0]->children[0]);
  Seen seen;
  return pick_arrays(args, selection, out, pool, [&](uint32_t row) {
    seen.clear();
    add_range(*args[1], row, seen);
    pick_new(*args[0], row, base, seen, pool);
  });
}

Status array_intersect(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  ItemPool pool;
  const Column& items = *args[0]->children[0];
  const uint32_t base = pool.add(items);
  Seen wanted, seen;
  return pick_arrays(args, selection, out, pool, [&](uint32_t row) {
    wanted.clear();
    seen.clear();
    add_range(*args[1], row, wanted);
    const Range range = range_at(*args[0], row);
    for (uint32_t k = range.start; k < range.start + range.length; ++k) {
      if (wanted.has(items, k) && seen.add(items, k)) pool.pick(base + k);
    }
  });
}

template <int kSign>
Status array_extreme(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& items = *args[0]->children[0];
  std::vector<uint32_t> index(out.length, kNoItem);
  for_each_row(selection, [&](uint32_t row) {
    const Range range = range_at(*args[0], row);
    uint32_t best = kNoItem;
    for (uint32_t k = range.start; k < range.start + range.length; ++k) {
      if (items.is_null(k)) continue;
      if (best == kNoItem || compare_items(items, k, items, best) * kSign > 0) best = k;
    }
    index[row] = best;
  });
  put_items(items, index, selection, out);
  return Status::ok();
}

// From 1; 0 is the first, negative positions count from the end. Past both ends it is cut.
Range slice_of(const Range& range, int64_t from, int64_t to) {
  const int64_t length = range.length;
  if (from < 0) from += length + 1;
  if (to < 0) to += length + 1;
  if (to == 0) to = 1;
  from = std::max<int64_t>(from, 1);
  to = std::min(to, length);
  if (length == 0 || from > to) return {range.start, 0};
  return {range.start + static_cast<uint32_t>(from - 1), static_cast<uint32_t>(to - from + 1)};
}

Status array_slice(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  Range* ranges = out.data<Range>();
  for_each_row(selection, [&](uint32_t row) {
    const Range range = range_at(*args[0], row);
    const int64_t from = args[1]->data<int32_t>()[args[1]->at(row)];
    int64_t to = range.length;
    if (args.size() == 3) to = args[2]->data<int32_t>()[args[2]->at(row)];
    ranges[row] = slice_of(range, from, to);
  });
  out.children = args[0]->children;
  return Status::ok();
}

bool flag_at(const Column& flags, uint32_t row) {
  return flags.data<uint8_t>()[flags.at(row)] != 0;
}

Status array_sort(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& items = *args[0]->children[0];
  ItemPool pool;
  pool.add(items);
  std::vector<uint32_t> present;
  return pick_arrays(args, selection, out, pool, [&](uint32_t row) {
    const bool ascending = args.size() < 2 || flag_at(*args[1], row);
    const bool nulls_first = args.size() < 3 ? ascending : flag_at(*args[2], row);
    const Range range = range_at(*args[0], row);
    present.clear();
    for (uint32_t k = range.start; k < range.start + range.length; ++k) {
      if (!items.is_null(k)) present.push_back(k);
    }
    std::stable_sort(present.begin(), present.end(), [&](uint32_t i, uint32_t j) {
      const int order = compare_items(items, i, items, j);
      return ascending ? order < 0 : order > 0;
    });
    const auto pick_nulls = [&] {
      for (uint32_t k = range.start; k < range.start + range.length; ++k) {
        if (items.is_null(k)) pool.pick(k);
      }
    };
    if (nulls_first) pick_nulls();
    for (const uint32_t k : present) pool.pick(k);
    if (!nulls_first) pick_nulls();
  });
}

// ARRAY_JOIN(array, separator [, text for NULL]); NULLs are left out where there is none.
Status array_join(KernelContext& context, Arguments args, const Selection& selection,
                  Column& out) {
  const Column& items = *args[0]->children[0];
  std::string joined;
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    joined.clear();
    bool is_first = true;
    const Range range = range_at(*args[0], row);
    for (uint32_t k = range.start; k < range.start + range.length; ++k) {
      if (items.is_null(k) && args.size() < 3) continue;
      if (!is_first) joined.append(text_at(*args[1], row));
      is_first = false;
      joined.append(items.is_null(k) ? text_at(*args[2], row) : text_at(items, k));
      if (joined.size() > kMaxHeapBytes) break;
    }
    return output.copy(row, joined);
  });
}

constexpr Kernel kKernels[] = {
    {"array_contains", array_contains, nullptr, false},
    {"array_position", array_position, nullptr, true},
    {"array_append", array_extend<false>, nullptr, false},
    {"array_prepend", array_extend<true>, nullptr, false},
    {"array_concat", array_concat, nullptr, true},
    {"array_remove", array_remove, nullptr, false},
    {"array_reverse", array_reverse, nullptr, true},
    {"array_distinct", array_union, nullptr, true},
    {"array_union", array_union, nullptr, true},
    {"array_except", array_except, nullptr, true},
    {"array_intersect", array_intersect, nullptr, true},
    {"array_max", array_extreme<1>, nullptr, true},
    {"array_min", array_extreme<-1>, nullptr, true},
    {"array_slice", array_slice, nullptr, true},
    {"array_sort", array_sort, nullptr, true},
    {"array_join", array_join, nullptr, true},
};

}  // namespace

std::span<const Kernel> array_kernels() { return kKernels; }

}  // namespace millrace
