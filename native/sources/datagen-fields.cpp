// From the options of a datagen table to what its columns are made of.
#include <algorithm>
#include <cfloat>
#include <cmath>
#include <limits>

#include "formats/text-parse.h"
#include "sources/datagen.h"

namespace millrace::datagen {

namespace {

constexpr int64_t kDefaultLength = 100;
constexpr int64_t kMaxText = 1'000'000;
constexpr double kMaxPastMs = 1e15;

Status invalid(const std::string& name, const std::string& value) {
  return Status::error("MR2008", name + " = " + value);
}

class Compiler {
 public:
  explicit Compiler(const OptionMap& options) : options_(options) {}

  Result<FieldPlan> compile(const std::string& name, const DataType& type) {
    FieldPlan plan;
    plan.type = type;
    plan.draw = next_draw_;
    next_draw_ += kDrawsAField;
    MR_TRY(null_rate(name, plan));
    if (type.root != TypeRoot::kRow) {
      MR_TRY(compile_leaf(name, plan));
      return plan;
    }
    for (const Field& field : type.fields) {
      MR_TRY_ASSIGN(FieldPlan child, compile(name + "." + field.name, field.type));
      plan.children.push_back(std::move(child));
    }
    return plan;
  }

  [[nodiscard]] int64_t rows() const { return rows_; }

 private:
  static std::string key_of(const std::string& name, const char* option) {
    return "fields." + name + "." + option;
  }
  [[nodiscard]] const std::string* find(const std::string& name, const char* option) const {
    return options_.find(key_of(name, option));
  }

  Status null_rate(const std::string& name, FieldPlan& plan) {
    const std::string* text = find(name, "null-rate");
    if (text == nullptr) return Status::ok();
    const bool valid = parse_real(*text, plan.null_rate) && plan.null_rate >= 0 &&
                       plan.null_rate <= 1;
    return valid ? Status::ok() : invalid(key_of(name, "null-rate"), *text);
  }

  Status compile_leaf(const std::string& name, FieldPlan& plan) {
    const std::string* kind = find(name, "kind");
    if (kind != nullptr && *kind == "sequence") return sequence(name, plan);
    if (kind != nullptr && *kind != "random") return invalid(key_of(name, "kind"), *kind);
    switch (plan.type.root) {
      case TypeRoot::kBoolean: plan.kind = Kind::kBoolean; return Status::ok();
      case TypeRoot::kTinyint: return integers(name, plan, int128{1} << 7, 0);
      case TypeRoot::kSmallint: return integers(name, plan, int128{1} << 15, 0);
      case TypeRoot::kInteger: return integers(name, plan, int128{1} << 31, 0);
      case TypeRoot::kBigint: return integers(name, plan, int128{1} << 63, 0);
      case TypeRoot::kDecimal: {
        int128 limit = 1;
        for (int i = 0; i < plan.type.precision; ++i) limit *= 10;
        return integers(name, plan, limit, plan.type.scale);
      }
      case TypeRoot::kFloat:
      case TypeRoot::kDouble: return reals(name, plan);
      case TypeRoot::kChar:
      case TypeRoot::kVarchar:
      case TypeRoot::kBinary:
      case TypeRoot::kVarbinary: return texts(name, plan);
      case TypeRoot::kDate: plan.kind = Kind::kDate; return Status::ok();
      case TypeRoot::kTime: plan.kind = Kind::kTime; return Status::ok();
      case TypeRoot::kTimestamp:
      case TypeRoot::kTimestampLtz: return timestamps(name, plan);
      default: return Status::error("MR2100", "datagen of this type: " + name);
    }
  }

