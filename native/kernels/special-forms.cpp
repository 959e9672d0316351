#include "kernels/special-forms.h"

#include <cstring>
#include <numeric>

#include "columnar/take.h"
#include "kernels/loops.h"
#include "kernels/validity.h"

namespace millrace {

namespace {

Selection selection_of(const std::vector<uint32_t>& rows) {
  return {rows.data(), static_cast<uint32_t>(rows.size())};
}

// The rows of a selection as indexes, into `rows`.
void spell_out(const Selection& selection, std::vector<uint32_t>& rows) {
  rows.resize(selection.count);
  if (selection.is_dense()) {
    std::iota(rows.begin(), rows.end(), 0u);
  } else {
    std::memcpy(rows.data(), selection.indexes, size_t{selection.count} * sizeof(uint32_t));
  }
}

template <typename T>
void copy_rows(const Column& from, const Selection& selection, Column& to) {
  unary_loop<T, T>(from, selection, to, [](const T& value) { return value; });
}

void copy_nulls(const Column& from, const Selection& selection, Column& to) {
  if (from.validity == nullptr && from.physical != Physical::kNull) return;
  for_each_row(selection, [&](uint32_t row) {
    if (from.is_null(row)) to.set_null(row);
  });
}

// Takes the selected lists of `from`; its items go behind those that `to` has.
void assign_lists(const Column& from, const Selection& selection, Column& to) {
  const uint32_t offset = to.children[0]->length;
  for (size_t i = 0; i < to.children.size(); ++i) {
    const Column& items = *from.children[i];
    const ColumnPiece pieces[] = {{to.children[i].get(), {nullptr, offset}},
                                  {&items, {nullptr, items.length}}};
    to.children[i] = offset == 0 ? from.children[i] : gather(pieces);
  }
  const Range* ranges = from.data<Range>();
  Range* out = to.data<Range>();
  for_each_row(selection, [&](uint32_t row) {
    const Range& range = ranges[from.at(row)];
    out[row] = {range.start + offset, range.length};
  });
}

Status assign(const Column& from, const Selection& selection, Column& to);

// The fields of a constant row are constants, whether they say so or not.
Status assign_fields(const Column& from, const Selection& selection, Column& to) {
  for (size_t i = 0; i < to.children.size(); ++i) {
    const Column& field = *from.children[i];
    if (!from.constant || field.constant) {
      MR_TRY(assign(field, selection, *to.children[i]));
      continue;
    }
    Column one = field;
    one.constant = true;
    MR_TRY(assign(one, selection, *to.children[i]));
  }
  return Status::ok();
}

// Takes the selected rows of `from` into `to`, a flat column of the same physical form.
Status assign(const Column& from, const Selection& selection, Column& to) {
  if (selection.count == 0) return Status::ok();
  copy_nulls(from, selection, to);
  if (from.physical == Physical::kNull || is_null_constant(from)) return Status::ok();
  to.owners.insert(to.owners.end(), from.owners.begin(), from.owners.end());
  switch (physical_width(to.physical)) {
    case 1: copy_rows<uint8_t>(from, selection, to); return Status::ok();
    case 2: copy_rows<uint16_t>(from, selection, to); return Status::ok();
    case 4: copy_rows<uint32_t>(from, selection, to); return Status::ok();
    case 16: copy_rows<int128>(from, selection, to); return Status::ok();
    case 8:
      if (is_list(to.physical)) {
        assign_lists(from, selection, to);
      } else {
        copy_rows<uint64_t>(from, selection, to);
      }
      return Status::ok();
    default: return assign_fields(from, selection, to);
  }
}

// Rows of `candidates` for which a BOOLEAN is TRUE go to `taken`, the others stay, both in order.
void split(const Column& condition, std::vector<uint32_t>& candidates,
           std::vector<uint32_t>& taken) {
  const uint8_t* values = condition.data<uint8_t>();
  const size_t count = candidates.size();
  taken.resize(count);
  size_t kept = 0;
  size_t found = 0;
  for (size_t i = 0; i < count; ++i) {
    const uint32_t row = candidates[i];
    const bool is_true = !condition.is_null(row) && values[condition.at(row)] != 0;
    taken[found] = row;
    candidates[kept] = row;
    found += is_true ? 1 : 0;
    kept += is_true ? 0 : 1;
  }
  taken.resize(found);
  candidates.resize(kept);
}

//     AND    T  F  U        OR    T  F  U
//      T     T  F  U         T    T  T  T
//      F     F  F  F         F    T  F  U
//      U     U  F  U         U    T  U  U
class Connective : public Expression {
 public:
  Connective(DataType type, std::vector<ExpressionPtr> parts, bool absorbing)
      : type_(std::move(type)), parts_(std::move(parts)), absorbing_(absorbing) {
    is_eager_ = true;
    for (const ExpressionPtr& part : parts_) is_eager_ = is_eager_ && part->is_cheap();
  }

