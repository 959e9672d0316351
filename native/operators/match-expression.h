// Conditions and measures of MATCH_RECOGNIZE, evaluated for many matches at once: what they read
// of the rows of each match becomes columns, then the expression runs over those.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "aggregates/aggregate-set.h"
#include "kernels/expression.h"
#include "operators/match-paths.h"
#include "operators/row-store.h"
#include "plan/value.h"

namespace millrace {

constexpr int32_t kAnyVariable = -1;

// Matches to evaluate for.
struct MatchCases {
  std::span<const uint32_t> steps;  // last step of each; kNoStep: no row yet
  std::span<const uint32_t> rows;   // the row at hand of each condition; empty in measures
  std::span<const int64_t> times;   // of each match; empty in conditions
  [[nodiscard]] uint32_t count() const { return static_cast<uint32_t>(steps.size()); }
};

class MatchEvaluator {
 public:
  // `own`: the variable of a condition; kAnyVariable in measures.
  static Result<std::unique_ptr<MatchEvaluator>> create(const plan::Value& spec, int32_t own,
                                                        const Schema& input, const RowStore& store,
                                                        const MatchPaths& paths);

  Result<ColumnPtr> evaluate(const MatchCases& cases, const EvaluationContext& context);
  // Over the rows of a batch, for a condition that reads nothing but the row at hand.
  Result<ColumnPtr> evaluate_rows(const Batch& batch, const EvaluationContext& context);
  [[nodiscard]] bool is_of_row() const { return of_row_; }

 private:
  enum class Source : uint8_t { kRow, kPick, kAggregate, kTime };
  struct Input {
    Source source = Source::kRow;
    uint32_t column = 0;   // of a row; of an aggregate: its index in the group
    int32_t variable = 0;  // of an aggregate: its group
    bool first = false;
    uint32_t offset = 0;
    DataType type;
  };
  // Aggregates over the rows of a variable, a group a match.
  struct RowsOfVariable {
    int32_t variable = 0;
    std::vector<std::unique_ptr<Expression>> values;
    std::unique_ptr<AggregateSet> aggregates;
    std::vector<uint8_t> used;  // one a column of the input
  };

  MatchEvaluator(const RowStore& store, const MatchPaths& paths, int32_t own)
      : store_(store), paths_(paths), own_(own) {}
  Status decode(const plan::Value& spec, const Schema& input);
  Status decode_input(const plan::Value& value, const Schema& input);
  Status decode_group(const plan::Value& value, const Schema& input);

  [[nodiscard]] bool is_own(int32_t variable, const MatchCases& cases) const {
    return !cases.rows.empty() && (variable == kAnyVariable || variable == own_);
  }
  [[nodiscard]] bool is_of(uint32_t step, int32_t variable) const {
    return variable == kAnyVariable || paths_.variable(step) == variable;
  }
  [[nodiscard]] uint32_t from_last(const Input& pick, const MatchCases& cases, uint32_t i) const;
  [[nodiscard]] uint32_t from_first(const Input& pick, const MatchCases& cases, uint32_t i) const;
  [[nodiscard]] uint32_t count_back(uint32_t step, int32_t variable, uint32_t offset) const;
  ColumnPtr picked(const Input& pick, const MatchCases& cases);
  Status aggregate(RowsOfVariable& group, const MatchCases& cases,
                   const EvaluationContext& context, std::vector<ColumnPtr>& out);
  void rows_of(int32_t variable, const MatchCases& cases);

  const RowStore& store_;
  const MatchPaths& paths_;
  int32_t own_;
  bool of_row_ = false;
  std::vector<Input> inputs_;
  std::vector<RowsOfVariable> groups_;
  std::unique_ptr<Expression> expression_;
  size_t width_ = 0;
  // Scratch.
  std::vector<uint32_t> ids_;
  std::vector<uint32_t> rows_;
  std::vector<uint32_t> places_;
  std::vector<uint32_t> numbers_;
};

}  // namespace millrace
