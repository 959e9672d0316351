// SPLIT, STR_TO_MAP, REGEXP_EXTRACT_ALL: texts taken to pieces, which reference the text's memory.
#include <optional>

#include "kernels/items.h"
#include "kernels/regexp-state.h"
#include "kernels/registry.h"
#include "kernels/text-output.h"
#include "kernels/utf8.h"

namespace millrace {

namespace {

// Texts, some of them NULL, that become the child of a list.
class Pieces {
 public:
  void add(std::string_view text) {
    views_.emplace_back(text);
    is_null_.push_back(0);
  }
  void add_null() {
    views_.emplace_back();
    is_null_.push_back(1);
  }
  void set(uint32_t at, std::string_view text) {
    views_[at] = StringView(text);
    is_null_[at] = 0;
  }
  void set_null(uint32_t at) { is_null_[at] = 1; }
  [[nodiscard]] std::string_view view(uint32_t at) const { return views_[at].view(); }
  [[nodiscard]] uint32_t count() const { return static_cast<uint32_t>(views_.size()); }
  [[nodiscard]] ColumnPtr finish(const DataType& type, const Column& source) const {
    ColumnPtr column = make_column(type, count());
    for (uint32_t i = 0; i < count(); ++i) {
      column->data<StringView>()[i] = views_[i];
      if (is_null_[i] != 0) column->set_null(i);
    }
    column->owners = source.owners;
    return column;
  }

 private:
  std::vector<StringView> views_;
  std::vector<uint8_t> is_null_;
};

void split_text(std::string_view text, std::string_view separator, Pieces& pieces) {
  if (text.empty()) return;
  if (separator.empty()) {
    // One UTF-16 unit each: halves of a pair cannot be written and become question marks.
    for (size_t at = 0; at < text.size();) {
      const size_t start = at;
      const bool is_pair = utf8::decode(text, at) > 0xffff;
      pieces.add(is_pair ? std::string_view("?") : text.substr(start, at - start));
      if (is_pair) pieces.add("?");
    }
    return;
  }
  for (;;) {
    const size_t found = text.find(separator);
    pieces.add(text.substr(0, found));
    if (found == std::string_view::npos) return;
    text.remove_prefix(found + separator.size());
  }
}

// The text with U+FFFD for what is no UTF-8, in the arena.
std::string_view well_formed(std::string_view text, Arena& arena) {
  if (utf8::is_well_formed(text)) return text;
  std::string made;
  for (size_t at = 0; at < text.size();) {
    char encoded[4];
    made.append(encoded, utf8::encode(utf8::decode(text, at), encoded));
  }
  char* copy = arena.allocate(made.size());
  std::memcpy(copy, made.data(), made.size());
  return {copy, made.size()};
}

Status split(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  Pieces pieces;
  Range* ranges = out.data<Range>();
  for_each_row(selection, [&](uint32_t row) {
    const uint32_t start = pieces.count();
    split_text(well_formed(text_at(*args[0], row), *context.arena),
               well_formed(text_at(*args[1], row), *context.arena), pieces);
    ranges[row] = {start, pieces.count() - start};
  });
  out.children = {pieces.finish(out.type.fields[0].type, *args[0])};
  out.children[0]->owners.push_back(context.arena);
  return Status::ok();
}

struct MapState : KernelState {
  std::optional<RegexpMatcher> list;
  std::optional<RegexpMatcher> pair;
};

Status add_program(const plan::Value& options, std::string_view name,
                   std::optional<RegexpMatcher>& to) {
  MR_TRY_ASSIGN(const plan::Value* program, options.member(name));
  MR_TRY_ASSIGN(RegexpMatcher matcher, RegexpMatcher::decode(*program));
  to = std::move(matcher);
  return Status::ok();
}

Result<std::unique_ptr<KernelState>> prepare_map(const plan::Value* options, const DataType&,
                                                 std::span<const DataType>) {
  if (options == nullptr) return Status::error("MR9001", "STR_TO_MAP: no programs");
  auto state = std::make_unique<MapState>();
  MR_TRY(add_program(*options, "list_program", state->list));
  MR_TRY(add_program(*options, "pair_program", state->pair));
  return std::unique_ptr<KernelState>(std::move(state));
}

// Puts key and value of a pair behind the entries from `start`; an equal key takes the new value.
void put_pair(std::string_view pair, RegexpMatcher& matcher, uint32_t start, Pieces& keys,
              Pieces& values) {
  matcher.reset(pair);
  size_t from = 0;
  bool found = matcher.find(0);
  if (found && matcher.end_of(0) == 0) {  // an empty match at the start parts nothing
    from = matcher.behind(0);
    found = from <= pair.size() && matcher.find(from);
  }
  const auto key_end = found ? static_cast<size_t>(matcher.start_of(0)) : pair.size();
  const std::string_view key = pair.substr(0, key_end);
  uint32_t at = start;
  while (at < keys.count() && keys.view(at) != key) ++at;
  if (at == keys.count()) {
    keys.add(key);
    values.add_null();
  }
  if (found) {
    values.set(at, pair.substr(static_cast<size_t>(matcher.end_of(0))));
  } else {
    values.set_null(at);
  }
}

// java.lang.String.split: empty pieces at the end are left out.
void split_pairs(std::string_view text, RegexpMatcher& matcher,
                 std::vector<std::string_view>& pairs) {
  pairs.clear();
  matcher.reset(text);
  size_t piece = 0;
  for (size_t at = 0; at <= text.size() && matcher.find(at);) {
    const auto start = static_cast<size_t>(matcher.start_of(0));
    const auto end = static_cast<size_t>(matcher.end_of(0));
    if (end > 0 && start < text.size()) {
      pairs.push_back(text.substr(piece, start - piece));
      piece = end;
    }
    at = end > start ? end : matcher.behind(end);
  }
  pairs.push_back(text.substr(piece));
  while (pairs.size() > 1 && pairs.back().empty()) pairs.pop_back();
}

Status str_to_map(KernelContext& context, Arguments args, const Selection& selection,
                  Column& out) {
  auto& state = static_cast<MapState&>(*context.state);
  Pieces keys, values;
  std::vector<std::string_view> pairs;
  Range* ranges = out.data<Range>();
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const uint32_t start = keys.count();
    const std::string_view text = text_at(*args[0], row);
    if (!text.empty()) {
      split_pairs(text, *state.list, pairs);
      for (const std::string_view pair : pairs) put_pair(pair, *state.pair, start, keys, values);
    }
    ranges[row] = {start, keys.count() - start};
    return !state.list->ran_out() && !state.pair->ran_out();
  });
  if (failing >= 0) return Status::error("MR3007", "too many steps", failing);
  out.children = {keys.finish(out.type.fields[0].type, *args[0]),
                  values.finish(out.type.fields[1].type, *args[0])};
  return Status::ok();
}