  Result<ColumnPtr> evaluate(const Batch& batch, const Selection& selection,
                             const EvaluationContext& context) override {
    ColumnPtr out = make_column(type_, batch.row_count);
    if (selection.count == 0) return out;
    fill(selection, *out);
    spell_out(selection, rest_);
    for (size_t i = 0; i < parts_.size() && !rest_.empty(); ++i) {
      const bool is_all = rest_.size() == selection.count;
      const Selection& rows = is_all ? selection : (rest_view_ = selection_of(rest_));
      MR_TRY_ASSIGN(const ColumnPtr part, parts_[i]->evaluate(batch, rows, context));
      if (i == 0 && is_eager_) {
        MR_TRY_ASSIGN(ColumnPtr eager, evaluate_eagerly(part, batch, selection, context));
        if (eager != nullptr) return eager;
      }
      settle(*part, *out);
    }
    return out;
  }

  [[nodiscard]] const DataType& type() const override { return type_; }
  [[nodiscard]] bool is_cheap() const override { return is_eager_; }

 private:
  void fill(const Selection& selection, Column& out) const {
    uint8_t* values = out.data<uint8_t>();
    const uint8_t value = absorbing_ ? 0 : 1;
    if (selection.is_dense()) {
      std::memset(values, value, selection.count);
    } else {
      for_each_row(selection, [&](uint32_t row) { values[row] = value; });
    }
  }

  // Parts that cannot fail and cost little, over dense rows without nulls: all parts are evaluated
  // and joined byte by byte. Null where this is not such a case.
  Result<ColumnPtr> evaluate_eagerly(const ColumnPtr& first, const Batch& batch,
                                     const Selection& selection,
                                     const EvaluationContext& context) {
    if (!selection.is_dense() || first->constant || first->validity != nullptr) return ColumnPtr();
    ColumnPtr left = first;
    for (size_t i = 1; i < parts_.size(); ++i) {
      MR_TRY_ASSIGN(const ColumnPtr right, parts_[i]->evaluate(batch, selection, context));
      if (right->validity != nullptr || right->physical == Physical::kNull) return ColumnPtr();
      ColumnPtr joined = make_column(type_, batch.row_count);
      if (absorbing_) {
        binary_loop<uint8_t, uint8_t, uint8_t>(
            *left, *right, selection, *joined,
            [](uint8_t a, uint8_t b) { return static_cast<uint8_t>(a | b); });
      } else {
        binary_loop<uint8_t, uint8_t, uint8_t>(
            *left, *right, selection, *joined,
            [](uint8_t a, uint8_t b) { return static_cast<uint8_t>(a & b); });
      }
      left = std::move(joined);
    }
    return left;
  }

  // Rows where the part absorbs are done; those where it is NULL are NULL unless a later part
  // absorbs.
  void settle(const Column& part, Column& out) {
    const bool is_null_type = part.physical == Physical::kNull;
    uint8_t* values = out.data<uint8_t>();
    const uint8_t absorbing = absorbing_ ? 1 : 0;
    size_t kept = 0;
    for (const uint32_t row : rest_) {
      const bool is_null = is_null_type || part.is_null(row);
      if (is_null) out.set_null(row);
      const bool is_done = !is_null && part.data<uint8_t>()[part.at(row)] == absorbing;
      if (is_done) {
        values[row] = absorbing;
        if (out.validity != nullptr) set_bit(out.validity->data(), row);
      } else {
        rest_[kept++] = row;
      }
    }
    rest_.resize(kept);
  }

  DataType type_;
  std::vector<ExpressionPtr> parts_;
  bool absorbing_;
  bool is_eager_ = false;
  std::vector<uint32_t> rest_;
  Selection rest_view_;
};

class Case : public Expression {
 public:
  Case(DataType type, std::vector<ExpressionPtr> parts)
      : type_(std::move(type)), parts_(std::move(parts)) {}

