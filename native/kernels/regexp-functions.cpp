// REGEXP, REGEXP_EXTRACT, REGEXP_REPLACE and kin, SIMILAR TO; see src/expr/kernels/regexp.ts. Each
// also as `..._dynamic`: with patterns that come with the rows.
#include "kernels/regexp-state.h"
#include "kernels/registry.h"
#include "kernels/text-output.h"
#include "kernels/utf8.h"

namespace millrace {

namespace {

// REGEXP(text, pattern): whether it is found; an empty pattern is not.
Status regexp(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  auto* values = out.data<uint8_t>();
  return search_rows(context, args, selection, [&](uint32_t row, RegexpMatcher* matcher) {
    values[row] = matcher != nullptr && !text_at(*args[1], row).empty() && matcher->find(0);
  });
}

// text SIMILAR TO pattern.
Status similar(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  auto* values = out.data<uint8_t>();
  return search_rows(context, args, selection, [&](uint32_t row, RegexpMatcher* matcher) {
    values[row] = matcher != nullptr && matcher->matches_all();
  });
}

// REGEXP_EXTRACT(text, pattern [, group]): pieces reference the text's memory.
Status extract(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  const Column& source = *args[0];
  const Column* group = args.size() > 2 ? args[2] : nullptr;
  share_memory(source, out);
  return search_rows(context, args, selection, [&](uint32_t row, RegexpMatcher* matcher) {
    const int32_t index = group == nullptr ? 0 : group->data<int32_t>()[group->at(row)];
    const bool is_known = matcher != nullptr && index >= 0 && index <= matcher->group_count();
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
  TextOutput output(context, out);
  std::string built;
  bool has_room = true;
  MR_TRY(search_rows(context, args, selection, [&](uint32_t row, RegexpMatcher* matcher) {
    if (matcher == nullptr) return out.set_null(row);
    const std::string_view text = text_at(*args[0], row);
    const std::string_view replacement = text_at(*args[2], row);
    built.clear();
    size_t copied = 0;
    for_each_match(*matcher, text.size(), [&](size_t start, size_t end) {
      built += text.substr(copied, start - copied);
      if (built.size() <= kMaxHeapBytes) built += replacement;
      copied = end;
    });
    built += text.substr(copied);
    has_room = has_room && output.copy(row, built);
  }));
  if (has_room) return Status::ok();
  return Status::error("MR3005", "string heap of " + std::to_string(output.total()) + " bytes",
                       selection[0]);
}

template <typename F>
Status numbers(KernelContext& context, Arguments args, const Selection& rows, Column& out, F f) {
  return search_rows(context, args, rows, [&](uint32_t row, RegexpMatcher* matcher) {
    if (matcher == nullptr) return out.set_null(row);
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

Result<std::unique_ptr<KernelState>> prepare_any_similar(const plan::Value*, const DataType&,
                                                         std::span<const DataType>) {
  return std::unique_ptr<KernelState>(
      std::make_unique<RegexpState>(RegexpState::Syntax::kSimilar));
}

constexpr Kernel kKernels[] = {
    {"regexp", regexp, prepare_regexp, true},
    {"regexp_extract", extract, prepare_regexp, true},
    {"regexp_replace", replace, prepare_regexp, true},
    {"regexp_count", count, prepare_regexp, true},
    {"regexp_instr", instr, prepare_regexp, true},
    {"similar", similar, prepare_regexp, true},
    {"regexp_dynamic", regexp, prepare_any_regexp, true},
    {"regexp_extract_dynamic", extract, prepare_any_regexp, true},
    {"regexp_replace_dynamic", replace, prepare_any_regexp, true},
    {"regexp_count_dynamic", count, prepare_any_regexp, true},
    {"regexp_instr_dynamic", instr, prepare_any_regexp, true},
    {"similar_dynamic", similar, prepare_any_similar, true},
};

}  // namespace

std::span<const Kernel> regexp_kernels() { return kKernels; }

}  // namespace millrace
