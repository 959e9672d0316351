#include "kernels/regexp-compile.h"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <utility>

namespace millrace::regexp {
namespace {

using Kind = Node::Kind;

// Most numbers in a program's code, and most nodes that are written into it.
constexpr size_t kMaxCode = 100'000;

// Stands for every code point beyond ASCII.
constexpr int32_t kBeyondAscii = 128;

class Emitter {
 public:
  explicit Emitter(RegexpProgram& program) : code_(program.code), program_(program) {}

  [[nodiscard]] bool is_too_large() const { return is_too_large_; }

  void put(std::initializer_list<int32_t> numbers) {
    code_.insert(code_.end(), numbers);
    if (code_.size() > kMaxCode) is_too_large_ = true;
  }

  void emit(const Node& node) {
    if (++emitted_ > kMaxCode) is_too_large_ = true;
    if (is_too_large_) return;
    switch (node.kind) {
      case Kind::kEmpty: return;
      case Kind::kSet: return emit_set(node.set);
      case Kind::kSequence:
        for (const NodePtr& part : node.parts) emit(*part);
        return;
      case Kind::kChoice: return emit_choice(node.parts);
      case Kind::kGroup: return emit_group(node.index, node.inner());
      case Kind::kRepeat: return emit_repeat(node);
      case Kind::kAssert:
        return put({RegexpCode::kAssert, static_cast<int32_t>(node.assertion)});
      case Kind::kWordBoundary:
        return put({RegexpCode::kWordBoundary, node.is_negated, set_index(word_set())});
      case Kind::kReference: return put({RegexpCode::kReference, node.index});
      case Kind::kLook:
        put({RegexpCode::kLook, node.is_negated});
        return emit_inner(node.inner());
      case Kind::kAtomic:
        put({RegexpCode::kAtomic});
        return emit_inner(node.inner());
    }
  }

  void emit_group(int32_t index, const Node& inner) {
    put({RegexpCode::kSave, 2 * index});
    emit(inner);
    put({RegexpCode::kSave, 2 * index + 1});
  }

 private:
  [[nodiscard]] int32_t here() const { return static_cast<int32_t>(code_.size()); }
  int32_t& at(int32_t place) { return code_[static_cast<size_t>(place)]; }

  void emit_set(const PointSet& set) {
    if (set.size() == 2 && set[0] == set[1]) {
      put({RegexpCode::kPoint, static_cast<int32_t>(set[0])});
    } else {
      put({RegexpCode::kSet, set_index(set)});
    }
  }

  int32_t set_index(const PointSet& set) {
    const auto [found, is_new] = indexes_.emplace(set, static_cast<int32_t>(indexes_.size()));
    if (is_new) program_.sets.push_back(set);
    return found->second;
  }

  void emit_choice(const std::vector<NodePtr>& parts) {
    std::vector<int32_t> ends;
    for (const NodePtr& part : parts) {
      const bool is_last = part == parts.back();
      const int32_t split = here();
      if (!is_last) put({RegexpCode::kSplit, split + 3, 0});
      emit(*part);
      if (is_last) break;
      ends.push_back(here() + 1);
      put({RegexpCode::kJump, 0});
      at(split + 2) = here();
    }
    for (const int32_t end : ends) at(end) = here();
  }

  void emit_repeat(const Node& node) {
    const Node& inner = node.inner();
    for (int32_t i = 0; i < node.least && !is_too_large_; ++i) emit(inner);
    if (node.most == Node::kNoBound) emit_loop(inner, node.is_lazy);
    else emit_optional(inner, node.most - node.least, node.is_lazy);
  }

  void emit_loop(const Node& inner, bool is_lazy) {
    const int32_t mark = program_.mark_count++;
    const int32_t top = emit_split();
    put({RegexpCode::kMark, mark});
    emit(inner);
    put({RegexpCode::kProgress, mark, 0});
    const int32_t exit = here() - 1;
    put({RegexpCode::kJump, top});
    at(exit) = here();
    set_split(top, is_lazy);
  }

  // Up to `count` more, each only behind the one before.
  void emit_optional(const Node& inner, int32_t count, bool is_lazy) {
    std::vector<int32_t> splits;
    for (int32_t i = 0; i < count && !is_too_large_; ++i) {
      splits.push_back(emit_split());
      emit(inner);
    }
    for (const int32_t split : splits) set_split(split, is_lazy);
  }