  // A bound of whole numbers, or of a decimal in units of its scale; `value` stays where absent.
  Status bound(const std::string& name, const char* option, int128 least, int128 most, int scale,
               int128& value) {
    const std::string* text = find(name, option);
    if (text == nullptr) return Status::ok();
    bool fits = true;
    if (scale == 0) {
      int64_t number = 0;
      fits = parse_integer(*text, std::numeric_limits<int64_t>::min(),
                           std::numeric_limits<int64_t>::max(), number);
      value = number;
    } else if (!parse_decimal(*text, 38, scale, value, fits)) {
      fits = false;
    }
    const bool valid = fits && value >= least && value <= most;
    return valid ? Status::ok() : invalid(key_of(name, option), *text);
  }

  // `limit`: two's complement types reach from -limit to limit - 1, decimals to both sides less.
  Status integers(const std::string& name, FieldPlan& plan, int128 limit, int scale) {
    plan.kind = Kind::kInteger;
    const bool decimal = plan.type.root == TypeRoot::kDecimal;
    const int128 least = decimal ? -(limit - 1) : -limit, most = limit - 1;
    int128 max = most;
    plan.min = least;
    MR_TRY(bound(name, "min", least, most, scale, plan.min));
    MR_TRY(bound(name, "max", least, most, scale, max));
    if (max < plan.min) return invalid(key_of(name, "max"), options_.text(key_of(name, "max"), ""));
    plan.range = static_cast<uint128>(max) - static_cast<uint128>(plan.min) + 1;
    return Status::ok();
  }

  Status reals(const std::string& name, FieldPlan& plan) {
    plan.kind = Kind::kReal;
    const double limit = plan.type.root == TypeRoot::kFloat ? FLT_MAX : DBL_MAX;
    plan.real_min = -limit;
    plan.real_max = limit;
    struct Row {
      const char* option;
      double* target;
    };
    for (const Row& row : {Row{"min", &plan.real_min}, Row{"max", &plan.real_max}}) {
      const std::string* text = find(name, row.option);
      if (text == nullptr) continue;
      const bool valid = parse_real(*text, *row.target) && std::abs(*row.target) <= limit;
      if (!valid) return invalid(key_of(name, row.option), *text);
    }
    if (plan.real_max >= plan.real_min) return Status::ok();
    return invalid(key_of(name, "max"), options_.text(key_of(name, "max"), ""));
  }

  Status texts(const std::string& name, FieldPlan& plan) {
    plan.kind = Kind::kText;
    const bool unbounded = plan.type.length == 2'147'483'647;
    plan.length = unbounded ? kDefaultLength : plan.type.length;
    int64_t length = 0;
    const std::string* text = find(name, "length");
    if (text != nullptr) {
      if (!parse_integer(*text, 1, kMaxText, length)) return invalid(key_of(name, "length"), *text);
      plan.length = static_cast<uint32_t>(length);
    }
    MR_TRY_ASSIGN(plan.variable, options_.flag(key_of(name, "var-len"), false));
    return Status::ok();
  }

  Status timestamps(const std::string& name, FieldPlan& plan) {
    plan.kind = Kind::kTimestamp;
    const std::string* text = find(name, "max-past");
    if (text == nullptr) return Status::ok();
    double millis = 0;
    if (!parse_duration_ms(*text, millis) || millis > kMaxPastMs) {
      return invalid(key_of(name, "max-past"), *text);
    }
    plan.max_past_ms = static_cast<int64_t>(millis);
    return Status::ok();
  }

  Status sequence(const std::string& name, FieldPlan& plan) {
    plan.kind = Kind::kSequence;
    int bits = 63;
    switch (plan.type.root) {
      case TypeRoot::kTinyint: bits = 7; break;
      case TypeRoot::kSmallint: bits = 15; break;
      case TypeRoot::kInteger: bits = 31; break;
      case TypeRoot::kBigint: case TypeRoot::kFloat: case TypeRoot::kDouble:
      case TypeRoot::kDecimal: case TypeRoot::kChar: case TypeRoot::kVarchar: break;
      default: return Status::error("MR2100", "sequence of this type: " + name);
    }
    const int128 limit = int128{1} << bits;
    for (const char* option : {"start", "end"}) {
      if (find(name, option) == nullptr) return Status::error("MR2009", key_of(name, option));
    }
    int128 end = 0;
    MR_TRY(bound(name, "start", -limit, limit - 1, 0, plan.min));
    MR_TRY(bound(name, "end", -limit, limit - 1, 0, end));
    const int128 count = end < plan.min ? 0 : end - plan.min + 1;
    rows_ = std::min<int64_t>(rows_, count > kMaxRows ? kMaxRows : static_cast<int64_t>(count));
    return Status::ok();
  }

