// The conditions of a pattern. One that reads nothing but the row at hand is decided once, for a
// whole batch; the others for all partial matches that meet their next row at once. Where that
// fails, each is asked only when it is needed: an error of a condition that nobody asks is none.
#pragma once

#include <memory>
#include <vector>

#include "operators/factory.h"
#include "operators/match-automaton.h"
#include "operators/match-expression.h"

namespace millrace {

class MatchConditions {
 public:
  static Result<MatchConditions> create(const PlanNode& node, const MatchAutomaton& automaton,
                                        const RowStore& store, const MatchPaths& paths);

  // Decides what it can about a batch's rows; keep() puts it down for a row of the store.
  void decide(const Batch& batch, const EvaluationContext& context);
  void keep(uint32_t batch_row, uint32_t row) {
    grow(row);
    words_[row] = {batch_truths_.empty() ? 0 : batch_truths_[batch_row], batch_known_};
  }
  // Of a row whose batch is gone.
  void forget(uint32_t row) {
    grow(row);
    words_[row] = {};
  }

  // The cases of a round: states, steps and rows beside each other.
  void begin_round() {
    states_.clear();
    steps_.clear();
    rows_.clear();
  }
  uint32_t add_case(const PartialMatch& match, uint32_t row) {
    states_.push_back(match.state);
    steps_.push_back(match.step);
    rows_.push_back(row);
    return static_cast<uint32_t>(rows_.size()) - 1;
  }
  // Asks for all cases what they may need; then holds() answers by a case's place.
  void ask(const EvaluationContext& context);
  // kFailed: failure() says why.
  enum class Answer : uint8_t { kNo = 0, kYes = 1, kUnknown = 2, kFailed = 3 };
  Answer holds(uint32_t place, int32_t variable) {
    const Condition& condition = conditions_[static_cast<size_t>(variable)];
    if (condition.evaluator == nullptr) return Answer::kYes;
    if (condition.is_decided) {
      const Word& word = words_[rows_[place]];
      if ((word.known >> variable & 1) != 0) {
        return static_cast<Answer>(word.truths >> variable & 1);
      }
    }
    return holds_asked(place, static_cast<size_t>(variable));
  }
  [[nodiscard]] const Status& failure() const { return failure_; }

 private:
  // Conditions decided beforehand are bits of a word.
  static constexpr size_t kMostDecided = 64;
  struct Condition {
    std::unique_ptr<MatchEvaluator> evaluator;  // null: every row
    bool is_decided = false;
    std::vector<uint8_t> answers;  // by place
  };
  struct Word {
    uint64_t truths = 0;
    uint64_t known = 0;
  };
  void grow(uint32_t row) {
    if (row >= words_.size()) words_.resize(std::max<size_t>(row + 1, words_.size() * 2));
  }
  void find_needs(const MatchAutomaton& automaton);
  Answer holds_asked(uint32_t place, size_t variable);

  std::vector<Condition> conditions_;
  std::vector<std::vector<uint8_t>> needs_;  // by variable, by state
  std::vector<Word> words_;                  // by row
  std::vector<uint64_t> batch_truths_;
  uint64_t batch_known_ = 0;
  std::vector<uint32_t> states_;
  std::vector<uint32_t> steps_;
  std::vector<uint32_t> rows_;
  EvaluationContext context_;
  Status failure_;
  // Scratch.
  std::vector<uint32_t> places_;
  std::vector<uint32_t> asked_steps_;
  std::vector<uint32_t> asked_rows_;
  std::vector<uint32_t> true_rows_;
};

}  // namespace millrace
