// A decoded plan value (the binary form is described in src/plan/physical/encode.ts) and checked
// access to it. Whatever is missing or of the wrong kind is an MR9001 error, never a crash.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/status.h"
#include "columnar/types.h"

namespace millrace::plan {

class Value {
 public:
  using List = std::vector<Value>;
  using Map = std::vector<std::pair<std::string, Value>>;
  struct Bytes {
    std::string content;
  };
  using Content = std::variant<std::monostate, bool, int64_t, double, std::string, Bytes, List, Map,
                               int128>;

  Value() = default;
  explicit Value(Content content) : content_(std::move(content)) {}

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(content_); }
  [[nodiscard]] const Content& content() const { return content_; }

  // This value as a kind.
  [[nodiscard]] Result<bool> as_bool() const;
  [[nodiscard]] Result<int64_t> as_int() const;
  [[nodiscard]] Result<int128> as_int128() const;  // also of an integer
  [[nodiscard]] Result<double> as_double() const;  // also of an integer
  [[nodiscard]] Result<std::string_view> as_string() const;
  [[nodiscard]] Result<std::string_view> as_bytes() const;
  [[nodiscard]] Result<std::span<const Value>> as_list() const;

  // A member of a map; null when absent.
  [[nodiscard]] const Value* find(std::string_view name) const;
  // A member that must be there.
  [[nodiscard]] Result<const Value*> member(std::string_view name) const;
  [[nodiscard]] Result<bool> bool_at(std::string_view name) const;
  [[nodiscard]] Result<int64_t> int_at(std::string_view name) const;
  [[nodiscard]] Result<std::string_view> string_at(std::string_view name) const;
  [[nodiscard]] Result<std::span<const Value>> list_at(std::string_view name) const;
  [[nodiscard]] Result<std::vector<uint32_t>> indexes_at(std::string_view name) const;
  // Null or absent gives -1.
  [[nodiscard]] Result<int64_t> optional_index_at(std::string_view name) const;

 private:
  Content content_;
};

[[nodiscard]] Result<Value> decode_plan(std::span<const uint8_t> bytes);
[[nodiscard]] Result<Value> decode_value(std::span<const uint8_t> bytes);
// {root: 'DECIMAL', nullable, precision, ...} and [{name, type}, ...] of the plan.
[[nodiscard]] Result<DataType> decode_type(const Value& value);
[[nodiscard]] Result<Schema> decode_schema(const Value& value);

}  // namespace millrace::plan
