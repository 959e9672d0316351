// The rows of partial matches as paths: a step is a row, the variable that took it and the step
// before. Matches share the steps they have in common; what nobody holds is given up.
// Steps of one variable behind each other are a run, which is passed over at once.
//
//     A  B  B  B      the last B: run 3, before_run: A
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "operators/match-heap.h"
#include "operators/row-store.h"

namespace millrace {

class MatchPaths {
 public:
  explicit MatchPaths(RowStore& store) : store_(store) {}

  [[nodiscard]] uint32_t row(uint32_t step) const { return steps_[step].row; }
  [[nodiscard]] uint32_t parent(uint32_t step) const { return steps_[step].parent; }
  [[nodiscard]] int32_t variable(uint32_t step) const { return steps_[step].variable; }
  // Steps of the run of this step's variable that ends here, and the step before the run.
  [[nodiscard]] uint32_t run(uint32_t step) const { return steps_[step].run; }
  [[nodiscard]] uint32_t before_run(uint32_t step) const { return steps_[step].before_run; }
  // Number of a row among the rows taken of its key; -1 before it is taken.
  [[nodiscard]] int64_t sequence(uint32_t row) const { return rows_[row].sequence; }
  void set_sequence(uint32_t row, int64_t sequence) { rows_[row].sequence = sequence; }
  [[nodiscard]] size_t bytes() const {
    return steps_.capacity() * sizeof(Step) + rows_.capacity() * sizeof(Row);
  }

  // A new row of the store, held once.
  void open_row(uint32_t row) {
    if (row >= rows_.size()) rows_.resize(std::max<size_t>(row + 1, rows_.size() * 2));
    rows_[row] = {-1, 1};
  }
  void release_row(uint32_t row) {
    if (--rows_[row].holders == 0) store_.free(row);
  }

  // A step behind `parent`, held by nobody yet.
  uint32_t add(uint32_t parent, uint32_t row, int32_t variable) {
    uint32_t step;
    if (free_.empty()) {
      step = static_cast<uint32_t>(steps_.size());
      steps_.emplace_back();
    } else {
      step = free_.back();
      free_.pop_back();
    }
    const bool goes_on = parent != kNoStep && steps_[parent].variable == variable;
    steps_[step] = {row, parent, variable, 0, goes_on ? steps_[parent].run + 1 : 1,
                    goes_on ? steps_[parent].before_run : parent};
    ++rows_[row].holders;
    if (parent != kNoStep) ++steps_[parent].holders;
    return step;
  }
  void hold(uint32_t step) {
    if (step != kNoStep) ++steps_[step].holders;
  }
  void release(uint32_t step) {
    while (step != kNoStep && --steps_[step].holders == 0) {
      release_row(steps_[step].row);
      free_.push_back(step);
      step = steps_[step].parent;
    }
  }

 private:
  struct Step {
    uint32_t row = 0;
    uint32_t parent = kNoStep;
    int32_t variable = 0;
    uint32_t holders = 0;
    uint32_t run = 0;
    uint32_t before_run = kNoStep;
  };
  struct Row {
    int64_t sequence = -1;
    uint32_t holders = 0;
  };
  RowStore& store_;
  std::vector<Step> steps_;
  std::vector<Row> rows_;
  std::vector<uint32_t> free_;
};

}  // namespace millrace