  Result<ColumnPtr> evaluate(const Batch& batch, const Selection& selection,
                             const EvaluationContext& context) override {
    ColumnPtr out = make_column(type_, batch.row_count);
    spell_out(selection, rest_);
    for (size_t i = 0; i + 1 < parts_.size() && !rest_.empty(); i += 2) {
      MR_TRY_ASSIGN(const ColumnPtr when, parts_[i]->evaluate(batch, view(rest_), context));
      if (when->physical == Physical::kNull) continue;
      split(*when, rest_, taken_);
      if (taken_.empty()) continue;
      MR_TRY_ASSIGN(ColumnPtr then, parts_[i + 1]->evaluate(batch, view(taken_), context));
      if (taken_.size() == selection.count && then->physical == out->physical) return then;
      MR_TRY(assign(*then, view(taken_), *out));
    }
    if (rest_.empty()) return out;
    MR_TRY_ASSIGN(ColumnPtr otherwise, parts_.back()->evaluate(batch, view(rest_), context));
    if (rest_.size() == selection.count && otherwise->physical == out->physical) return otherwise;
    MR_TRY(assign(*otherwise, view(rest_), *out));
    return out;
  }

  [[nodiscard]] const DataType& type() const override { return type_; }

 private:
  static Selection view(const std::vector<uint32_t>& rows) { return selection_of(rows); }

  DataType type_;
  std::vector<ExpressionPtr> parts_;
  std::vector<uint32_t> rest_;
  std::vector<uint32_t> taken_;
};

class Coalesce : public Expression {
 public:
  Coalesce(DataType type, std::vector<ExpressionPtr> parts)
      : type_(std::move(type)), parts_(std::move(parts)) {}

  Result<ColumnPtr> evaluate(const Batch& batch, const Selection& selection,
                             const EvaluationContext& context) override {
    ColumnPtr out = make_column(type_, batch.row_count);
    spell_out(selection, rest_);
    for (const ExpressionPtr& part : parts_) {
      if (rest_.empty()) break;
      const bool is_all = rest_.size() == selection.count;
      const Selection rows = is_all ? selection : selection_of(rest_);
      MR_TRY_ASSIGN(ColumnPtr column, part->evaluate(batch, rows, context));
      if (is_null_constant(*column)) continue;
      if (is_all && column->validity == nullptr && column->physical == out->physical) {
        return column;
      }
      take_present(*column);
      MR_TRY(assign(*column, selection_of(taken_), *out));
    }
    for (const uint32_t row : rest_) out->set_null(row);
    return out;
  }

  [[nodiscard]] const DataType& type() const override { return type_; }

 private:
  void take_present(const Column& column) {
    taken_.clear();
    size_t kept = 0;
    for (const uint32_t row : rest_) {
      if (column.is_null(row)) {
        rest_[kept++] = row;
      } else {
        taken_.push_back(row);
      }
    }
    rest_.resize(kept);
  }

  DataType type_;
  std::vector<ExpressionPtr> parts_;
  std::vector<uint32_t> rest_;
  std::vector<uint32_t> taken_;
};

class FieldAccess : public Expression {
 public:
  FieldAccess(DataType type, ExpressionPtr row, uint32_t index)
      : type_(std::move(type)), row_(std::move(row)), index_(index) {}

  Result<ColumnPtr> evaluate(const Batch& batch, const Selection& selection,
                             const EvaluationContext& context) override {
    MR_TRY_ASSIGN(const ColumnPtr row, row_->evaluate(batch, selection, context));
    if (is_null_constant(*row)) return make_null_constant(type_);
    if (index_ >= row->children.size()) return Status::error("MR9001", "no such field of a row");
    const ColumnPtr& field = row->children[index_];
    if (row->validity == nullptr && row->constant == field->constant) return field;
    auto result = std::make_shared<Column>(*field);
    result->constant = row->constant || field->constant;
    if (row->validity == nullptr || row->constant) return result;
    if (field->constant) return Status::error("MR9001", "constant field of a flat row");
    const Column* both[] = {row.get(), field.get()};
    result->validity = intersect_validity(both, field->length);
    return result;
  }

  [[nodiscard]] const DataType& type() const override { return type_; }

 private:
  DataType type_;
  ExpressionPtr row_;
  uint32_t index_;
};

}  // namespace

ExpressionPtr make_connective(DataType type, std::vector<ExpressionPtr> parts, bool absorbing) {
  return std::make_unique<Connective>(std::move(type), std::move(parts), absorbing);
}

ExpressionPtr make_case(DataType type, std::vector<ExpressionPtr> parts) {
  return std::make_unique<Case>(std::move(type), std::move(parts));
}

ExpressionPtr make_coalesce(DataType type, std::vector<ExpressionPtr> parts) {
  return std::make_unique<Coalesce>(std::move(type), std::move(parts));
}

ExpressionPtr make_field(DataType type, ExpressionPtr row, uint32_t index) {
  return std::make_unique<FieldAccess>(std::move(type), std::move(row), index);
}

}  // namespace millrace
