// Runs the automaton of a row pattern over the rows of one key, as Flink's CEP does: each row moves
// every partial match on, by every way that is open; a match waits while an earlier partial match
// may still become one; what a match skips is dropped.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/status.h"
#include "operators/match-heap.h"
#include "operators/match-paths.h"
#include "plan/value.h"

namespace millrace {

class MatchConditions;

struct MatchCheck {
  int32_t variable = 0;
  bool negated = false;
};

struct MatchStep {
  bool takes = false;
  uint32_t target = 0;
  std::vector<MatchCheck> when;
};

struct MatchState {
  int32_t variable = 0;
  std::vector<MatchStep> steps;
};

struct MatchAutomaton {
  std::vector<MatchState> states;
  uint32_t start = 0;
  uint32_t end = 0;
  static Result<MatchAutomaton> create(const plan::Value& node);
};

enum class SkipTo : uint8_t { kPastLastRow, kNextRow, kFirst, kLast };

// What is known of one key. No partial match at all: nothing is kept of it.
struct KeyMatches {
  MatchHeap partials;
  MatchHeap completed;
  int64_t next_sequence = 0;
  [[nodiscard]] bool is_open() const { return !partials.is_empty(); }
  // Nothing but the wait for a first row.
  [[nodiscard]] bool is_idle() const { return partials.size() == 1 && completed.is_empty(); }
};

// A match; its last step is held.
struct FoundMatch {
  uint32_t step = 0;
  uint32_t mark = 0;  // index of the watermark that lets it go
  int64_t time = 0;
};

constexpr int64_t kNeverTooOld = std::numeric_limits<int64_t>::max();

class MatchRunner {
 public:
  static Result<MatchRunner> create(const plan::Value& node, MatchPaths& paths);

  [[nodiscard]] const MatchAutomaton& automaton() const { return automaton_; }
  [[nodiscard]] int64_t within_ms() const { return within_ms_; }
  void open(KeyMatches& key) const;
  // When the oldest partial match is too old.
  [[nodiscard]] int64_t deadline(const KeyMatches& key) const {
    if (within_ms_ == 0 || key.partials.is_empty() || !key.partials.first().has_begun()) {
      return kNeverTooOld;
    }
    return key.partials.first().start_time + within_ms_;
  }
  // Drops what is too old at `time`.
  Status advance(KeyMatches& key, int64_t time, uint32_t mark, std::vector<FoundMatch>& found);
  // `place`: of the key's first partial match among the cases of the round. `has_begun` tells
  // whether a partial match began with the row.
  Status take(KeyMatches& key, uint32_t row, int64_t time, uint32_t mark, uint32_t place,
              MatchConditions& conditions, std::vector<FoundMatch>& found, bool& has_begun);

 private:
  struct Edge {
    const MatchStep* step;
    int32_t variable;
  };
  explicit MatchRunner(MatchPaths& paths) : paths_(&paths) {}
  Result<bool> is_open(const MatchStep& step, uint32_t place, MatchConditions& conditions) const;
  Status find_edges(uint32_t from, uint32_t place, MatchConditions& conditions);
  Result<bool> reaches_end(uint32_t from, uint32_t place, MatchConditions& conditions);
  PartialMatch follow(KeyMatches& key, const PartialMatch& one, uint32_t row, int64_t time,
                      const Edge& edge);
  void keep(const PartialMatch& made);
  Status settle(KeyMatches& key, int64_t time, uint32_t mark, std::vector<FoundMatch>& found);
  // Partial matches that begin with a row of a lower number are skipped.
  Result<int64_t> skipped_below(const PartialMatch& match) const;
  Result<int64_t> skip_target(const PartialMatch& match) const;

  MatchPaths* paths_;
  MatchAutomaton automaton_;
  SkipTo skip_to_ = SkipTo::kNextRow;
  int32_t skip_variable_ = 0;
  std::string skip_name_;
  int64_t within_ms_ = 0;
  // Scratch.
  MatchHeap next_;
  MatchHeap ended_;
  std::vector<Edge> edges_;
  std::vector<uint32_t> stack_;
};

}  // namespace millrace
