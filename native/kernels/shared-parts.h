// What several expressions over the same batches have in common is evaluated once: a call that
// stands in them more than once keeps its column until the batch is done, and whoever asks for
// rows that it has gets that column.
//
//     WHERE f(x) IS NOT NULL ... SELECT CASE ... ELSE f(x) END     f runs for the WHERE alone
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "kernels/expression.h"

namespace millrace {

class SharedPart;

class SharedParts {
 public:
  SharedParts();
  SharedParts(SharedParts&&) noexcept;
  SharedParts& operator=(SharedParts&&) noexcept;
  ~SharedParts();

  // Counts the calls of an expression: all expressions before the first is compiled.
  void count(const plan::Value& expression);
  // As compile_expression; `*this` must outlive the result.
  [[nodiscard]] Result<std::unique_ptr<Expression>> compile(const plan::Value& expression);
  // Between two batches: gives up the columns.
  void forget();

  // For the compiler: the call compiled before, or nothing.
  [[nodiscard]] std::unique_ptr<Expression> find(const plan::Value& call) const;
  // For the compiler: the call, shared where it stands in more places and is worth it.
  [[nodiscard]] std::unique_ptr<Expression> shared(const plan::Value& call,
                                                   std::unique_ptr<Expression> compiled);

 private:
  std::unordered_map<std::string, uint32_t> counts_;
  std::unordered_map<std::string, std::shared_ptr<SharedPart>> parts_;
};

// In expression.cpp.
[[nodiscard]] Result<std::unique_ptr<Expression>> compile_sharing(const plan::Value& expression,
                                                                  SharedParts* parts);

}  // namespace millrace
