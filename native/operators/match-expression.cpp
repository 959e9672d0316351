#include "operators/match-expression.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace millrace {
namespace {

constexpr uint32_t kAbsent = UINT32_MAX;

Status damaged(const char* what) {
  return Status::error("MR9001", std::string("match: ") + what);
}

Status mark_columns(const plan::Value& expression, std::vector<uint8_t>& used) {
  MR_TRY_ASSIGN(const std::string_view kind, expression.string_at("kind"));
  if (kind == "column") {
    MR_TRY_ASSIGN(const int64_t index, expression.int_at("index"));
    if (index < 0 || static_cast<size_t>(index) >= used.size()) return damaged("unknown column");
    used[static_cast<size_t>(index)] = 1;
  }
  if (kind != "call") return Status::ok();
  MR_TRY_ASSIGN(const auto arguments, expression.list_at("arguments"));
  for (const plan::Value& argument : arguments) MR_TRY(mark_columns(argument, used));
  return Status::ok();
}

}  // namespace

Result<std::unique_ptr<MatchEvaluator>> MatchEvaluator::create(const plan::Value& spec, int32_t own,
                                                               const Schema& input,
                                                               const RowStore& store,
                                                               const MatchPaths& paths) {
  std::unique_ptr<MatchEvaluator> made(new MatchEvaluator(store, paths, own));
  MR_TRY(made->decode(spec, input));
  return made;
}

Status MatchEvaluator::decode(const plan::Value& spec, const Schema& input) {
  width_ = input.size();
  MR_TRY_ASSIGN(of_row_, spec.bool_at("ofRow"));
  MR_TRY_ASSIGN(const auto groups, spec.list_at("groups"));
  for (const plan::Value& group : groups) MR_TRY(decode_group(group, input));
  MR_TRY_ASSIGN(const auto inputs, spec.list_at("inputs"));
  for (const plan::Value& one : inputs) MR_TRY(decode_input(one, input));
  MR_TRY_ASSIGN(const plan::Value* expression, spec.member("expression"));
  MR_TRY_ASSIGN(expression_, compile_expression(*expression));
  return Status::ok();
}

Status MatchEvaluator::decode_input(const plan::Value& value, const Schema& input) {
  Input own;
  MR_TRY_ASSIGN(const std::string_view source, value.string_at("source"));
  MR_TRY_ASSIGN(const plan::Value* type, value.member("type"));
  MR_TRY_ASSIGN(own.type, plan::decode_type(*type));
  if (source == "time") {
    own.source = Source::kTime;
  } else if (source == "aggregate") {
    own.source = Source::kAggregate;
    MR_TRY_ASSIGN(const int64_t group, value.int_at("group"));
    MR_TRY_ASSIGN(const int64_t index, value.int_at("index"));
    if (group < 0 || static_cast<size_t>(group) >= groups_.size()) return damaged("group");
    const size_t calls = groups_[static_cast<size_t>(group)].aggregates->size();
    if (index < 0 || static_cast<size_t>(index) >= calls) return damaged("aggregate");
    own.variable = static_cast<int32_t>(group);
    own.column = static_cast<uint32_t>(index);
  } else {
    MR_TRY_ASSIGN(const int64_t column, value.int_at("column"));
    if (column < 0 || static_cast<size_t>(column) >= input.size()) return damaged("column");
    own.column = static_cast<uint32_t>(column);
    if (source == "pick") {
      own.source = Source::kPick;
      MR_TRY_ASSIGN(const int64_t variable, value.int_at("variable"));
      MR_TRY_ASSIGN(own.first, value.bool_at("first"));
      MR_TRY_ASSIGN(const int64_t offset, value.int_at("offset"));
      own.variable = static_cast<int32_t>(variable);
      own.offset = static_cast<uint32_t>(offset);
    } else if (source != "row") {
      return damaged("input");
    }
  }
  inputs_.push_back(std::move(own));
  return Status::ok();
}

Status MatchEvaluator::decode_group(const plan::Value& value, const Schema& input) {
  RowsOfVariable group;
  MR_TRY_ASSIGN(const int64_t variable, value.int_at("variable"));
  group.variable = static_cast<int32_t>(variable);
  group.used.resize(input.size());
  MR_TRY_ASSIGN(const auto values, value.list_at("values"));
  Schema schema;
  for (const plan::Value& one : values) {
    MR_TRY(mark_columns(one, group.used));
    MR_TRY_ASSIGN(auto compiled, compile_expression(one));
    schema.push_back({"", compiled->type()});
    group.values.push_back(std::move(compiled));
  }
  MR_TRY_ASSIGN(auto calls, decode_aggregate_calls(value));
  for (const AggregateCall& call : calls) {
    for (const uint32_t argument : call.arguments) {
      if (argument >= schema.size()) return damaged("argument");
    }
  }
  auto shared = std::make_shared<const std::vector<AggregateCall>>(std::move(calls));
  MR_TRY_ASSIGN(group.aggregates, AggregateSet::create(std::move(shared), schema));
  groups_.push_back(std::move(group));
  return Status::ok();
}

Result<ColumnPtr> MatchEvaluator::evaluate_rows(const Batch& batch,
                                                const EvaluationContext& context) {
  Batch read;
  read.row_count = batch.row_count;
  read.selected = batch.selected;
  for (const Input& input : inputs_) read.columns.push_back(batch.columns[input.column]);
  return expression_->evaluate(read, read.selection(), context);
}

