// Constructors of rows, arrays and maps, access to their parts, and maps as arrays.
#include "columnar/take.h"
#include "kernels/items.h"
#include "kernels/loops.h"
#include "kernels/registry.h"
#include "kernels/text-output.h"

namespace millrace {

namespace {

// A column for `length` rows of its own, sharing the argument's memory.
ColumnPtr part_of(const Column& argument, const Column& out) {
  if (argument.constant && !out.constant) return take(argument, {nullptr, out.length});
  auto part = std::make_shared<Column>(argument);
  part->constant = false;
  return part;
}

Status make_row(KernelContext&, Arguments args, const Selection&, Column& out) {
  out.children.clear();
  for (const Column* argument : args) out.children.push_back(part_of(*argument, out));
  return Status::ok();
}

std::vector<uint32_t> add_all(ItemPool& pool, Arguments args, size_t first, size_t step) {
  std::vector<uint32_t> bases;
  for (size_t i = first; i < args.size(); i += step) bases.push_back(pool.add(*args[i]));
  return bases;
}

Status make_array(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  ItemPool pool;
  const std::vector<uint32_t> bases = add_all(pool, args, 0, 1);
  Range* ranges = out.data<Range>();
  const auto count = static_cast<uint32_t>(args.size());
  for_each_row(selection, [&](uint32_t row) {
    ranges[row] = {pool.picked(), count};
    for (uint32_t k = 0; k < count; ++k) pool.pick(bases[k] + args[k]->at(row));
  });
  out.children = {pool.finish(out.type.fields[0].type)};
  return Status::ok();
}

bool same_key(const Column& a, const Column& b, uint32_t row) {
  if (a.physical >= Physical::kRow) return false;  // nested keys are objects of their own in Flink
  const bool a_null = a.is_null(row);
  if (a_null || b.is_null(row)) return a_null == b.is_null(row);
  return items_equal(a, row, b, row);
}

// Which of the arguments before `k` has the same key; `k` itself if none.
size_t first_with_key(Arguments args, size_t k, uint32_t row) {
  for (size_t i = 0; i < k; i += 2) {
    if (same_key(*args[i], *args[k], row)) return i;
  }
  return k;
}

// Of equal keys the last value stands where the first key did.
Status make_map(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  if (args.size() % 2 != 0) return Status::error("MR9001", "a map needs pairs");
  ItemPool keys, values;
  const std::vector<uint32_t> key_bases = add_all(keys, args, 0, 2);
  const std::vector<uint32_t> value_bases = add_all(values, args, 1, 2);
  Range* ranges = out.data<Range>();
  std::vector<size_t> last(args.size());
  for_each_row(selection, [&](uint32_t row) {
    const uint32_t start = keys.picked();
    for (size_t k = 0; k < args.size(); k += 2) {
      const size_t first = first_with_key(args, k, row);
      last[first] = k;
    }
    for (size_t k = 0; k < args.size(); k += 2) {
      if (first_with_key(args, k, row) != k) continue;
      keys.pick(key_bases[k / 2] + args[k]->at(row));
      const size_t value = last[k] + 1;
      values.pick(value_bases[value / 2] + args[value]->at(row));
    }
    ranges[row] = {start, keys.picked() - start};
  });
  out.children = {keys.finish(out.type.fields[0].type), values.finish(out.type.fields[1].type)};
  return Status::ok();
}

Status array_item(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& arrays = *args[0];
  const Column& positions = *args[1];
  std::vector<uint32_t> index(out.length, kNoItem);
  for_each_row(selection, [&](uint32_t row) {
    const Range range = range_at(arrays, row);
    const int64_t at = positions.data<int32_t>()[positions.at(row)];
    if (at >= 1 && at <= range.length) index[row] = range.start + static_cast<uint32_t>(at) - 1;
  });
  put_items(*arrays.children[0], index, selection, out);
  return Status::ok();
}

Status map_item(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& maps = *args[0];
  const Column& keys = *maps.children[0];
  std::vector<uint32_t> index(out.length, kNoItem);
  for_each_row(selection, [&](uint32_t row) {
    const Range range = range_at(maps, row);
    for (uint32_t k = range.start; k < range.start + range.length; ++k) {
      if (!keys.is_null(k) && items_equal(keys, k, *args[1], row)) index[row] = k;
    }
  });
  put_items(*maps.children[1], index, selection, out);
  return Status::ok();
}

Status cardinality(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  unary_loop<int32_t, Range>(*args[0], selection, out, [](const Range& range) {
    return static_cast<int32_t>(range.length);
  });
  return Status::ok();
}

Status element(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& arrays = *args[0];
  std::vector<uint32_t> index(out.length, kNoItem);
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const Range range = range_at(arrays, row);
    if (range.length == 1) index[row] = range.start;
    return range.length <= 1;
  });
  if (failing >= 0) return Status::error("MR3006", "array of more than one element", failing);
  put_items(*arrays.children[0], index, selection, out);
  return Status::ok();
}

