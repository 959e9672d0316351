// Errors as values. A Status is OK or an error with a code of spec/errors.ts; a Result is a value
// or such an error. Nothing in native/ throws across a function's boundary.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace millrace {

struct ErrorInfo {
  std::string code;    // "MR3001"
  std::string detail;  // the values of this case; the text of the code stands in spec/errors.ts
  int64_t row = -1;    // physical row of the batch, where one row is to blame
  int32_t operator_id = -1;
};

class [[nodiscard]] Status {
 public:
  Status() = default;
  static Status ok() { return {}; }
  static Status error(std::string code, std::string detail, int64_t row = -1) {
    Status status;
    status.error_ = std::make_unique<ErrorInfo>(
        ErrorInfo{std::move(code), std::move(detail), row, -1});
    return status;
  }
  Status(const Status& other)
      : error_(other.error_ ? std::make_unique<ErrorInfo>(*other.error_) : nullptr) {}
  Status& operator=(const Status& other) {
    if (this == &other) return *this;
    error_ = other.error_ ? std::make_unique<ErrorInfo>(*other.error_) : nullptr;
    return *this;
  }
  Status(Status&&) noexcept = default;
  Status& operator=(Status&&) noexcept = default;

  [[nodiscard]] bool is_ok() const { return error_ == nullptr; }
  [[nodiscard]] const ErrorInfo& info() const { return *error_; }
  [[nodiscard]] ErrorInfo& info() { return *error_; }

 private:
  std::unique_ptr<ErrorInfo> error_;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}           // NOLINT: implicit by design
  Result(Status status) : content_(std::move(status)) {}    // NOLINT: implicit by design
  [[nodiscard]] bool is_ok() const { return std::holds_alternative<T>(content_); }
  [[nodiscard]] T& value() { return std::get<T>(content_); }
  [[nodiscard]] const T& value() const { return std::get<T>(content_); }
  [[nodiscard]] Status status() const {
    return is_ok() ? Status::ok() : std::get<Status>(content_);
  }

 private:
  std::variant<T, Status> content_;
};

}  // namespace millrace

// The two macros with a hidden return.
#define MR_TRY(expression)                                      \
  do {                                                          \
    ::millrace::Status mr_status = (expression);                \
    if (!mr_status.is_ok()) [[unlikely]] return mr_status;      \
  } while (false)

#define MR_CONCAT_(a, b) a##b
#define MR_CONCAT(a, b) MR_CONCAT_(a, b)
#define MR_TRY_ASSIGN(target, expression)                                      \
  auto MR_CONCAT(mr_result_, __LINE__) = (expression);                         \
  if (!MR_CONCAT(mr_result_, __LINE__).is_ok()) [[unlikely]]                   \
    return MR_CONCAT(mr_result_, __LINE__).status();                           \
  target = std::move(MR_CONCAT(mr_result_, __LINE__).value())
