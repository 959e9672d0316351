#include "kernels/shared-parts.h"

#include <algorithm>
#include <span>
#include <type_traits>
#include <utility>

#include "kernels/registry.h"

namespace millrace {

// The rows a call was evaluated for last, and their values.
class SharedPart {
 public:
  explicit SharedPart(std::unique_ptr<Expression> inner) : inner_(std::move(inner)) {}

  Result<ColumnPtr> evaluate(const Batch& batch, const Selection& selection,
                             const EvaluationContext& context) {
    if (column_ != nullptr && has_rows(selection)) return column_;
    Result<ColumnPtr> result = inner_->evaluate(batch, selection, context);
    if (!result.is_ok()) return result;
    column_ = result.value();
    is_dense_ = selection.is_dense();
    dense_count_ = selection.count;
    rows_.clear();
    if (!is_dense_) rows_.assign(selection.indexes, selection.indexes + selection.count);
    return result;
  }

  void forget() { column_ = nullptr; }
  [[nodiscard]] const DataType& type() const { return inner_->type(); }

 private:
  [[nodiscard]] bool has_rows(const Selection& asked) const {
    if (asked.count == 0) return true;
    if (is_dense_) return asked[asked.count - 1] < dense_count_;
    if (asked.count > rows_.size()) return false;
    size_t at = 0;
    for (uint32_t i = 0; i < asked.count; ++i) {
      const uint32_t row = asked[i];
      while (at < rows_.size() && rows_[at] < row) ++at;
      if (at == rows_.size() || rows_[at] != row) return false;
    }
    return true;
  }

  std::unique_ptr<Expression> inner_;
  ColumnPtr column_;
  bool is_dense_ = false;
  uint32_t dense_count_ = 0;
  std::vector<uint32_t> rows_;
};

namespace {

class SharedReference final : public Expression {
 public:
  explicit SharedReference(std::shared_ptr<SharedPart> part) : part_(std::move(part)) {}

  Result<ColumnPtr> evaluate(const Batch& batch, const Selection& selection,
                             const EvaluationContext& context) override {
    return part_->evaluate(batch, selection, context);
  }
  [[nodiscard]] const DataType& type() const override { return part_->type(); }

 private:
  std::shared_ptr<SharedPart> part_;
};

// Equal values, equal texts.
void append_text(const plan::Value& value, std::string& to) {
  const auto append_sized = [&to](char kind, std::string_view text) {
    to.append(1, kind).append(std::to_string(text.size())).append(":").append(text);
  };
  std::visit(
      [&](const auto& content) {
        using T = std::decay_t<decltype(content)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          to.append("n");
        } else if constexpr (std::is_same_v<T, std::string>) {
          append_sized('s', content);
        } else if constexpr (std::is_same_v<T, plan::Value::Bytes>) {
          append_sized('b', content.content);
        } else if constexpr (std::is_same_v<T, plan::Value::List>) {
          to.append("[");
          for (const plan::Value& item : content) append_text(item, to);
          to.append("]");
        } else if constexpr (std::is_same_v<T, plan::Value::Map>) {
          to.append("{");
          for (const auto& [name, item] : content) {
            append_sized('k', name);
            append_text(item, to);
          }
          to.append("}");
        } else {
          append_sized(
              static_cast<char>('0' + sizeof(T)),
              std::string_view(reinterpret_cast<const char*>(&content), sizeof(T)));
        }
      },
      value.content());
}

std::string text_of(const plan::Value& value) {
  std::string text;
  append_text(value, text);
  return text;
}

// A call that gives the same for the same row, whenever it is asked.
bool is_repeatable(const plan::Value& value) {
  const Result<std::string_view> kind = value.string_at("kind");
  if (!kind.is_ok() || kind.value() != "call") return true;
  const Result<std::string_view> name = value.string_at("kernel");
  const Result<std::span<const plan::Value>> arguments = value.list_at("arguments");
  if (!name.is_ok() || !arguments.is_ok()) return false;
  const Kernel* kernel = find_kernel(name.value());
  if (kernel != nullptr && kernel->is_volatile) return false;
  return std::all_of(arguments.value().begin(), arguments.value().end(), is_repeatable);
}

}  // namespace

SharedParts::SharedParts() = default;
SharedParts::SharedParts(SharedParts&&) noexcept = default;
SharedParts& SharedParts::operator=(SharedParts&&) noexcept = default;
SharedParts::~SharedParts() = default;

void SharedParts::count(const plan::Value& expression) {
  const Result<std::string_view> kind = expression.string_at("kind");
  if (!kind.is_ok() || kind.value() != "call") return;
  // What stands inside a call that is shared is evaluated once with it.
  if (++counts_[text_of(expression)] > 1) return;
  const Result<std::span<const plan::Value>> arguments = expression.list_at("arguments");
  if (!arguments.is_ok()) return;
  for (const plan::Value& argument : arguments.value()) count(argument);
}

Result<std::unique_ptr<Expression>> SharedParts::compile(const plan::Value& expression) {
  return compile_sharing(expression, this);
}

void SharedParts::forget() {
  for (const auto& [text, part] : parts_) part->forget();
}

std::unique_ptr<Expression> SharedParts::find(const plan::Value& call) const {
  if (parts_.empty()) return nullptr;
  const auto found = parts_.find(text_of(call));
  if (found == parts_.end()) return nullptr;
  return std::make_unique<SharedReference>(found->second);
}

std::unique_ptr<Expression> SharedParts::shared(const plan::Value& call,
                                                std::unique_ptr<Expression> compiled) {
  if (compiled->is_cheap() || !is_repeatable(call)) return compiled;
  std::string text = text_of(call);
  const auto counted = counts_.find(text);
  if (counted == counts_.end() || counted->second < 2) return compiled;
  auto part = std::make_shared<SharedPart>(std::move(compiled));
  parts_.emplace(std::move(text), part);
  return std::make_unique<SharedReference>(std::move(part));
}

}  // namespace millrace
