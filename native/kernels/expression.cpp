#include "kernels/expression.h"

#include <algorithm>

#include "kernels/literal.h"
#include "kernels/registry.h"
#include "kernels/shared-parts.h"
#include "kernels/special-forms.h"
#include "kernels/validity.h"

namespace millrace {

namespace {

bool is_fixed_width(Physical physical) {
  return physical <= Physical::kI128;
}

class ColumnReference : public Expression {
 public:
  ColumnReference(DataType type, uint32_t index) : type_(std::move(type)), index_(index) {}

  Result<ColumnPtr> evaluate(const Batch& batch, const Selection&,
                             const EvaluationContext&) override {
    if (index_ >= batch.columns.size()) return Status::error("MR9001", "no such column");
    return batch.columns[index_];
  }
  [[nodiscard]] const DataType& type() const override { return type_; }
  [[nodiscard]] bool is_cheap() const override { return true; }

 private:
  DataType type_;
  uint32_t index_;
};

class Literal : public Expression {
 public:
  Literal(DataType type, ColumnPtr column) : type_(std::move(type)), column_(std::move(column)) {}

  Result<ColumnPtr> evaluate(const Batch&, const Selection&, const EvaluationContext&) override {
    return column_;
  }
  [[nodiscard]] const DataType& type() const override { return type_; }
  [[nodiscard]] bool is_cheap() const override { return true; }

 private:
  DataType type_;
  ColumnPtr column_;
};

// A call of a kernel. Where all arguments are constant, so is the result: one row is computed.
class KernelCall : public Expression {
 public:
  KernelCall(DataType type, const Kernel& kernel, std::vector<ExpressionPtr> parts,
             plan::Value options, std::unique_ptr<KernelState> state)
      : type_(std::move(type)),
        kernel_(kernel),
        parts_(std::move(parts)),
        options_(std::move(options)),
        state_(std::move(state)),
        columns_(parts_.size()),
        arguments_(parts_.size()) {
    const Physical physical = type_.physical();
    makes_text_ = !is_fixed_width(physical);
    const bool may_overflow = physical == Physical::kI128;
    const bool never_fails = kernel.is_total || (state_ != nullptr && state_->is_total());
    is_total_ = never_fails && !makes_text_ && !may_overflow && kernel.propagates_nulls;
    is_cheap_ = is_total_ && !kernel.is_volatile;
    for (const ExpressionPtr& part : parts_) {
      const bool is_fixed = is_fixed_width(part->type().physical());
      is_total_ = is_total_ && is_fixed;
      is_cheap_ = is_cheap_ && is_fixed && part->is_cheap();
    }
  }

  Result<ColumnPtr> evaluate(const Batch& batch, const Selection& selection,
                             const EvaluationContext& context) override {
    bool is_constant = !kernel_.is_volatile;
    for (size_t i = 0; i < parts_.size(); ++i) {
      MR_TRY_ASSIGN(columns_[i], parts_[i]->evaluate(batch, selection, context));
      arguments_[i] = columns_[i].get();
      is_constant = is_constant && columns_[i]->constant;
    }
    if (selection.count == 0) return make_column(type_, batch.row_count);
    if (kernel_.propagates_nulls) {
      for (const Column* column : arguments_) {
        if (is_null_constant(*column)) return make_null_constant(type_);
      }
    }
    ColumnPtr out = make_column(type_, is_constant ? 1 : batch.row_count);
    out->constant = is_constant;
    Status status = run(is_constant ? Selection{nullptr, 1} : selection, *out, context);
    if (!status.is_ok()) {
      if (is_constant) status.info().row = selection[0];
      return status;
    }
    return out;
  }

  [[nodiscard]] const DataType& type() const override { return type_; }
  [[nodiscard]] bool is_cheap() const override { return is_cheap_; }

