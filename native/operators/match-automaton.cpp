#include "operators/match-automaton.h"

#include <utility>

#include "operators/match-conditions.h"

namespace millrace {
namespace {

Status damaged(const char* what) {
  return Status::error("MR9001", std::string("match: ") + what);
}

Result<MatchStep> decode_step(const plan::Value& value, size_t states, size_t variables) {
  MatchStep step;
  MR_TRY_ASSIGN(step.takes, value.bool_at("takes"));
  MR_TRY_ASSIGN(const int64_t target, value.int_at("target"));
  if (target < 0 || static_cast<size_t>(target) >= states) return damaged("target");
  step.target = static_cast<uint32_t>(target);
  MR_TRY_ASSIGN(const auto checks, value.list_at("when"));
  for (const plan::Value& one : checks) {
    MatchCheck check;
    MR_TRY_ASSIGN(const int64_t variable, one.int_at("variable"));
    MR_TRY_ASSIGN(check.negated, one.bool_at("negated"));
    if (variable < 0 || static_cast<size_t>(variable) >= variables) return damaged("variable");
    check.variable = static_cast<int32_t>(variable);
    step.when.push_back(check);
  }
  return step;
}

}  // namespace

Result<MatchAutomaton> MatchAutomaton::create(const plan::Value& node) {
  MatchAutomaton made;
  MR_TRY_ASSIGN(const auto variables, node.list_at("variables"));
  MR_TRY_ASSIGN(const plan::Value* automaton, node.member("automaton"));
  MR_TRY_ASSIGN(const auto states, automaton->list_at("states"));
  MR_TRY_ASSIGN(const int64_t start, automaton->int_at("start"));
  MR_TRY_ASSIGN(const int64_t end, automaton->int_at("end"));
  const auto size = static_cast<int64_t>(states.size());
  if (start < 0 || start >= size || end < 0 || end >= size) return damaged("states");
  made.start = static_cast<uint32_t>(start);
  made.end = static_cast<uint32_t>(end);
  for (const plan::Value& value : states) {
    MatchState state;
    MR_TRY_ASSIGN(const int64_t variable, value.int_at("variable"));
    state.variable = static_cast<int32_t>(variable);
    MR_TRY_ASSIGN(const auto steps, value.list_at("steps"));
    for (const plan::Value& one : steps) {
      MR_TRY_ASSIGN(MatchStep step, decode_step(one, states.size(), variables.size()));
      state.steps.push_back(std::move(step));
    }
    made.states.push_back(std::move(state));
  }
  return made;
}

Result<MatchRunner> MatchRunner::create(const plan::Value& node, MatchPaths& paths) {
  MatchRunner made(paths);
  MR_TRY_ASSIGN(made.automaton_, MatchAutomaton::create(node));
  MR_TRY_ASSIGN(made.within_ms_, node.int_at("withinMs"));
  MR_TRY_ASSIGN(const plan::Value* skip, node.member("skip"));
  MR_TRY_ASSIGN(const std::string_view to, skip->string_at("to"));
  made.skip_to_ = to == "past-last-row" ? SkipTo::kPastLastRow
                  : to == "first"       ? SkipTo::kFirst
                  : to == "last"        ? SkipTo::kLast
                                        : SkipTo::kNextRow;
  MR_TRY_ASSIGN(const int64_t variable, skip->int_at("variable"));
  MR_TRY_ASSIGN(const auto variables, node.list_at("variables"));
  made.skip_variable_ = static_cast<int32_t>(variable);
  if (variable >= 0 && static_cast<size_t>(variable) < variables.size()) {
    MR_TRY_ASSIGN(made.skip_name_, variables[static_cast<size_t>(variable)].as_string());
  }
  return made;
}

void MatchRunner::open(KeyMatches& key) const {
  PartialMatch start;
  start.state = automaton_.start;
  key.partials.clear();
  key.completed.clear();
  key.next_sequence = 0;
  key.partials.add(start);
}

Status MatchRunner::advance(KeyMatches& key, int64_t time, uint32_t mark,
                            std::vector<FoundMatch>& found) {
  const int64_t limit = deadline(key);
  if (limit == kNeverTooOld || limit > time) return Status::ok();
  next_.clear();
  for (const PartialMatch& one : key.partials.items()) {
    if (!one.has_begun() || time - one.start_time < within_ms_) next_.add(one);
    else paths_->release(one.step);
  }
  key.partials.swap(next_);
  return settle(key, time, mark, found);
}

Status MatchRunner::take(KeyMatches& key, uint32_t row, int64_t time, uint32_t mark,
                         uint32_t place, MatchConditions& conditions,
                         std::vector<FoundMatch>& found, bool& has_begun) {
  next_.clear();
  ended_.clear();
  has_begun = false;
  for (const PartialMatch& one : key.partials.items()) {
    MR_TRY(find_edges(one.state, place, conditions));
    for (const Edge& edge : edges_) {
      PartialMatch made = follow(key, one, row, time, edge);
      keep(made);
      MR_TRY_ASSIGN(const bool ends, reaches_end(edge.step->target, place, conditions));
      if (ends) {
        made.state = automaton_.end;
        keep(made);
      }
      has_begun |= !one.has_begun();
    }
    if (!one.has_begun()) next_.add(one);
    else paths_->release(one.step);
    ++place;
  }
  key.partials.swap(next_);
  for (const PartialMatch& one : ended_.items()) key.completed.add(one);
  return settle(key, time, mark, found);
}

void MatchRunner::keep(const PartialMatch& made) {
  paths_->hold(made.step);
  (made.state == automaton_.end ? ended_ : next_).add(made);
}

PartialMatch MatchRunner::follow(KeyMatches& key, const PartialMatch& one, uint32_t row,
                                 int64_t time, const Edge& edge) {
  if (paths_->sequence(row) < 0) paths_->set_sequence(row, key.next_sequence++);
  PartialMatch made;
  made.state = edge.step->target;
  made.step = paths_->add(one.step, row, edge.variable);
  made.start_time = one.has_begun() ? one.start_time : time;
  made.start_sequence = one.has_begun() ? one.start_sequence : paths_->sequence(row);
  return made;
}

Result<bool> MatchRunner::is_open(const MatchStep& step, uint32_t place,
                                  MatchConditions& conditions) const {
  for (const MatchCheck& check : step.when) {
    const auto answer = conditions.holds(place, check.variable);
    if (answer == MatchConditions::Answer::kFailed) return conditions.failure();
    if ((answer == MatchConditions::Answer::kYes) == check.negated) return false;
  }
  return true;
}

// The ways that take the row, from this state and those it may go on to.
Status MatchRunner::find_edges(uint32_t from, uint32_t place, MatchConditions& conditions) {
  edges_.clear();
  stack_.assign(1, from);
  while (!stack_.empty()) {
    const MatchState& state = automaton_.states[stack_.back()];
    stack_.pop_back();
    for (const MatchStep& step : state.steps) {
      MR_TRY_ASSIGN(const bool open, is_open(step, place, conditions));
      if (!open) continue;
      if (step.takes) edges_.push_back({&step, state.variable});
      else stack_.push_back(step.target);
    }
  }
  return Status::ok();
}

Result<bool> MatchRunner::reaches_end(uint32_t from, uint32_t place, MatchConditions& conditions) {
  stack_.assign(1, from);
  while (!stack_.empty()) {
    const MatchState& state = automaton_.states[stack_.back()];
    stack_.pop_back();
    for (const MatchStep& step : state.steps) {
      if (step.takes) continue;
      MR_TRY_ASSIGN(const bool open, is_open(step, place, conditions));
      if (!open) continue;
      if (step.target == automaton_.end) return true;
      stack_.push_back(step.target);
    }
  }
  return false;
}

// Sends the matches that no earlier partial match holds back.
Status MatchRunner::settle(KeyMatches& key, int64_t time, uint32_t mark,
                           std::vector<FoundMatch>& found) {
  while (!key.completed.is_empty()) {
    const PartialMatch match = key.completed.first();
    if (!key.partials.is_empty() &&
        match.start_sequence > key.partials.first().start_sequence) {
      break;
    }
    key.completed.poll();
    MR_TRY_ASSIGN(const int64_t limit, skipped_below(match));
    for (MatchHeap* heap : {&key.partials, &key.completed}) {
      heap->remove_where([&](const PartialMatch& one) {
        const bool is_gone = one.has_begun() && one.start_sequence < limit;
        if (is_gone) paths_->release(one.step);
        return is_gone;
      });
    }
    found.push_back({match.step, mark, time});
  }
  return Status::ok();
}

Result<int64_t> MatchRunner::skipped_below(const PartialMatch& match) const {
  if (skip_to_ == SkipTo::kPastLastRow) return paths_->sequence(paths_->row(match.step)) + 1;
  if (skip_to_ == SkipTo::kNextRow) return match.start_sequence + 1;
  return skip_target(match);
}

// Number of the row that SKIP TO names.
Result<int64_t> MatchRunner::skip_target(const PartialMatch& match) const {
  int64_t target = -1;
  for (uint32_t step = match.step; step != kNoStep; step = paths_->parent(step)) {
    if (paths_->variable(step) != skip_variable_) continue;
    if (skip_to_ == SkipTo::kLast && target >= 0) continue;
    target = paths_->sequence(paths_->row(step));
  }
  if (target < 0) {
    return Status::error("MR3006", "no row of " + skip_name_ + " in the match to skip to");
  }
  if (target == match.start_sequence) {
    return Status::error("MR3006", "skip to " + skip_name_ + ", the first row of the match");
  }
  return target;
}

}  // namespace millrace