// The lists of an argument over other children.
void reuse_ranges(const Column& lists, std::vector<ColumnPtr> children, Column& out) {
  Column value = lists;
  value.physical = out.physical;
  value.children = std::move(children);
  adopt(value, out);
}

Status map_keys(KernelContext&, Arguments args, const Selection&, Column& out) {
  reuse_ranges(*args[0], {args[0]->children[0]}, out);
  return Status::ok();
}

Status map_values(KernelContext&, Arguments args, const Selection&, Column& out) {
  reuse_ranges(*args[0], {args[0]->children[1]}, out);
  return Status::ok();
}

Status map_entries(KernelContext&, Arguments args, const Selection&, Column& out) {
  auto entries = std::make_shared<Column>();
  entries->type = out.type.fields[0].type;
  entries->physical = Physical::kRow;
  entries->length = args[0]->children[0]->length;
  entries->children = args[0]->children;
  reuse_ranges(*args[0], {entries}, out);
  return Status::ok();
}

Status map_from_arrays(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  ItemPool keys, values;
  keys.add(*args[0]->children[0]);
  values.add(*args[1]->children[0]);
  Range* ranges = out.data<Range>();
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const Range of_keys = range_at(*args[0], row), of_values = range_at(*args[1], row);
    ranges[row] = {keys.picked(), of_keys.length};
    keys.pick_range(0, of_keys);
    values.pick_range(0, of_values);
    return of_keys.length == of_values.length;
  });
  if (failing >= 0) {
    const Range of_keys = range_at(*args[0], static_cast<uint32_t>(failing));
    const Range of_values = range_at(*args[1], static_cast<uint32_t>(failing));
    return Status::error("MR3006", "MAP_FROM_ARRAYS of " + std::to_string(of_keys.length) +
                                       " keys and " + std::to_string(of_values.length) + " values",
                         failing);
  }
  out.children = {keys.finish(out.type.fields[0].type), values.finish(out.type.fields[1].type)};
  return Status::ok();
}

// Of equal keys the last map's value is kept; entries stand from the last map to the first.
Status map_union(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  ItemPool keys, values;
  std::vector<uint32_t> bases;
  for (const Column* map : args) {
    bases.push_back(keys.add(*map->children[0]));
    values.add(*map->children[1]);
  }
  ItemSet seen;
  Range* ranges = out.data<Range>();
  for_each_row(selection, [&](uint32_t row) {
    seen.clear();
    bool has_null = false;
    const uint32_t start = keys.picked();
    for (size_t m = args.size(); m-- > 0;) {
      const Column& of_keys = *args[m]->children[0];
      const Range range = range_at(*args[m], row);
      for (uint32_t k = range.start; k < range.start + range.length; ++k) {
        const bool is_null = of_keys.is_null(k);
        if (is_null ? has_null : !seen.add(of_keys, k)) continue;
        has_null = has_null || is_null;
        keys.pick(bases[m] + k);
        values.pick(bases[m] + k);
      }
    }
    ranges[row] = {start, keys.picked() - start};
  });
  out.children = {keys.finish(out.type.fields[0].type), values.finish(out.type.fields[1].type)};
  return Status::ok();
}

constexpr Kernel kKernels[] = {
    {"row", make_row, nullptr, false},
    {"array", make_array, nullptr, false},
    {"map", make_map, nullptr, false},
    {"array_item", array_item, nullptr, true},
    {"map_item", map_item, nullptr, true},
    {"cardinality", cardinality, nullptr, true},
    {"element", element, nullptr, true},
    {"map_keys", map_keys, nullptr, true},
    {"map_values", map_values, nullptr, true},
    {"map_entries", map_entries, nullptr, true},
    {"map_from_arrays", map_from_arrays, nullptr, true},
    {"map_union", map_union, nullptr, true},
};

}  // namespace

std::span<const Kernel> nested_kernels() { return kKernels; }

}  // namespace millrace
