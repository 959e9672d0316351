#include "operators/constrained-sink.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "operators/text-fit.h"

namespace millrace {
namespace {

// What is looked at inside columns.
enum class Nested : uint8_t { kNone, kRows, kCollections };

// What values of another length than their type's do.
enum class Lengths : uint8_t { kIgnore, kTrimPad, kError };

struct Constraints {
  std::vector<uint32_t> not_null;
  bool drops = false;
  Lengths lengths = Lengths::kIgnore;
  Nested nested = Nested::kNone;
};

// Texts cut and filled up, also those of the fields of rows where it is asked for.
ColumnPtr fit_column(const ColumnPtr& column, const Selection& rows, const DataType& type,
                     bool looks_inside) {
  if (is_bounded(type)) return fit_texts(column, rows, type);
  if (!looks_inside || type.root != TypeRoot::kRow) return column;
  const Selection inside = column->constant ? Selection{nullptr, 1} : rows;
  std::vector<ColumnPtr> children;
  bool is_same = true;
  for (size_t i = 0; i < column->children.size(); ++i) {
    children.push_back(fit_column(column->children[i], inside, type.fields[i].type, true));
    is_same = is_same && children.back() == column->children[i];
  }
  if (is_same) return column;
  auto fitted = std::make_shared<Column>(*column);
  fitted->children = std::move(children);
  return fitted;
}

std::string index_name(uint32_t index) {
  std::string name = "[";
  name += std::to_string(index);
  name += ']';
  return name;
}

// Finds what is wrong with a row. The order is Flink's: of the fields of a row first NULLs, then
// texts, then bytes, then what is inside rows, then inside arrays, then inside maps.
class ConstraintWalk {
 public:
  explicit ConstraintWalk(const Constraints& check) : check_(check) {}

  // The code of the violation, "" where there is none; `detail` is then what the error says.
  const char* code = "";
  std::string detail;

  bool lengths(const Schema& fields, const std::vector<ColumnPtr>& columns, uint32_t row,
               const std::string& prefix) {
    if (check_.lengths != Lengths::kError) return false;
    for (const Physical physical : {Physical::kString, Physical::kBytes}) {
      for (size_t i = 0; i < fields.size(); ++i) {
        const auto& [name, type] = fields[i];
        if (columns[i]->physical != physical || !is_bounded(type)) continue;
        const int64_t size = wrong_length(*columns[i], row, type);
        if (size < 0) continue;
        code = "MR3033";
        detail = prefix;
        detail.append(name).append(" is ").append(bounded_type_name(type)).append(", value has ");
        detail.append(std::to_string(size));
        return true;
      }
    }
    return false;
  }

  bool inside(const Schema& fields, const std::vector<ColumnPtr>& columns, uint32_t row,
              const std::string& prefix) {
    if (check_.nested == Nested::kNone) return false;
    for (const TypeRoot root : {TypeRoot::kRow, TypeRoot::kArray, TypeRoot::kMap}) {
      if (root != TypeRoot::kRow && check_.nested != Nested::kCollections) break;
      for (size_t i = 0; i < fields.size(); ++i) {
        const auto& [name, type] = fields[i];
        if (type.root != root || columns[i]->is_null(row)) continue;
        if (value(*columns[i], row, type, prefix + name)) return true;
      }
    }
    return false;
  }

  bool is_null(std::string name) {
    code = "MR3004";
    detail = std::move(name);
    return true;
  }

 private:
  // `row.field`, `array[0]`, `map[key]`.
  bool value(const Column& column, uint32_t row, const DataType& type, const std::string& path) {
    const uint32_t at = column.at(row);
    if (type.root == TypeRoot::kRow) {
      return fields(type.fields, column.children, at, path + ".");
    }
    const bool is_array = type.root == TypeRoot::kArray;
    const Range range = column.data<Range>()[at];
    Schema items = type.fields;
    if (!is_array) items[0].name = "[key]";
    if (!is_array) items[1].name = "[value]";
    for (uint32_t k = 0; k < range.length; ++k) {
      if (is_array) items[0].name = index_name(k);
      if (fields(items, column.children, range.start + k, path)) return true;
    }
    return false;
  }

  bool fields(const Schema& fields, const std::vector<ColumnPtr>& columns, uint32_t row,
              const std::string& prefix) {
    for (size_t i = 0; i < fields.size(); ++i) {
      const bool is_wrong = !fields[i].type.nullable && columns[i]->is_null(row);
      if (is_wrong) return is_null(prefix + fields[i].name);
    }
    return lengths(fields, columns, row, prefix) || inside(fields, columns, row, prefix);
  }