 private:
  Status run(const Selection& selection, Column& out, const EvaluationContext& context) {
    KernelContext kernel_context{&options_, state_.get(), nullptr, context.now_ms, context.zone};
    if (makes_text_) {
      kernel_context.arena = std::make_shared<Arena>();
      out.owners.push_back(kernel_context.arena);
    }
    if (!kernel_.propagates_nulls) {
      return kernel_.function(kernel_context, arguments_, selection, out);
    }
    const BufferPtr present = intersect_validity(arguments_, out.length);
    if (present == nullptr) return kernel_.function(kernel_context, arguments_, selection, out);
    if (is_total_) {
      out.validity = present;
      return kernel_.function(kernel_context, arguments_, selection, out);
    }
    out.validity = copy_bitmap(*present, out.length);
    select_present(*present, selection, present_rows_);
    if (present_rows_.empty()) return Status::ok();
    const Selection rows{present_rows_.data(), static_cast<uint32_t>(present_rows_.size())};
    return kernel_.function(kernel_context, arguments_, rows, out);
  }

  DataType type_;
  const Kernel& kernel_;
  std::vector<ExpressionPtr> parts_;
  plan::Value options_;
  std::unique_ptr<KernelState> state_;
  std::vector<ColumnPtr> columns_;
  std::vector<const Column*> arguments_;
  std::vector<uint32_t> present_rows_;
  bool makes_text_ = false;
  bool is_total_ = false;
  bool is_cheap_ = false;
};

// The parts of an expression run one after the other over all rows, so the first failure met need
// not be that of the lowest row: the rows below it are evaluated again until none fails.
class LowestFailure : public Expression {
 public:
  explicit LowestFailure(ExpressionPtr inner) : inner_(std::move(inner)) {}

  Result<ColumnPtr> evaluate(const Batch& batch, const Selection& selection,
                             const EvaluationContext& context) override {
    Result<ColumnPtr> result = inner_->evaluate(batch, selection, context);
    if (result.is_ok()) return result;
    Status lowest = result.status();
    while (lowest.info().row >= 0) {
      const Selection below = rows_below(selection, lowest.info().row);
      if (below.count == 0) break;
      Result<ColumnPtr> again = inner_->evaluate(batch, below, context);
      if (again.is_ok()) break;
      lowest = again.status();
    }
    return lowest;
  }

  [[nodiscard]] const DataType& type() const override { return inner_->type(); }
  [[nodiscard]] bool is_cheap() const override { return inner_->is_cheap(); }

 private:
  static Selection rows_below(const Selection& selection, int64_t row) {
    if (selection.is_dense()) {
      return {nullptr, static_cast<uint32_t>(std::min<int64_t>(row, selection.count))};
    }
    const uint32_t* end = selection.indexes + selection.count;
    const uint32_t* at = std::lower_bound(selection.indexes, end, static_cast<uint32_t>(row));
    return {selection.indexes, static_cast<uint32_t>(at - selection.indexes)};
  }

