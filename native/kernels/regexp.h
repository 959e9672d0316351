// The backtracking machine for the programs of src/expr/regexp/compile.ts, over UTF-8 bytes; the
// same as src/expr/regexp/match.ts. Steps are bounded.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "plan/value.h"

namespace millrace {

// Steps that the searches in one text may take.
constexpr int64_t kMaxRegexpSteps = 5'000'000;

// As CODE in src/expr/regexp/compile.ts.
struct RegexpCode {
  enum : int32_t {
    kMatch, kSet, kSplit, kJump, kSave, kAssert, kWordBoundary, kMark, kProgress, kReference,
    kLook, kAtomic, kPoint,
  };
};

struct RegexpProgram {
  // By byte below 128, all others together: whether a match may begin with it. Nothing: it may be
  // empty.
  using FirstPoints = std::optional<std::array<bool, 129>>;

  std::vector<int32_t> code;
  std::vector<std::vector<uint32_t>> sets;
  FirstPoints first_at_start;
  FirstPoints first_inside;
  int32_t group_count = 0;
  int32_t mark_count = 0;
};

class RegexpMatcher {
 public:
  // Of a program that leads nowhere outside of itself, as those of regexp-compile.h.
  explicit RegexpMatcher(RegexpProgram program);
  // Of a program in a plan, which is checked.
  static Result<RegexpMatcher> decode(const plan::Value& program);

  void reset(std::string_view text) {
    text_ = text;
    steps_ = 0;
  }
  // The first match that starts at or behind byte `from`. False also where the steps ran out.
  [[nodiscard]] bool find(size_t from);
  // Whether the program, which ends with the assertion of the end, matches from the start.
  [[nodiscard]] bool matches_all();
  [[nodiscard]] bool ran_out() const { return steps_ > kMaxRegexpSteps; }
  // Where the next search starts behind an empty match.
  [[nodiscard]] size_t behind(size_t at) const;

  [[nodiscard]] int32_t group_count() const { return group_count_; }
  // Byte offsets of a group of the last match; -1 where it took no part.
  [[nodiscard]] int32_t start_of(int32_t group) const { return slots_[2 * size_t(group)]; }
  [[nodiscard]] int32_t end_of(int32_t group) const { return slots_[2 * size_t(group) + 1]; }

 private:
  struct Entry {
    int32_t kind;
    int32_t a;
    int32_t b;
  };

  using FirstPoints = RegexpProgram::FirstPoints;

  static Result<FirstPoints> decode_first(const plan::Value* points);
  Status check_code() const;
  [[nodiscard]] size_t candidate(size_t from) const;
  int64_t run(int32_t pc, size_t position);
  bool back(size_t base, int32_t& pc, size_t& at);
  int32_t run_rare(int32_t pc, size_t& at);
  int32_t run_inner(int32_t pc, size_t& at);
  void push_changed(const std::vector<int32_t>& saved);
  bool match_reference(int32_t group, size_t& at) const;
  [[nodiscard]] bool is_in(uint32_t point, int32_t set) const;
  [[nodiscard]] bool is_word_at(size_t at, int32_t set) const;
  [[nodiscard]] bool is_word_before(size_t at, int32_t set) const;
  [[nodiscard]] bool holds(int32_t assertion, size_t at) const;
  [[nodiscard]] size_t break_bytes(size_t at) const;
  [[nodiscard]] bool is_behind_break(size_t at) const;

  std::vector<int32_t> code_;
  std::vector<std::vector<uint32_t>> sets_;
  FirstPoints first_at_start_;
  FirstPoints first_inside_;
  int32_t group_count_ = 0;
  std::vector<int32_t> slots_;
  std::vector<int32_t> marks_;
  std::vector<Entry> stack_;
  std::string_view text_;
  int64_t steps_ = 0;
};

}  // namespace millrace
