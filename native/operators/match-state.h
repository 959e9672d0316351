// The snapshot form of MATCH_RECOGNIZE, the same in both engines. Numbers count within a key:
//
//     rows       key, other columns, position, waits, time, sequence (-1: not taken yet)
//     steps      key, step, parent (-1: none), row (a position), variable
//     matches    key, completed, place in its heap, state, step (-1: none), start_time,
//                start_sequence
//     watermark  one row, where rows wait for it (kept by the operator)
#pragma once

#include <string>
#include <vector>

#include "operators/match-automaton.h"
#include "operators/operator.h"
#include "state/keyed-groups.h"

namespace millrace {

struct WaitingRow {
  uint32_t row;
  uint32_t group;
  int64_t time;
};

class MatchTables {
 public:
  MatchTables(std::vector<uint32_t> partition, Schema input);

  [[nodiscard]] std::vector<StateTable> tables() const;
  // `times`: by row.
  Batch save(const StateTable& table, const KeyedGroups& groups, const RowStore& store,
             const MatchPaths& paths, const std::vector<KeyMatches>& keys,
             const std::vector<WaitingRow>& waiting, const std::vector<int64_t>& times) const;
  Status restore(const StateTable& table, const Batch& content, KeyedGroups& groups,
                 RowStore& store, MatchPaths& paths);
  // All chunks are there: rows, steps and matches find each other. What waits is appended, in the
  // order in which it came; `times` of rows are set.
  Status settle(uint32_t group_count, const MatchRunner& runner, MatchPaths& paths,
                std::vector<KeyMatches>& keys, std::vector<WaitingRow>& waiting,
                std::vector<int64_t>& times);

 private:
  static constexpr size_t kNumbers = 6;
  // One line of a table: its group and numbers in the order of the fields.
  struct Line {
    uint32_t group = 0;
    uint32_t row = 0;  // of rows: its id in the store
    int64_t numbers[kNumbers] = {};
  };
  struct Content {
    std::vector<Line> rows;
    std::vector<Line> steps;
    std::vector<Line> matches;
    [[nodiscard]] std::vector<Line>& of(const std::string& table) {
      return table == "rows" ? rows : table == "steps" ? steps : matches;
    }
  };
  class Numbering;

  static Content collect(const MatchPaths& paths, const std::vector<KeyMatches>& keys,
                         const std::vector<WaitingRow>& waiting,
                         const std::vector<int64_t>& times);
  Status settle_steps(MatchPaths& paths);
  Status settle_matches(MatchPaths& paths, std::vector<KeyMatches>& keys);

  std::vector<uint32_t> partition_;
  Schema input_;
  std::vector<uint32_t> order_;  // columns of the input as they stand in `rows`
  Content restored_;
  std::vector<Line> step_ids_;  // restored steps with their ids in `row`, by (group, step)
};

}  // namespace millrace
