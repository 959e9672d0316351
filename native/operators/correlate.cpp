#include "operators/correlate.h"

#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "columnar/take.h"
#include "kernels/expression.h"
#include "operators/table-function.h"

namespace millrace {
namespace {

using ExpressionPtr = std::unique_ptr<Expression>;

// Most rows of a batch that is put out; a row of the input may make more of them.
constexpr uint32_t kMostRows = 16 * 1024;

class Correlate final : public Operator {
 public:
  Correlate(const PlanNode& node, OperatorContext context, std::unique_ptr<TableFunction> function)
      : schema_(node.schema),
        context_(std::move(context)),
        left_width_(node.input_schemas[0].size()),
        function_(std::move(function)) {}

  Status configure(const PlanNode& node, bool has_ordinality) {
    has_ordinality_ = has_ordinality;
    MR_TRY_ASSIGN(const auto items, node.value->list_at("arguments"));
    for (const plan::Value& item : items) {
      MR_TRY_ASSIGN(ExpressionPtr argument, compile_expression(item));
      arguments_.push_back(std::move(argument));
    }
    const plan::Value* condition = node.value->find("condition");
    if (condition != nullptr && !condition->is_null()) {
      MR_TRY_ASSIGN(condition_, compile_expression(*condition));
    }
    const plan::Value* sees_input = node.value->find("conditionSeesInput");
    if (sees_input != nullptr) {
      MR_TRY_ASSIGN(condition_sees_input_, sees_input->as_bool());
    }
    MR_TRY_ASSIGN(const std::string_view type, node.value->string_at("joinType"));
    keeps_all_ = type == "left";
    return Status::ok();
  }

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    const Selection rows = batch.selection();
    MR_TRY(begin(batch, rows));
    size_t run = 0;
    for (uint32_t i = 0; i < rows.count; ++i) {
      for (; run < batch.watermarks.size() && batch.watermarks[run].row <= rows[i]; ++run) {
        watermark(batch.watermarks[run].watermark);
      }
      MR_TRY(expand(batch, rows[i], output));
    }
    for (; run < batch.watermarks.size(); ++run) watermark(batch.watermarks[run].watermark);
    return flush(batch, true, output);
  }

 private:
  // The items that belong to a row begin at `start`.
  struct Entry {
    uint32_t row;
    uint32_t start;
  };

  Status begin(const Batch& batch, const Selection& rows) {
    if (rows.count == 0) return Status::ok();
    const EvaluationContext evaluation{context_.now_ms(), &context_.zone};
    std::vector<ColumnPtr> values;
    for (const ExpressionPtr& argument : arguments_) {
      MR_TRY_ASSIGN(ColumnPtr value, argument->evaluate(batch, rows, evaluation));
      values.push_back(std::move(value));
    }
    return function_->begin_batch(std::move(values));
  }

  Status expand(const Batch& batch, uint32_t row, Output& output) {
    function_->begin_row(row);
    begin_entry(row);
    int32_t ordinality = 0;
    for (;;) {
      if (items_.size() >= kMostRows || entries_.size() >= kMostRows) {
        MR_TRY(flush(batch, false, output));
        begin_entry(row);
      }
      const auto room = kMostRows - static_cast<uint32_t>(items_.size());
      const uint32_t made = function_->next(room, items_);
      if (made == 0) return Status::ok();
      if (!has_ordinality_) continue;
      for (uint32_t i = 0; i < made; ++i) ordinals_.push_back(++ordinality);
    }
  }

  void begin_entry(uint32_t row) {
    entries_.push_back({row, static_cast<uint32_t>(items_.size())});
  }

  // Stands before the next row of the input.
  void watermark(int64_t watermark) {
    runs_.push_back({static_cast<uint32_t>(entries_.size()), watermark});
  }

  // `is_done`: no more rows are made of the last row.
  Status flush(const Batch& batch, bool is_done, Output& output) {
    MR_TRY(judge(batch));
    place(is_done);
    MR_TRY(emit(batch, output));
    entries_.clear();
    items_.clear();
    ordinals_.clear();
    runs_.clear();
    return Status::ok();
  }

  // places_: the items that meet the condition.
  Status judge(const Batch& batch) {
    if (condition_ == nullptr || items_.empty()) return Status::ok();
    Batch made;
    made.row_count = static_cast<uint32_t>(items_.size());
    if (condition_sees_input_) add_input(batch, made);
    for (size_t i = left_width_; i < schema_.size(); ++i) {
      made.columns.push_back(made_column(i, items_, ordinals_));
    }
    const EvaluationContext evaluation{context_.now_ms(), &context_.zone};
    MR_TRY_ASSIGN(const ColumnPtr truth,
                  condition_->evaluate(made, made.selection(), evaluation));
    select_true(*truth, made.selection(), places_);
    return Status::ok();
  }

  // The columns of the input, each row as often as it has items.
  void add_input(const Batch& batch, Batch& made) {
    item_rows_.clear();
    for (size_t i = 0; i < entries_.size(); ++i) {
      const size_t end = i + 1 < entries_.size() ? entries_[i + 1].start : items_.size();
      item_rows_.resize(end, entries_[i].row);
    }
    const Selection rows{item_rows_.data(), made.row_count};
    for (size_t i = 0; i < left_width_; ++i) made.columns.push_back(take(*batch.columns[i], rows));
  }

