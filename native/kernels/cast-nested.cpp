// Rows, arrays and maps to each other, part by part, and to strings. Only values that a selected
// row holds are cast. Under TRY_CAST one part that fails makes the whole NULL.
#include <cstring>

#include "columnar/take.h"
#include "kernels/cast.h"
#include "kernels/items.h"
#include "kernels/loops.h"
#include "kernels/text-output.h"
#include "kernels/validity.h"

namespace millrace {

namespace {

// The values of a child that the selected rows hold and that are not NULL, rising.
std::vector<uint32_t> held_items(const Column& from, const Selection& selection,
                                 const Column& child) {
  std::vector<uint8_t> is_held(child.length, 0);
  for_each_row(selection, [&](uint32_t row) {
    if (!is_list(from.physical)) {
      is_held[from.at(row)] = 1;
      return;
    }
    const Range range = range_at(from, row);
    for (uint32_t i = range.start; i < range.start + range.length; ++i) is_held[i] = 1;
  });
  std::vector<uint32_t> items;
  for (uint32_t i = 0; i < child.length; ++i) {
    if (is_held[i] != 0 && !child.is_null(i)) items.push_back(i);
  }
  return items;
}

// The lowest selected row that holds a value of a child.
int64_t holder_of(const Column& from, const Selection& selection, int64_t item) {
  return first_failing_row(selection, [&](uint32_t row) {
    if (!is_list(from.physical)) return int64_t{from.at(row)} != item;
    const Range range = range_at(from, row);
    return item < range.start || item >= int64_t{range.start} + range.length;
  });
}

ColumnPtr flat_child(const Column& from, size_t index) {
  const ColumnPtr& child = from.children[index];
  return child->constant ? take(*child, {nullptr, from.length}) : child;
}

// A child of `from` cast; NULL where it was or, under TRY_CAST, where it fails.
Result<ColumnPtr> cast_child(const CastState& state, size_t index, const Column& from,
                             const Selection& selection, const KernelContext& outer) {
  const CastState& part = *state.parts[index];
  const ColumnPtr child = flat_child(from, index);
  if (part.function == nullptr) return child;
  if (child->physical == Physical::kNull) {
    return take(*make_null_constant(part.to), {nullptr, child->length});
  }
  ColumnPtr out = make_column(part.to, child->length);
  // Values that no selected row holds stay part of the list's child: they must be values.
  if (out->values != nullptr) std::memset(out->values->data(), 0, out->values->size());
  if (child->validity != nullptr) out->validity = copy_bitmap(*child->validity, child->length);
  KernelContext context = outer;
  context.arena = std::make_shared<Arena>();
  out->owners.push_back(context.arena);
  const std::vector<uint32_t> items = held_items(from, selection, *child);
  if (items.empty()) return out;
  const Selection held{items.data(), static_cast<uint32_t>(items.size())};
  Status status = part.function(part, *child, held, *out, context);
  if (!status.is_ok()) {
    if (status.info().row >= 0) {
      status.info().row = holder_of(from, selection, status.info().row);
    }
    return status;
  }
  return out;
}

Result<std::vector<ColumnPtr>> cast_children(const CastState& state, const Column& from,
                                             const Selection& selection,
                                             const KernelContext& context) {
  std::vector<ColumnPtr> children;
  for (size_t i = 0; i < state.parts.size(); ++i) {
    MR_TRY_ASSIGN(ColumnPtr child, cast_child(state, i, from, selection, context));
    children.push_back(std::move(child));
  }
  return children;
}

// Whether the cast of a part of the row failed: it became NULL.
bool has_failed(const Column& from, const std::vector<ColumnPtr>& children, uint32_t row) {
  const bool list = is_list(from.physical);
  const Range range = list ? range_at(from, row) : Range{from.at(row), 1};
  for (size_t child = 0; child < children.size(); ++child) {
    for (uint32_t i = range.start; i < range.start + range.length; ++i) {
      if (children[child]->is_null(i) && !from.children[child]->is_null(i)) return true;
    }
  }
  return false;
}

void null_failures(const Column& from, const std::vector<ColumnPtr>& children,
                   const Selection& selection, Column& out) {
  for_each_row(selection, [&](uint32_t row) {
    if (has_failed(from, children, row)) out.set_null(row);
  });
}

Status nested_to_nested(const CastState& state, const Column& from, const Selection& selection,
                        Column& out, KernelContext& context) {
  MR_TRY_ASSIGN(std::vector<ColumnPtr> children,
                cast_children(state, from, selection, context));
  Column value = from;
  value.children = children;
  adopt(value, out);
  if (state.is_try) null_failures(from, children, selection, out);
  return Status::ok();
}

void append_part(const Column& part, uint32_t index, std::string& text) {
  text.append(part.is_null(index) ? std::string_view("NULL") : text_at(part, index));
}

void append_list(const Column& from, const std::vector<ColumnPtr>& parts, uint32_t row,
                 std::string& text) {
  const Range range = range_at(from, row);
  for (uint32_t i = range.start; i < range.start + range.length; ++i) {
    if (i > range.start) text.append(", ");
    append_part(*parts[0], i, text);
    if (parts.size() == 1) continue;
    text.push_back('=');
    append_part(*parts[1], i, text);
  }
}

//     ROW (1, a)     ARRAY [1, NULL]     MAP {a=1, b=2}
Status nested_to_text(const CastState& state, const Column& from, const Selection& selection,
                      Column& out, KernelContext& context) {
  MR_TRY_ASSIGN(const std::vector<ColumnPtr> parts,
                cast_children(state, from, selection, context));
  const char* braces = from.physical == Physical::kRow     ? "()"
                       : from.physical == Physical::kArray ? "[]" : "{}";
  std::string text;
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    text.assign(1, braces[0]);
    if (from.physical == Physical::kRow) {
      for (size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) text.append(", ");
        append_part(*parts[i], from.at(row), text);
      }
    } else {
      append_list(from, parts, row, text);
    }
    text.push_back(braces[1]);
    return put_text(state.to, text, false, row, output);
  });
}

}  // namespace

CastFunction nested_cast(const CastState& state) {
  const Physical from = state.from.physical();
  if (from < Physical::kRow || from > Physical::kMap) return nullptr;
  if (is_character(state.to.root)) return nested_to_text;
  return state.to.physical() == from ? nested_to_nested : nullptr;
}

}  // namespace millrace