  ExpressionPtr inner_;
};

Result<ExpressionPtr> compile_node(const plan::Value& value, SharedParts* shared);

Result<ExpressionPtr> compile_kernel_call(std::string_view name, DataType type,
                                          std::vector<ExpressionPtr> parts,
                                          const plan::Value* options) {
  const Kernel* kernel = find_kernel(name);
  if (kernel == nullptr) return Status::error("MR9002", std::string(name));
  plan::Value owned = options == nullptr ? plan::Value() : *options;
  std::unique_ptr<KernelState> state;
  if (kernel->prepare != nullptr) {
    std::vector<DataType> types;
    types.reserve(parts.size());
    for (const ExpressionPtr& part : parts) types.push_back(part->type());
    MR_TRY_ASSIGN(state, kernel->prepare(options, type, types));
  }
  return ExpressionPtr(std::make_unique<KernelCall>(std::move(type), *kernel, std::move(parts),
                                                    std::move(owned), std::move(state)));
}

Result<ExpressionPtr> compile_call(const plan::Value& value, DataType type, SharedParts* shared) {
  if (shared != nullptr) {
    if (ExpressionPtr found = shared->find(value); found != nullptr) return found;
  }
  MR_TRY_ASSIGN(const std::string_view name, value.string_at("kernel"));
  MR_TRY_ASSIGN(const std::span<const plan::Value> arguments, value.list_at("arguments"));
  std::vector<ExpressionPtr> parts;
  parts.reserve(arguments.size());
  for (const plan::Value& argument : arguments) {
    MR_TRY_ASSIGN(ExpressionPtr part, compile_node(argument, shared));
    parts.push_back(std::move(part));
  }
  if (name == "and") return make_connective(std::move(type), std::move(parts), false);
  if (name == "or") return make_connective(std::move(type), std::move(parts), true);
  if (name == "case" && parts.size() % 2 == 1) {
    return make_case(std::move(type), std::move(parts));
  }
  if (name == "coalesce") return make_coalesce(std::move(type), std::move(parts));
  const plan::Value* options = value.find("options");
  if (name == "field" && parts.size() == 1 && options != nullptr) {
    MR_TRY_ASSIGN(const int64_t index, options->int_at("index"));
    if (index < 0) return Status::error("MR9001", "negative field index");
    return make_field(std::move(type), std::move(parts[0]), static_cast<uint32_t>(index));
  }
  MR_TRY_ASSIGN(ExpressionPtr call,
                compile_kernel_call(name, std::move(type), std::move(parts), options));
  return shared == nullptr ? std::move(call) : shared->shared(value, std::move(call));
}

Result<ExpressionPtr> compile_node(const plan::Value& value, SharedParts* shared) {
  MR_TRY_ASSIGN(const std::string_view kind, value.string_at("kind"));
  MR_TRY_ASSIGN(const plan::Value* const type_value, value.member("type"));
  MR_TRY_ASSIGN(DataType type, plan::decode_type(*type_value));
  if (kind == "column") {
    MR_TRY_ASSIGN(const int64_t index, value.int_at("index"));
    if (index < 0) return Status::error("MR9001", "negative column index");
    return ExpressionPtr(
        std::make_unique<ColumnReference>(std::move(type), static_cast<uint32_t>(index)));
  }
  if (kind == "literal") {
    MR_TRY_ASSIGN(ColumnPtr column, make_literal(type, value.find("value")));
    return ExpressionPtr(std::make_unique<Literal>(std::move(type), std::move(column)));
  }
  if (kind == "call") return compile_call(value, std::move(type), shared);
  return Status::error("MR9001", "unknown kind of expression: " + std::string(kind));
}

}  // namespace

Result<std::unique_ptr<Expression>> compile_expression(const plan::Value& expression) {
  return compile_sharing(expression, nullptr);
}

Result<std::unique_ptr<Expression>> compile_sharing(const plan::Value& expression,
                                                    SharedParts* parts) {
  MR_TRY_ASSIGN(ExpressionPtr inner, compile_node(expression, parts));
  return ExpressionPtr(std::make_unique<LowestFailure>(std::move(inner)));
}

void select_true(const Column& condition, const Selection& selection,
                 std::vector<uint32_t>& rows) {
  rows.clear();
  if (is_null_constant(condition)) return;
  const uint8_t* values = condition.data<uint8_t>();
  if (condition.constant) {
    if (values[0] != 0) for_each_row(selection, [&](uint32_t row) { rows.push_back(row); });
    return;
  }
  rows.resize(size_t{selection.count} + 1);
  uint32_t* to = rows.data();
  size_t found = 0;
  if (condition.validity == nullptr) {
    for_each_row(selection, [&](uint32_t row) {
      to[found] = row;
      found += values[row];
    });
  } else {
    const uint8_t* bits = condition.validity->data();
    for_each_row(selection, [&](uint32_t row) {
      to[found] = row;
      found += values[row] & (bit_is_set(bits, row) ? 1u : 0u);
    });
  }
  rows.resize(found);
}

}  // namespace millrace