  // The output's rows and the items beside them, kNoRow where a row has none.
  void place(bool is_done) {
    out_rows_.clear();
    out_items_.clear();
    out_ordinals_.clear();
    out_runs_.clear();
    size_t run = 0;
    size_t kept = 0;
    for (size_t i = 0; i < entries_.size(); ++i) {
      for (; run < runs_.size() && runs_[run].row <= i; ++run) add_run(runs_[run].watermark);
      const size_t end = i + 1 < entries_.size() ? entries_[i + 1].start : items_.size();
      bool is_met = i == 0 && is_first_met_;
      for (size_t at = entries_[i].start; at < end; ++at) {
        if (condition_ != nullptr) {
          if (kept == places_.size() || places_[kept] != at) continue;
          ++kept;
        }
        add(entries_[i].row, items_[at], has_ordinality_ ? ordinals_[at] : 0);
        is_met = true;
      }
      const bool is_whole = is_done || i + 1 < entries_.size();
      if (is_whole && keeps_all_ && !is_met) add(entries_[i].row, kNoRow, 0);
      is_first_met_ = !is_whole && is_met;
    }
    for (; run < runs_.size(); ++run) add_run(runs_[run].watermark);
  }

  void add(uint32_t row, uint32_t item, int32_t ordinality) {
    out_rows_.push_back(row);
    out_items_.push_back(item);
    if (has_ordinality_) out_ordinals_.push_back(ordinality);
  }

  void add_run(int64_t watermark) {
    const auto at = static_cast<uint32_t>(out_rows_.size());
    if (!out_runs_.empty() && out_runs_.back().row == at) out_runs_.back().watermark = watermark;
    else out_runs_.push_back({at, watermark});
  }

  Status emit(const Batch& batch, Output& output) {
    if (out_rows_.empty()) {
      if (out_runs_.empty()) return Status::ok();
      return output.emit(watermark_batch(schema_, out_runs_.back().watermark));
    }
    Batch out;
    out.row_count = static_cast<uint32_t>(out_rows_.size());
    const Selection rows{out_rows_.data(), out.row_count};
    for (size_t i = 0; i < left_width_; ++i) out.columns.push_back(take(*batch.columns[i], rows));
    for (size_t i = left_width_; i < schema_.size(); ++i) {
      out.columns.push_back(made_column(i, out_items_, out_ordinals_));
    }
    if (batch.row_kinds != nullptr) {
      out.row_kinds = std::make_shared<Buffer>(out.row_count);
      for (uint32_t i = 0; i < out.row_count; ++i) {
        out.row_kinds->data()[i] = batch.row_kinds->data()[out_rows_[i]];
      }
    }
    out.watermarks = out_runs_;
    return output.emit(std::move(out));
  }

  [[nodiscard]] ColumnPtr made_column(size_t index, const std::vector<uint32_t>& items,
                                      const std::vector<int32_t>& ordinals) const {
    const DataType& type = schema_[index].type;
    if (has_ordinality_ && index + 1 == schema_.size()) {
      return ordinality_column(type, items, ordinals);
    }
    return function_->column(static_cast<uint32_t>(index - left_width_), items, type);
  }

  static ColumnPtr ordinality_column(const DataType& type, const std::vector<uint32_t>& items,
                                     const std::vector<int32_t>& ordinals) {
    ColumnPtr column = make_column(type, static_cast<uint32_t>(ordinals.size()));
    std::memcpy(column->values->data(), ordinals.data(), ordinals.size() * sizeof(int32_t));
    for (uint32_t i = 0; i < column->length; ++i) {
      if (items[i] == kNoRow) column->set_null(i);
    }
    return column;
  }

  Schema schema_;
  OperatorContext context_;
  size_t left_width_;
  std::unique_ptr<TableFunction> function_;
  std::vector<ExpressionPtr> arguments_;
  ExpressionPtr condition_;
  bool condition_sees_input_ = false;  // it is over the output's columns
  bool has_ordinality_ = false;
  bool keeps_all_ = false;
  bool is_first_met_ = false;  // the first entry's row had a partner in the batch before
  std::vector<Entry> entries_;
  std::vector<uint32_t> items_;
  std::vector<int32_t> ordinals_;    // one an item, where they are asked for
  std::vector<WatermarkRun> runs_;   // before which entry
  std::vector<uint32_t> item_rows_;
  std::vector<uint32_t> places_;
  std::vector<uint32_t> out_rows_;
  std::vector<uint32_t> out_items_;
  std::vector<int32_t> out_ordinals_;
  std::vector<WatermarkRun> out_runs_;
};

}  // namespace

Result<OperatorPtr> make_correlate(const PlanNode& node, const OperatorContext& context) {
  MR_TRY_ASSIGN(const std::string_view name, node.value->string_at("function"));
  MR_TRY_ASSIGN(auto function, make_table_function(name));
  auto correlate = std::make_unique<Correlate>(node, context, std::move(function));
  MR_TRY(correlate->configure(node, name == "unnest-with-ordinality"));
  return OperatorPtr(std::move(correlate));
}

Result<OperatorPtr> correlate_with(std::unique_ptr<TableFunction> function, const PlanNode& node,
                                   const OperatorContext& context) {
  auto correlate = std::make_unique<Correlate>(node, context, std::move(function));
  MR_TRY(correlate->configure(node, false));
  return OperatorPtr(std::move(correlate));
}

}  // namespace millrace