Result<ColumnPtr> MatchEvaluator::evaluate(const MatchCases& cases,
                                           const EvaluationContext& context) {
  std::vector<std::vector<ColumnPtr>> results(groups_.size());
  for (size_t i = 0; i < groups_.size(); ++i) {
    MR_TRY(aggregate(groups_[i], cases, context, results[i]));
  }
  Batch batch;
  batch.row_count = cases.count();
  for (const Input& input : inputs_) {
    switch (input.source) {
      case Source::kRow:
        batch.columns.push_back(store_.gather(input.column, cases.rows));
        break;
      case Source::kPick:
        batch.columns.push_back(picked(input, cases));
        break;
      case Source::kAggregate:
        batch.columns.push_back(results[static_cast<size_t>(input.variable)][input.column]);
        break;
      case Source::kTime: {
        ColumnPtr column = make_column(input.type, cases.count());
        std::copy(cases.times.begin(), cases.times.end(), column->data<int64_t>());
        batch.columns.push_back(std::move(column));
        break;
      }
    }
  }
  return expression_->evaluate(batch, batch.selection(), context);
}

ColumnPtr MatchEvaluator::picked(const Input& pick, const MatchCases& cases) {
  const uint32_t count = cases.count();
  ids_.resize(count);
  bool has_absent = false;
  for (uint32_t i = 0; i < count; ++i) {
    ids_[i] = pick.first ? from_first(pick, cases, i) : from_last(pick, cases, i);
    has_absent |= ids_[i] == kAbsent;
  }
  if (!has_absent) return store_.gather(pick.column, ids_);
  // Any living row stands in for those that are not there.
  rows_.resize(count);
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t other = cases.rows.empty() ? paths_.row(cases.steps[i]) : cases.rows[i];
    rows_[i] = ids_[i] == kAbsent ? other : ids_[i];
  }
  ColumnPtr column = store_.gather(pick.column, rows_);
  for (uint32_t i = 0; i < count; ++i) {
    if (ids_[i] == kAbsent) column->set_null(i);
  }
  return column;
}

uint32_t MatchEvaluator::from_last(const Input& pick, const MatchCases& cases, uint32_t i) const {
  uint32_t left = pick.offset;
  if (is_own(pick.variable, cases)) {
    if (left == 0) return cases.rows[i];
    --left;
  }
  return count_back(cases.steps[i], pick.variable, left);
}

uint32_t MatchEvaluator::from_first(const Input& pick, const MatchCases& cases, uint32_t i) const {
  uint32_t count = 0;
  for (uint32_t step = cases.steps[i]; step != kNoStep; step = paths_.before_run(step)) {
    if (is_of(step, pick.variable)) count += paths_.run(step);
  }
  if (pick.offset < count) {
    return count_back(cases.steps[i], pick.variable, count - 1 - pick.offset);
  }
  return pick.offset == count && is_own(pick.variable, cases) ? cases.rows[i] : kAbsent;
}

uint32_t MatchEvaluator::count_back(uint32_t step, int32_t variable, uint32_t offset) const {
  while (step != kNoStep) {
    const bool counts = is_of(step, variable);
    const uint32_t run = paths_.run(step);
    if (counts && offset < run) break;
    if (counts) offset -= run;
    step = paths_.before_run(step);
  }
  if (step == kNoStep) return kAbsent;
  while (offset-- > 0) step = paths_.parent(step);
  return paths_.row(step);
}

// All rows of a variable, from the first on, of each case.
void MatchEvaluator::rows_of(int32_t variable, const MatchCases& cases) {
  rows_.clear();
  places_.clear();
  for (uint32_t i = 0; i < cases.count(); ++i) {
    const auto begin = static_cast<int64_t>(rows_.size());
    if (is_own(variable, cases)) rows_.push_back(cases.rows[i]);
    for (uint32_t step = cases.steps[i]; step != kNoStep; step = paths_.parent(step)) {
      if (is_of(step, variable)) rows_.push_back(paths_.row(step));
    }
    std::reverse(rows_.begin() + begin, rows_.end());
    places_.resize(rows_.size(), i);
  }
}

Status MatchEvaluator::aggregate(RowsOfVariable& group, const MatchCases& cases,
                                 const EvaluationContext& context, std::vector<ColumnPtr>& out) {
  rows_of(group.variable, cases);
  group.aggregates->clear();
  group.aggregates->resize(cases.count());
  numbers_.resize(std::max<size_t>(rows_.size(), cases.count()));
  std::iota(numbers_.begin(), numbers_.end(), 0);
  if (!rows_.empty()) {
    Batch batch;
    batch.row_count = static_cast<uint32_t>(rows_.size());
    batch.columns.resize(width_);
    for (uint32_t i = 0; i < width_; ++i) {
      if (group.used[i] != 0) batch.columns[i] = store_.gather(i, rows_);
    }
    Batch values;
    values.row_count = batch.row_count;
    for (const auto& value : group.values) {
      MR_TRY_ASSIGN(ColumnPtr column, value->evaluate(batch, batch.selection(), context));
      values.columns.push_back(std::move(column));
    }
    group.aggregates->update(values,
                             {numbers_.data(), places_.data(), nullptr, batch.row_count});
  }
  group.aggregates->values({numbers_.data(), cases.count()}, out);
  return Status::ok();
}

}  // namespace millrace