  const Constraints& check_;
};

class ConstrainedSink final : public Operator {
 public:
  ConstrainedSink(OperatorPtr sink, Constraints check, Schema schema)
      : sink_(std::move(sink)), check_(std::move(check)), schema_(std::move(schema)) {
    for (const Field& field : schema_) {
      const bool is_inside = check_.nested != Nested::kNone && !field.type.fields.empty();
      const bool is_length = check_.lengths == Lengths::kError && is_bounded(field.type);
      looks_at_all_ = looks_at_all_ || is_inside || is_length;
    }
  }

  Status process(Batch batch, uint32_t input, Output& output) override {
    MR_TRY(check(batch));
    return sink_->process(std::move(batch), input, output);
  }

  Status prepare_barrier(Output& output) override { return sink_->prepare_barrier(output); }
  Status finish(Output& output) override { return sink_->finish(output); }
  [[nodiscard]] int64_t deadline_ms() const override { return sink_->deadline_ms(); }
  Status on_clock(int64_t now_ms, Output& output) override {
    return sink_->on_clock(now_ms, output);
  }
  Status checkpoint_complete() override { return sink_->checkpoint_complete(); }
  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    return sink_->state_tables();
  }
  Result<Batch> snapshot(const StateTable& table) override { return sink_->snapshot(table); }
  Status restore(const StateTable& table, const Batch& content) override {
    return sink_->restore(table, content);
  }
  [[nodiscard]] OperatorStats stats() const override { return sink_->stats(); }

 private:
  // Makes values fit, and leaves the rows without a violation selected, or fails with the lowest
  // row that has one.
  Status check(Batch& batch) {
    const Selection rows = batch.selection();
    fit(batch, rows);
    suspects_.clear();
    for (const uint32_t index : check_.not_null) {
      const Column& column = *batch.columns[index];
      const bool has_nulls = column.validity != nullptr || column.physical == Physical::kNull;
      if (has_nulls) suspects_.push_back(index);
    }
    if (suspects_.empty() && !looks_at_all_) return Status::ok();
    auto kept = std::make_shared<std::vector<uint32_t>>();
    kept->reserve(rows.count);
    ConstraintWalk walk(check_);
    for (uint32_t i = 0; i < rows.count; ++i) {
      if (!violates(walk, batch, rows[i])) {
        kept->push_back(rows[i]);
      } else if (std::string_view(walk.code) != "MR3004" || !check_.drops) {
        return Status::error(walk.code, walk.detail, rows[i]);
      }
    }
    if (kept->size() < rows.count) batch.selected = std::move(kept);
    return Status::ok();
  }

  void fit(Batch& batch, const Selection& rows) {
    if (check_.lengths != Lengths::kTrimPad) return;
    for (size_t i = 0; i < batch.columns.size(); ++i) {
      batch.columns[i] = fit_column(batch.columns[i], rows, schema_[i].type,
                                    check_.nested != Nested::kNone);
    }
  }

  bool violates(ConstraintWalk& walk, const Batch& batch, uint32_t row) {
    for (const uint32_t index : suspects_) {
      if (batch.columns[index]->is_null(row)) return walk.is_null(schema_[index].name);
    }
    if (!looks_at_all_) return false;
    return walk.lengths(schema_, batch.columns, row, "") ||
           walk.inside(schema_, batch.columns, row, "");
  }

  OperatorPtr sink_;
  Constraints check_;
  Schema schema_;
  bool looks_at_all_ = false;        // whether or not columns have NULLs
  std::vector<uint32_t> suspects_;  // the columns of the batch at hand that may hold a NULL
};

}  // namespace

Result<OperatorPtr> with_constraints(OperatorPtr sink, const PlanNode& node) {
  const plan::Value* value = node.value->find("constraints");
  if (value == nullptr) return sink;
  Constraints check;
  MR_TRY_ASSIGN(check.not_null, value->indexes_at("notNull"));
  for (const uint32_t column : check.not_null) {
    if (column >= node.schema.size()) return Status::error("MR9001", "NOT NULL column of a sink");
  }
  MR_TRY_ASSIGN(check.drops, value->bool_at("drops"));
  if (value->find("nested") != nullptr) {
    MR_TRY_ASSIGN(const std::string_view inside, value->string_at("nested"));
    check.nested = inside == "collections" ? Nested::kCollections : Nested::kRows;
  }
  if (value->find("lengths") != nullptr) {
    MR_TRY_ASSIGN(const std::string_view lengths, value->string_at("lengths"));
    check.lengths = lengths == "error" ? Lengths::kError : Lengths::kTrimPad;
  }
  return OperatorPtr(
      std::make_unique<ConstrainedSink>(std::move(sink), std::move(check), node.schema));
}

}  // namespace millrace
