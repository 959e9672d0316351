#include "kernels/regexp.h"

#include <algorithm>
#include <utility>

#include "kernels/utf8.h"

namespace millrace {
namespace {

// As ASSERTIONS in src/expr/regexp/node.ts.
enum Assertion : int32_t { kStart, kLineStart, kEnd, kLineEnd, kLastLineEnd };

enum EntryKind : int32_t { kState, kSlot, kMarkValue };

// Numbers of an instruction, by its code.
constexpr int32_t kWidths[] = {1, 2, 3, 2, 2, 2, 3, 2, 3, 2, 3, 2, 2};

constexpr int32_t kMaxGroups = 10'000;

Result<std::vector<int32_t>> decode_ints(std::span<const plan::Value> values) {
  std::vector<int32_t> numbers;
  numbers.reserve(values.size());
  for (const plan::Value& value : values) {
    MR_TRY_ASSIGN(const int64_t number, value.as_int());
    if (number < INT32_MIN || number > INT32_MAX) {
      return Status::error("MR9001", "regular expression: number out of range");
    }
    numbers.push_back(static_cast<int32_t>(number));
  }
  return numbers;
}

Status broken() { return Status::error("MR9001", "regular expression: broken program"); }

}  // namespace

Result<RegexpMatcher> RegexpMatcher::decode(const plan::Value& program) {
  RegexpProgram decoded;
  MR_TRY_ASSIGN(const auto code, program.list_at("code"));
  MR_TRY_ASSIGN(decoded.code, decode_ints(code));
  MR_TRY_ASSIGN(const auto sets, program.list_at("sets"));
  for (const plan::Value& set : sets) {
    MR_TRY_ASSIGN(const auto list, set.as_list());
    MR_TRY_ASSIGN(const auto ranges, decode_ints(list));
    if (ranges.size() % 2 != 0) return broken();
    decoded.sets.emplace_back(ranges.begin(), ranges.end());
  }
  MR_TRY_ASSIGN(const int64_t groups, program.int_at("groupCount"));
  MR_TRY_ASSIGN(const int64_t marks, program.int_at("markCount"));
  const bool fits = groups >= 0 && groups <= kMaxGroups && marks >= 0 &&
                    marks <= static_cast<int64_t>(decoded.code.size());
  if (!fits) return broken();
  decoded.group_count = static_cast<int32_t>(groups);
  decoded.mark_count = static_cast<int32_t>(marks);
  MR_TRY_ASSIGN(decoded.first_at_start, decode_first(program.find("firstAtStart")));
  MR_TRY_ASSIGN(decoded.first_inside, decode_first(program.find("firstInside")));
  RegexpMatcher matcher(std::move(decoded));
  MR_TRY(matcher.check_code());
  return matcher;
}

RegexpMatcher::RegexpMatcher(RegexpProgram program)
    : code_(std::move(program.code)),
      sets_(std::move(program.sets)),
      first_at_start_(program.first_at_start),
      first_inside_(program.first_inside),
      group_count_(program.group_count),
      slots_(2 * (static_cast<size_t>(program.group_count) + 1), -1),
      marks_(static_cast<size_t>(program.mark_count), 0) {}

// Every instruction is whole, and every number in it leads to something that is there.
Status RegexpMatcher::check_code() const {
  const auto size = static_cast<int32_t>(code_.size());
  const auto is_index = [](int32_t index, size_t count) {
    return index >= 0 && static_cast<size_t>(index) < count;
  };
  std::vector<bool> starts(code_.size(), false);
  std::vector<int32_t> targets;
  int32_t last = -1;
  for (int32_t pc = 0; pc < size; pc += kWidths[last]) {
    starts[static_cast<size_t>(pc)] = true;
    last = code_[static_cast<size_t>(pc)];
    const bool is_code = last >= RegexpCode::kMatch && last <= RegexpCode::kPoint;
    if (!is_code || pc + kWidths[last] > size) return broken();
    const int32_t* at = &code_[static_cast<size_t>(pc)];
    bool is_fine = true;
    switch (last) {
      case RegexpCode::kSet: is_fine = is_index(at[1], sets_.size()); break;
      case RegexpCode::kSplit: targets.insert(targets.end(), {at[1], at[2]}); break;
      case RegexpCode::kJump: case RegexpCode::kAtomic: targets.push_back(at[1]); break;
      case RegexpCode::kSave: is_fine = is_index(at[1], slots_.size()); break;
      case RegexpCode::kWordBoundary: is_fine = is_index(at[2], sets_.size()); break;
      case RegexpCode::kMark: is_fine = is_index(at[1], marks_.size()); break;
      case RegexpCode::kProgress: is_fine = is_index(at[1], marks_.size()); [[fallthrough]];
      case RegexpCode::kLook: targets.push_back(at[2]); break;
      case RegexpCode::kReference: is_fine = is_index(at[1], slots_.size() / 2); break;
      default: break;
    }
    if (!is_fine) return broken();
  }
  const bool all_lead = std::all_of(targets.begin(), targets.end(), [&](int32_t target) {
    return is_index(target, starts.size()) && starts[static_cast<size_t>(target)];
  });
  return last == RegexpCode::kMatch && all_lead ? Status::ok() : broken();
}

Result<RegexpMatcher::FirstPoints> RegexpMatcher::decode_first(const plan::Value* points) {
  if (points == nullptr || points->is_null()) return FirstPoints{};
  MR_TRY_ASSIGN(const auto list, points->as_list());
  MR_TRY_ASSIGN(const auto numbers, decode_ints(list));
  FirstPoints table{std::in_place};
  table->fill(false);
  for (const int32_t point : numbers) {
    if (point < 0 || static_cast<size_t>(point) >= table->size()) return broken();
    (*table)[static_cast<size_t>(point)] = true;
  }
  return table;
}

// The first place at or behind `from` where a match may start, behind the text if there is none.
size_t RegexpMatcher::candidate(size_t from) const {
  for (size_t at = from; at <= text_.size();) {
    const FirstPoints& first = at == 0 ? first_at_start_ : first_inside_;
    if (!first.has_value()) return at;
    if (at == text_.size()) break;
    const auto byte = static_cast<uint8_t>(text_[at]);
    if ((*first)[std::min<size_t>(byte, 128)]) return at;
    at = byte < 128 ? at + 1 : behind(at);
  }
  return text_.size() + 1;
}

bool RegexpMatcher::find(size_t from) {
  for (size_t at = candidate(from); at <= text_.size(); at = candidate(behind(at))) {
    std::fill(slots_.begin(), slots_.end(), -1);
    stack_.clear();
    if (run(0, at) >= 0) return true;
    if (ran_out()) return false;
  }
  return false;
}

bool RegexpMatcher::matches_all() {
  std::fill(slots_.begin(), slots_.end(), -1);
  stack_.clear();
  return run(0, 0) >= 0;
}

size_t RegexpMatcher::behind(size_t at) const {
  if (at >= text_.size()) return at + 1;
  (void)utf8::decode(text_, at);
  return at;
}

// Runs from a state until a match; the position there, or -1. Leaves the stack as it was.
int64_t RegexpMatcher::run(int32_t pc, size_t position) {
  const size_t base = stack_.size();
  size_t at = position;
  for (;;) {
    if (++steps_ > kMaxRegexpSteps) return -1;
    const int32_t* code = &code_[static_cast<size_t>(pc)];
    switch (code[0]) {
      case RegexpCode::kMatch:
        stack_.resize(base);
        return static_cast<int64_t>(at);
      case RegexpCode::kPoint: {
        const bool is_same =
            at < text_.size() && utf8::decode(text_, at) == static_cast<uint32_t>(code[1]);
        pc = is_same ? pc + 2 : -1;
        break;
      }
      case RegexpCode::kSet: {
        const bool is_member = at < text_.size() && is_in(utf8::decode(text_, at), code[1]);
        pc = is_member ? pc + 2 : -1;
        break;
      }
      case RegexpCode::kSplit:
        stack_.push_back({kState, code[2], static_cast<int32_t>(at)});
        pc = code[1];
        break;
      case RegexpCode::kJump: pc = code[1]; break;
      case RegexpCode::kSave:
        stack_.push_back({kSlot, code[1], slots_[static_cast<size_t>(code[1])]});
        slots_[static_cast<size_t>(code[1])] = static_cast<int32_t>(at);
        pc += 2;
        break;
      case RegexpCode::kMark:
        stack_.push_back({kMarkValue, code[1], marks_[static_cast<size_t>(code[1])]});
        marks_[static_cast<size_t>(code[1])] = static_cast<int32_t>(at);
        pc += 2;
        break;
      case RegexpCode::kProgress:
        pc = marks_[static_cast<size_t>(code[1])] == static_cast<int32_t>(at) ? code[2] : pc + 3;
        break;
      default: pc = run_rare(pc, at);
    }
    if (pc < 0 && !back(base, pc, at)) return -1;
  }
}

// Undoes down to the last state, which becomes (pc, at); false at the base.
bool RegexpMatcher::back(size_t base, int32_t& pc, size_t& at) {
  while (stack_.size() > base) {
    const Entry entry = stack_.back();
    stack_.pop_back();
    if (entry.kind == kState) {
      pc = entry.a;
      at = static_cast<size_t>(entry.b);
      return true;
    }
    (entry.kind == kSlot ? slots_ : marks_)[static_cast<size_t>(entry.a)] = entry.b;
  }
  return false;
}

// The instructions that are seldom used. The next pc or -1.
int32_t RegexpMatcher::run_rare(int32_t pc, size_t& at) {
  const int32_t* code = &code_[static_cast<size_t>(pc)];
  switch (code[0]) {
    case RegexpCode::kAssert: return holds(code[1], at) ? pc + 2 : -1;
    case RegexpCode::kWordBoundary: {
      const bool is_boundary = is_word_before(at, code[2]) != is_word_at(at, code[2]);
      return is_boundary != (code[1] == 1) ? pc + 3 : -1;
    }
    case RegexpCode::kReference: return match_reference(code[1], at) ? pc + 2 : -1;
    default: return run_inner(pc, at);
  }
}

// Look-ahead and atomic groups: the code behind the head up to its match, without its states.
int32_t RegexpMatcher::run_inner(int32_t pc, size_t& at) {
  const int32_t* code = &code_[static_cast<size_t>(pc)];
  const bool is_look = code[0] == RegexpCode::kLook;
  const std::vector<int32_t> saved = slots_;
  const int64_t end = run(pc + kWidths[code[0]], at);
  const bool is_found = end >= 0;
  if (is_found == (is_look && code[1] == 1)) {
    slots_ = saved;
    return -1;
  }
  if (is_found) push_changed(saved);
  if (!is_look) at = static_cast<size_t>(end);
  return is_look ? code[2] : code[1];
}

// What an inner run captured is undone when it is backtracked over.
void RegexpMatcher::push_changed(const std::vector<int32_t>& saved) {
  for (size_t slot = 0; slot < saved.size(); ++slot) {
    if (saved[slot] == slots_[slot]) continue;
    stack_.push_back({kSlot, static_cast<int32_t>(slot), saved[slot]});
  }
}

bool RegexpMatcher::match_reference(int32_t group, size_t& at) const {
  const int32_t start = start_of(group);
  const int32_t end = end_of(group);
  if (start < 0 || end < start) return false;
  const std::string_view piece =
      text_.substr(static_cast<size_t>(start), static_cast<size_t>(end - start));
  if (!text_.substr(at).starts_with(piece)) return false;
  at += piece.size();
  return true;
}

bool RegexpMatcher::is_in(uint32_t point, int32_t set) const {
  const std::vector<uint32_t>& ranges = sets_[static_cast<size_t>(set)];
  size_t low = 0;
  size_t high = ranges.size() / 2;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (ranges[2 * middle + 1] < point) low = middle + 1;
    else high = middle;
  }
  return 2 * low < ranges.size() && ranges[2 * low] <= point;
}

