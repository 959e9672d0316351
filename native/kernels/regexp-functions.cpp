// REGEXP, REGEXP_EXTRACT, REGEXP_REPLACE and kin, SIMILAR TO. The pattern is constant and comes
// compiled in the option `program`, null where it is no pattern; see src/expr/kernels/regexp.ts.
#include "kernels/regexp-state.h"
#include "kernels/registry.h"
#include "kernels/text-output.h"
#include "kernels/utf8.h"

namespace millrace {

Result<std::unique_ptr<KernelState>> prepare_regexp(const plan::Value* options, const DataType&,
                                                    std::span<const DataType>) {
  auto state = std::make_unique<RegexpState>();
  const plan::Value* program = options == nullptr ? nullptr : options->find("program");
  if (program == nullptr) return Status::error("MR9001", "regular expression: no program");
  if (!program->is_null()) {
    MR_TRY_ASSIGN(RegexpMatcher matcher, RegexpMatcher::decode(*program));
    state->matcher = std::move(matcher);
  }
  return std::unique_ptr<KernelState>(std::move(state));
}

namespace {

RegexpMatcher* matcher_of(KernelContext& context) {
  auto& state = static_cast<RegexpState&>(*context.state);
  return state.matcher.has_value() ? &*state.matcher : nullptr;
}

Status too_many_steps(int64_t row) { return Status::error("MR3007", "too many steps", row); }

// Calls f(row, matcher) with the matcher aimed at the row's text.
template <typename F>
Status search_rows(RegexpMatcher& matcher, const Column& source, const Selection& rows, F f) {
  const int64_t failing = first_failing_row(rows, [&](uint32_t row) {
    matcher.reset(text_at(source, row));
    f(row);
    return !matcher.ran_out();
  });
  return failing < 0 ? Status::ok() : too_many_steps(failing);
}

void set_all_null(const Selection& selection, Column& out) {
  for_each_row(selection, [&](uint32_t row) { out.set_null(row); });
}

// REGEXP(text, pattern): whether it is found; an empty pattern is not.
Status regexp(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  RegexpMatcher* matcher = matcher_of(context);
  auto* values = out.data<uint8_t>();
  if (matcher == nullptr || text_at(*args[1], selection[0]).empty()) {
    for_each_row(selection, [&](uint32_t row) { values[row] = 0; });
    return Status::ok();
  }
  return search_rows(*matcher, *args[0], selection,
                     [&](uint32_t row) { values[row] = matcher->find(0); });
}

// text SIMILAR TO pattern.
Status similar(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  RegexpMatcher* matcher = matcher_of(context);
  if (matcher == nullptr) {
    return Status::error("MR3006", "pattern of SIMILAR TO", selection[0]);
  }
  auto* values = out.data<uint8_t>();
  return search_rows(*matcher, *args[0], selection,
                     [&](uint32_t row) { values[row] = matcher->matches_all(); });
}

// REGEXP_EXTRACT(text, pattern [, group]): pieces reference the text's memory.
Status extract(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  RegexpMatcher* matcher = matcher_of(context);
  if (matcher == nullptr) {
    set_all_null(selection, out);
    return Status::ok();
  }
  const Column& source = *args[0];
  const Column* group = args.size() > 2 ? args[2] : nullptr;
  share_memory(source, out);
  return search_rows(*matcher, source, selection, [&](uint32_t row) {
    const int32_t index = group == nullptr ? 0 : group->data<int32_t>()[group->at(row)];
    const bool is_known = index >= 0 && index <= matcher->group_count();
    if (!is_known || !matcher->find(0) || matcher->start_of(index) < 0) {
      out.set_null(row);
      return;
    }
    const auto start = static_cast<size_t>(matcher->start_of(index));
    const auto bytes = static_cast<size_t>(matcher->end_of(index)) - start;
    out.data<StringView>()[row] = StringView(text_at(source, row).substr(start, bytes));
  });
}

// Calls f(start, end) for each match in the text.
template <typename F>
void for_each_match(RegexpMatcher& matcher, size_t size, F f) {
  for (size_t at = 0; at <= size && matcher.find(at);) {
    const auto start = static_cast<size_t>(matcher.start_of(0));
    const auto end = static_cast<size_t>(matcher.end_of(0));
    f(start, end);
    at = end > start ? end : matcher.behind(end);
  }
}

// REGEXP_REPLACE(text, pattern, replacement): the replacement is taken as it stands.
Status replace(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  RegexpMatcher* matcher = matcher_of(context);
  if (matcher == nullptr) {
    set_all_null(selection, out);
    return Status::ok();
  }
  int64_t ran_out = -1;
  std::string built;
  MR_TRY(build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const std::string_view text = text_at(*args[0], row);
    const std::string_view replacement = text_at(*args[2], row);
    matcher->reset(text);
    built.clear();
    size_t copied = 0;
    for_each_match(*matcher, text.size(), [&](size_t start, size_t end) {
      built += text.substr(copied, start - copied);
      if (built.size() <= kMaxHeapBytes) built += replacement;
      copied = end;
    });
    built += text.substr(copied);
    if (matcher->ran_out() && ran_out < 0) ran_out = row;
    return output.copy(row, built);
  }));
  return ran_out < 0 ? Status::ok() : too_many_steps(ran_out);
}

template <typename F>
Status numbers(KernelContext& context, Arguments args, const Selection& rows, Column& out, F f) {
  RegexpMatcher* matcher = matcher_of(context);
  if (matcher == nullptr) {
    set_all_null(rows, out);
    return Status::ok();
  }
  return search_rows(*matcher, *args[0], rows, [&](uint32_t row) {
    out.data<int32_t>()[row] = f(*matcher, text_at(*args[0], row));
  });
}

// REGEXP_COUNT(text, pattern).
Status count(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  return numbers(context, args, selection, out,
                 [](RegexpMatcher& matcher, std::string_view text) {
                   int32_t found = 0;
                   for_each_match(matcher, text.size(), [&](size_t, size_t) { ++found; });
                   return found;
                 });
}

// Counted from 1 in UTF-16 units; 0 where it is not found.
Status instr(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  return numbers(context, args, selection, out,
                 [](RegexpMatcher& matcher, std::string_view text) {
                   if (!matcher.find(0)) return 0;
                   int32_t units = 1;
                   for (const char c : text.substr(0, static_cast<size_t>(matcher.start_of(0)))) {
                     if (utf8::is_continuation(c)) continue;
                     units += static_cast<uint8_t>(c) >= 0xf0 ? 2 : 1;
                   }
                   return units;
                 });
}

constexpr Kernel kKernels[] = {
    {"regexp", regexp, prepare_regexp, true},
    {"regexp_extract", extract, prepare_regexp, true},
    {"regexp_replace", replace, prepare_regexp, true},
    {"regexp_count", count, prepare_regexp, true},
    {"regexp_instr", instr, prepare_regexp, true},
    {"similar", similar, prepare_regexp, true},
};

}  // namespace

std::span<const Kernel> regexp_kernels() { return kKernels; }

}  // namespace millrace