  // Flink's durations: `2 s`, `500ms`, `1 min`; a bare number is ms.
  static bool parse_duration_ms(const std::string& option, double& millis) {
    struct Unit {
      std::string_view name;
      double ms;
    };
    constexpr Unit kUnits[] = {
        {"", 1}, {"d", 864e5}, {"day", 864e5}, {"h", 36e5}, {"hour", 36e5}, {"m", 6e4},
        {"min", 6e4}, {"minute", 6e4}, {"s", 1e3}, {"sec", 1e3}, {"second", 1e3}, {"ms", 1},
        {"milli", 1}, {"millisecond", 1}, {"us", 1e-3}, {"µs", 1e-3}, {"micro", 1e-3},
        {"microsecond", 1e-3}, {"ns", 1e-6}, {"nano", 1e-6}, {"nanosecond", 1e-6},
    };
    std::string text(java_trim(option));
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || text.empty()) return false;
    std::string_view unit = text;
    unit.remove_prefix(std::min(digits, text.size()));
    while (unit.starts_with(' ')) unit.remove_prefix(1);
    const std::string number = text.substr(0, digits);
    for (const Unit& row : kUnits) {
      const bool plural = !row.name.empty() && unit.size() == row.name.size() + 1 &&
                          unit.ends_with('s') && unit.starts_with(row.name);
      if (unit != row.name && !plural) continue;
      if (!parse_real(number, millis)) return false;
      millis *= row.ms;
      return true;
    }
    return false;
  }

  const OptionMap& options_;
  uint32_t next_draw_ = 0;
  int64_t rows_ = kMaxRows;
};

std::string joined(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& step : path) text += (text.empty() ? "" : ".") + step;
  return text;
}

Result<FieldPlan> find_field(const SourceSpec& spec, const std::vector<FieldPlan>& table,
                             const SourceColumn& column) {
  const auto unknown = [&] { return Status::error("MR2002", joined(column.path)); };
  const Schema* fields = &spec.table_schema;
  const std::vector<FieldPlan>* plans = &table;
  std::vector<std::pair<uint32_t, double>> above;
  const FieldPlan* found = nullptr;
  for (const std::string& name : column.path) {
    if (found != nullptr) {
      if (found->kind != Kind::kRow) return unknown();
      above.emplace_back(found->draw, found->null_rate);
      fields = &found->type.fields;
      plans = &found->children;
    }
    const auto at = std::find_if(fields->begin(), fields->end(),
                                 [&](const Field& field) { return field.name == name; });
    if (at == fields->end()) return unknown();
    found = &(*plans)[static_cast<size_t>(at - fields->begin())];
  }
  FieldPlan plan = *found;
  plan.above = std::move(above);
  return plan;
}

}  // namespace

Result<std::vector<FieldPlan>> plan_fields(const SourceSpec& spec, int64_t& rows) {
  Compiler compiler(spec.options);
  std::vector<FieldPlan> table, columns;
  for (const Field& field : spec.table_schema) {
    MR_TRY_ASSIGN(FieldPlan plan, compiler.compile(field.name, field.type));
    table.push_back(std::move(plan));
  }
  for (const SourceColumn& column : spec.columns) {
    MR_TRY_ASSIGN(FieldPlan plan, find_field(spec, table, column));
    columns.push_back(std::move(plan));
  }
  rows = std::min(rows, compiler.rows());
  return columns;
}

}  // namespace millrace::datagen
