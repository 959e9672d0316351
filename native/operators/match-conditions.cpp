#include "operators/match-conditions.h"

#include <utility>

namespace millrace {
namespace {

// States that a partial match may look at with its next row: its own, and what it goes on to.
void visit(const MatchAutomaton& automaton, uint32_t state, bool is_taken,
           std::vector<uint8_t>& seen) {
  if (seen[state] != 0) return;
  seen[state] = 1;
  for (const MatchStep& step : automaton.states[state].steps) {
    if (!step.takes || !is_taken) visit(automaton, step.target, is_taken || step.takes, seen);
  }
}

}  // namespace

Result<MatchConditions> MatchConditions::create(const PlanNode& node,
                                                const MatchAutomaton& automaton,
                                                const RowStore& store, const MatchPaths& paths) {
  MatchConditions made;
  MR_TRY_ASSIGN(const auto encoded, node.value->list_at("conditions"));
  for (size_t variable = 0; variable < encoded.size(); ++variable) {
    Condition condition;
    if (!encoded[variable].is_null()) {
      MR_TRY_ASSIGN(condition.evaluator,
                    MatchEvaluator::create(encoded[variable], static_cast<int32_t>(variable),
                                           node.input_schemas[0], store, paths));
      condition.is_decided = condition.evaluator->is_of_row() && variable < kMostDecided;
    }
    made.conditions_.push_back(std::move(condition));
  }
  made.find_needs(automaton);
  return made;
}

void MatchConditions::find_needs(const MatchAutomaton& automaton) {
  needs_.assign(conditions_.size(), std::vector<uint8_t>(automaton.states.size()));
  for (uint32_t from = 0; from < automaton.states.size(); ++from) {
    std::vector<uint8_t> seen(automaton.states.size());
    visit(automaton, from, false, seen);
    for (uint32_t state = 0; state < automaton.states.size(); ++state) {
      if (seen[state] == 0) continue;
      for (const MatchStep& step : automaton.states[state].steps) {
        for (const MatchCheck& check : step.when) {
          needs_[static_cast<size_t>(check.variable)][from] = 1;
        }
      }
    }
  }
}

void MatchConditions::decide(const Batch& batch, const EvaluationContext& context) {
  batch_truths_.clear();
  batch_known_ = 0;
  for (size_t variable = 0; variable < conditions_.size(); ++variable) {
    if (!conditions_[variable].is_decided) continue;
    Result<ColumnPtr> truth = conditions_[variable].evaluator->evaluate_rows(batch, context);
    if (!truth.is_ok()) continue;
    batch_truths_.resize(batch.row_count);
    select_true(*truth.value(), batch.selection(), true_rows_);
    for (const uint32_t row : true_rows_) batch_truths_[row] |= uint64_t{1} << variable;
    batch_known_ |= uint64_t{1} << variable;
  }
}

void MatchConditions::ask(const EvaluationContext& context) {
  context_ = context;
  for (size_t variable = 0; variable < conditions_.size(); ++variable) {
    Condition& condition = conditions_[variable];
    if (condition.evaluator == nullptr || condition.is_decided) continue;
    condition.answers.assign(rows_.size(), static_cast<uint8_t>(Answer::kUnknown));
    places_.clear();
    asked_steps_.clear();
    asked_rows_.clear();
    for (uint32_t place = 0; place < rows_.size(); ++place) {
      if (needs_[variable][states_[place]] == 0) continue;
      places_.push_back(place);
      asked_steps_.push_back(steps_[place]);
      asked_rows_.push_back(rows_[place]);
    }
    if (places_.empty()) continue;
    Result<ColumnPtr> truth =
        condition.evaluator->evaluate({asked_steps_, asked_rows_, {}}, context);
    if (!truth.is_ok()) continue;
    for (const uint32_t place : places_) condition.answers[place] = 0;
    select_true(*truth.value(), {nullptr, static_cast<uint32_t>(places_.size())}, true_rows_);
    for (const uint32_t i : true_rows_) condition.answers[places_[i]] = 1;
  }
}

MatchConditions::Answer MatchConditions::holds_asked(uint32_t place, size_t variable) {
  Condition& condition = conditions_[variable];
  if (place < condition.answers.size() && condition.answers[place] < 2) {
    return static_cast<Answer>(condition.answers[place]);
  }
  Result<ColumnPtr> truth =
      condition.evaluator->evaluate({{&steps_[place], 1}, {&rows_[place], 1}, {}}, context_);
  if (!truth.is_ok()) {
    failure_ = truth.status();
    return Answer::kFailed;
  }
  select_true(*truth.value(), {nullptr, 1}, true_rows_);
  return true_rows_.empty() ? Answer::kNo : Answer::kYes;
}

}  // namespace millrace