  int32_t emit_split() {
    put({RegexpCode::kSplit, 0, 0});
    return here() - 3;
  }

  // Into the code behind the split first, or lazily past all of it first.
  void set_split(int32_t split, bool is_lazy) {
    const int32_t inside = split + 3;
    at(split + 1) = is_lazy ? here() : inside;
    at(split + 2) = is_lazy ? inside : here();
  }

  // Behind its head: where to go on, then the code up to its match.
  void emit_inner(const Node& inner) {
    put({0});
    const int32_t out = here() - 1;
    emit(inner);
    put({RegexpCode::kMatch});
    at(out) = here();
  }

  std::vector<int32_t>& code_;
  RegexpProgram& program_;
  std::map<PointSet, int32_t> indexes_;
  size_t emitted_ = 0;
  bool is_too_large_ = false;
};

using FirstPoints = RegexpProgram::FirstPoints;

void add_set(const PointSet& ranges, FirstPoints& found) {
  const auto bounded = [](uint32_t point) { return std::min<uint32_t>(point, kBeyondAscii); };
  for (size_t i = 0; i < ranges.size(); i += 2) {
    for (uint32_t point = bounded(ranges[i]); point <= bounded(ranges[i + 1]); ++point) {
      (*found)[point] = true;
    }
  }
}

// Where the program may go on without taking a code point is pushed; false: it may have matched.
bool follow(const RegexpProgram& program, int32_t pc, bool is_at_start, FirstPoints& found,
            std::vector<int32_t>& next) {
  const int32_t* const code = &program.code[static_cast<size_t>(pc)];
  switch (code[0]) {
    case RegexpCode::kPoint:
      (*found)[static_cast<size_t>(std::min(code[1], kBeyondAscii))] = true;
      return true;
    case RegexpCode::kSet:
      add_set(program.sets[static_cast<size_t>(code[1])], found);
      return true;
    case RegexpCode::kSplit: next.insert(next.end(), {code[1], code[2]}); return true;
    case RegexpCode::kJump: next.push_back(code[1]); return true;
    case RegexpCode::kSave:
    case RegexpCode::kMark: next.push_back(pc + 2); return true;
    case RegexpCode::kAssert:
      if (code[1] == static_cast<int32_t>(Assertion::kStart) && !is_at_start) return true;
      next.push_back(pc + 2);
      return true;
    case RegexpCode::kWordBoundary: next.push_back(pc + 3); return true;
    case RegexpCode::kProgress: next.insert(next.end(), {pc + 3, code[2]}); return true;
    case RegexpCode::kLook: next.push_back(code[2]); return true;
    case RegexpCode::kAtomic: next.push_back(pc + 2); return true;
    default: return false;
  }
}

// What a match may begin with; see src/expr/regexp/first-points.ts.
FirstPoints first_points(const RegexpProgram& program, bool is_at_start) {
  FirstPoints found{std::in_place};
  found->fill(false);
  std::vector<bool> seen(program.code.size(), false);
  std::vector<int32_t> waiting{0};
  while (!waiting.empty()) {
    const int32_t pc = waiting.back();
    waiting.pop_back();
    if (seen[static_cast<size_t>(pc)]) continue;
    seen[static_cast<size_t>(pc)] = true;
    if (!follow(program, pc, is_at_start, found, waiting)) return std::nullopt;
  }
  return found;
}

}  // namespace

Compiled compile(std::string_view pattern) {
  Parsed parsed = parse(pattern);
  Compiled result;
  result.fault = std::move(parsed.fault);
  if (parsed.root == nullptr) return result;
  RegexpProgram& program = result.program;
  program.group_count = parsed.group_count;
  Emitter emitter(program);
  emitter.emit_group(0, *parsed.root);
  emitter.put({RegexpCode::kMatch});
  if (emitter.is_too_large()) {
    result.fault = {Fault::Kind::kUnsupported, "an expression so large"};
    return result;
  }
  program.first_at_start = first_points(program, true);
  program.first_inside = first_points(program, false);
  return result;
}

}  // namespace millrace::regexp
