#include "sources/source-spec.h"

#include <algorithm>
#include <charconv>

namespace millrace {

const std::string* OptionMap::find(std::string_view name) const {
  for (const auto& [key, value] : entries) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::string OptionMap::text(std::string_view name, std::string_view fallback) const {
  const std::string* value = find(name);
  return value == nullptr ? std::string(fallback) : *value;
}

static Status invalid_option(std::string_view name, std::string_view value) {
  return Status::error("MR2008", std::string(name) + " = " + std::string(value));
}

Result<int64_t> OptionMap::integer(std::string_view name, int64_t fallback, int64_t least,
                                   int64_t most) const {
  const std::string* text = find(name);
  if (text == nullptr) return fallback;
  int64_t value = 0;
  const char* end = text->data() + text->size();
  const auto [stop, code] = std::from_chars(text->data(), end, value);
  if (code != std::errc{} || stop != end || value < least || value > most) {
    return invalid_option(name, *text);
  }
  return value;
}

static bool equals_ignoring_case(std::string_view a, std::string_view lower) {
  if (a.size() != lower.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    const char c = a[i] >= 'A' && a[i] <= 'Z' ? static_cast<char>(a[i] + 32) : a[i];
    if (c != lower[i]) return false;
  }
  return true;
}

Result<bool> OptionMap::flag(std::string_view name, bool fallback) const {
  const std::string* text = find(name);
  if (text == nullptr) return fallback;
  if (equals_ignoring_case(*text, "true")) return true;
  if (equals_ignoring_case(*text, "false")) return false;
  return invalid_option(name, *text);
}

Result<OptionMap> decode_options(const plan::Value* value) {
  OptionMap options;
  if (value == nullptr || value->is_null()) return options;
  const auto* members = std::get_if<plan::Value::Map>(&value->content());
  if (members == nullptr) return Status::error("MR9001", "options are not a map");
  for (const auto& [name, member] : *members) {
    MR_TRY_ASSIGN(const std::string_view text, member.as_string());
    options.entries.emplace_back(name, std::string(text));
  }
  return options;
}

static Status decode_bound(const plan::Value* value, std::optional<int64_t>& number,
                           std::optional<std::string>& text) {
  if (value == nullptr) return Status::ok();
  if (const auto* characters = std::get_if<std::string>(&value->content())) {
    text = *characters;
    return Status::ok();
  }
  MR_TRY_ASSIGN(number, value->as_int());
  return Status::ok();
}

static Result<SourceColumn> decode_column(const plan::Value& value) {
  SourceColumn column;
  MR_TRY_ASSIGN(const auto path, value.list_at("path"));
  for (const plan::Value& step : path) {
    MR_TRY_ASSIGN(const std::string_view name, step.as_string());
    column.path.emplace_back(name);
  }
  if (column.path.empty()) return Status::error("MR9001", "a source column has no path");
  MR_TRY_ASSIGN(const plan::Value* type, value.member("type"));
  MR_TRY_ASSIGN(column.type, plan::decode_type(*type));
  if (value.find("from") != nullptr) {
    MR_TRY_ASSIGN(const std::string_view from, value.string_at("from"));
    column.from = from;
  }
  if (const plan::Value* bounds = value.find("bounds")) {
    MR_TRY(decode_bound(bounds->find("least"), column.bounds.least, column.bounds.least_text));
    MR_TRY(decode_bound(bounds->find("most"), column.bounds.most, column.bounds.most_text));
  }
  return column;
}

Result<SourceSpec> decode_source_spec(const plan::Value& node) {
  SourceSpec spec;
  MR_TRY_ASSIGN(spec.connector, node.string_at("connector"));
  MR_TRY_ASSIGN(spec.table, node.string_at("table"));
  MR_TRY_ASSIGN(spec.options, decode_options(node.find("options")));
  const plan::Value* format = node.find("format");
  if (format != nullptr && !format->is_null()) {
    MR_TRY_ASSIGN(spec.format, format->string_at("name"));
    MR_TRY_ASSIGN(spec.format_options, decode_options(format->find("options")));
  }
  MR_TRY_ASSIGN(const plan::Value* schema, node.member("tableSchema"));
  MR_TRY_ASSIGN(spec.table_schema, plan::decode_schema(*schema));
  MR_TRY_ASSIGN(const auto columns, node.list_at("columns"));
  for (const plan::Value& column : columns) {
    MR_TRY_ASSIGN(SourceColumn decoded, decode_column(column));
    spec.columns.push_back(std::move(decoded));
  }
  return spec;
}

Result<uint32_t> scan_parallelism(const OptionMap& options, uint32_t parallelism) {
  constexpr int64_t kMaxParallelism = 32'768;
  MR_TRY_ASSIGN(const int64_t asked,
                options.integer("scan.parallelism", parallelism, 1, kMaxParallelism));
  return std::min(parallelism, static_cast<uint32_t>(asked));
}

}  // namespace millrace