void add_group(const RegexpMatcher& matcher, std::string_view text, int32_t group,
               Pieces& pieces) {
  if (matcher.start_of(group) < 0) {
    pieces.add_null();
    return;
  }
  const auto from = static_cast<size_t>(matcher.start_of(group));
  pieces.add(text.substr(from, static_cast<size_t>(matcher.end_of(group)) - from));
}

// REGEXP_EXTRACT_ALL(text, pattern [, group]): the group, 1 by default, of every match.
Status extract_all(KernelContext& context, Arguments args, const Selection& selection,
                   Column& out) {
  Pieces pieces;
  Range* ranges = out.data<Range>();
  MR_TRY(search_rows(context, args, selection, [&](uint32_t row, RegexpMatcher* matcher) {
    const int32_t group = args.size() < 3 ? 1 : args[2]->data<int32_t>()[args[2]->at(row)];
    if (matcher == nullptr || group < 0 || group > matcher->group_count()) {
      return out.set_null(row);
    }
    const std::string_view text = text_at(*args[0], row);
    const uint32_t first = pieces.count();
    for (size_t at = 0; at <= text.size() && matcher->find(at);) {
      add_group(*matcher, text, group, pieces);
      const auto end = static_cast<size_t>(matcher->end_of(0));
      at = end > static_cast<size_t>(matcher->start_of(0)) ? end : matcher->behind(end);
    }
    ranges[row] = {first, pieces.count() - first};
  }));
  out.children = {pieces.finish(out.type.fields[0].type, *args[0])};
  return Status::ok();
}

constexpr Kernel kKernels[] = {
    {"split", split, nullptr, true},
    {"str_to_map", str_to_map, prepare_map, true},
    {"regexp_extract_all", extract_all, prepare_regexp, true},
    {"regexp_extract_all_dynamic", extract_all, prepare_any_regexp, true},
};

}  // namespace

std::span<const Kernel> split_kernels() { return kKernels; }

}  // namespace millrace