bool RegexpMatcher::is_word_at(size_t at, int32_t set) const {
  return at < text_.size() && is_in(utf8::decode(text_, at), set);
}

bool RegexpMatcher::is_word_before(size_t at, int32_t set) const {
  if (at == 0) return false;
  size_t first = at - 1;
  while (first > 0 && at - first < 4 && utf8::is_continuation(text_[first])) --first;
  return is_in(utf8::decode(text_, first), set);
}

bool RegexpMatcher::holds(int32_t assertion, size_t at) const {
  switch (assertion) {
    case kStart: return at == 0;
    case kEnd: return at == text_.size();
    case kLineStart: return at == 0 || (at < text_.size() && is_behind_break(at));
    case kLineEnd: return at == text_.size() || break_bytes(at) > 0;
    default: {
      const size_t bytes = break_bytes(at);
      return at == text_.size() || (bytes > 0 && at + bytes == text_.size());
    }
  }
}

// Bytes of the line break at a position, 0 where there is none; not inside \r\n.
size_t RegexpMatcher::break_bytes(size_t at) const {
  const std::string_view rest = text_.substr(std::min(at, text_.size()));
  if (rest.empty() || (rest[0] == '\n' && at > 0 && text_[at - 1] == '\r')) return 0;
  if (rest.starts_with("\r\n")) return 2;
  if (rest[0] == '\n' || rest[0] == '\r') return 1;
  if (rest.starts_with("\xc2\x85")) return 2;
  return rest.starts_with("\xe2\x80\xa8") || rest.starts_with("\xe2\x80\xa9") ? 3 : 0;
}

bool RegexpMatcher::is_behind_break(size_t at) const {
  const std::string_view before = text_.substr(0, at);
  if (before.back() == '\n') return true;
  if (before.back() == '\r') return text_[at] != '\n';
  return before.ends_with("\xc2\x85") || before.ends_with("\xe2\x80\xa8") ||
         before.ends_with("\xe2\x80\xa9");
}

}  // namespace millrace
