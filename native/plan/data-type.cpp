// Types and schemas of the encoded plan (src/types/data-type.ts).
#include <array>

#include "plan/encode.h"
#include "plan/value.h"

namespace millrace::plan {
namespace {

constexpr int kMaxTypeDepth = 64;

struct RootName {
  std::string_view name;
  TypeRoot root;
};

constexpr std::array kRoots = {
    RootName{"NULL", TypeRoot::kNull},
    RootName{"BOOLEAN", TypeRoot::kBoolean},
    RootName{"TINYINT", TypeRoot::kTinyint},
    RootName{"SMALLINT", TypeRoot::kSmallint},
    RootName{"INTEGER", TypeRoot::kInteger},
    RootName{"BIGINT", TypeRoot::kBigint},
    RootName{"FLOAT", TypeRoot::kFloat},
    RootName{"DOUBLE", TypeRoot::kDouble},
    RootName{"DECIMAL", TypeRoot::kDecimal},
    RootName{"CHAR", TypeRoot::kChar},
    RootName{"VARCHAR", TypeRoot::kVarchar},
    RootName{"BINARY", TypeRoot::kBinary},
    RootName{"VARBINARY", TypeRoot::kVarbinary},
    RootName{"DATE", TypeRoot::kDate},
    RootName{"TIME", TypeRoot::kTime},
    RootName{"TIMESTAMP", TypeRoot::kTimestamp},
    RootName{"TIMESTAMP_LTZ", TypeRoot::kTimestampLtz},
    RootName{"INTERVAL_YEAR_MONTH", TypeRoot::kIntervalYearMonth},
    RootName{"INTERVAL_DAY_TIME", TypeRoot::kIntervalDayTime},
    RootName{"ROW", TypeRoot::kRow},
    RootName{"ARRAY", TypeRoot::kArray},
    RootName{"MAP", TypeRoot::kMap},
    RootName{"MULTISET", TypeRoot::kMultiset},
};

Result<TypeRoot> root_named(std::string_view name) {
  for (const RootName& row : kRoots) {
    if (row.name == name) return row.root;
  }
  return Status::error("MR9001", "plan: unknown type " + std::string(name));
}

// A member between 0 and `most`; `absent` where there is none.
Result<int64_t> small_number(const Value& value, std::string_view name, int64_t absent,
                             int64_t most) {
  const Value* member = value.find(name);
  if (member == nullptr || member->is_null()) return absent;
  MR_TRY_ASSIGN(const int64_t number, member->as_int());
  if (number < 0 || number > most) {
    return Status::error("MR9001", "plan: " + std::string(name) + " of a type out of range");
  }
  return number;
}

Result<DataType> type_at(const Value& value, int depth);

Result<Schema> schema_at(const Value& value, int depth) {
  MR_TRY_ASSIGN(const auto items, value.as_list());
  Schema schema;
  for (const Value& item : items) {
    Field field;
    MR_TRY_ASSIGN(field.name, item.string_at("name"));
    MR_TRY_ASSIGN(const Value* type, item.member("type"));
    MR_TRY_ASSIGN(field.type, type_at(*type, depth + 1));
    schema.push_back(std::move(field));
  }
  return schema;
}

Status add_part(const Value& value, std::string_view name, int depth, DataType& type) {
  MR_TRY_ASSIGN(const Value* part, value.member(name));
  MR_TRY_ASSIGN(DataType decoded, type_at(*part, depth + 1));
  type.fields.push_back({std::string(name), std::move(decoded)});
  return Status::ok();
}

Status add_parts(const Value& value, int depth, DataType& type) {
  switch (type.root) {
    case TypeRoot::kRow: {
      MR_TRY_ASSIGN(const Value* fields, value.member("fields"));
      MR_TRY_ASSIGN(type.fields, schema_at(*fields, depth));
      return Status::ok();
    }
    case TypeRoot::kMap:
      MR_TRY(add_part(value, "key", depth, type));
      return add_part(value, "element", depth, type);
    case TypeRoot::kArray: return add_part(value, "element", depth, type);
    case TypeRoot::kMultiset: {
      MR_TRY(add_part(value, "element", depth, type));
      DataType count;
      count.root = TypeRoot::kInteger;
      count.nullable = false;
      type.fields.push_back({"count", std::move(count)});
      return Status::ok();
    }
    default: return Status::ok();
  }
}

Result<DataType> type_at(const Value& value, int depth) {
  if (depth > kMaxTypeDepth) return Status::error("MR9001", "plan: type is nested too deeply");
  DataType type;
  MR_TRY_ASSIGN(const std::string_view root, value.string_at("root"));
  MR_TRY_ASSIGN(type.root, root_named(root));
  MR_TRY_ASSIGN(type.nullable, value.bool_at("nullable"));
  MR_TRY_ASSIGN(const int64_t precision, small_number(value, "precision", 0, 38));
  MR_TRY_ASSIGN(const int64_t scale, small_number(value, "scale", 0, 38));
  MR_TRY_ASSIGN(const int64_t length, small_number(value, "length", 0, 2147483647));
  type.precision = static_cast<uint8_t>(precision);
  type.scale = static_cast<uint8_t>(scale);
  type.length = static_cast<uint32_t>(length);
  MR_TRY(add_parts(value, depth, type));
  return type;
}

}  // namespace

Result<DataType> decode_type(const Value& value) { return type_at(value, 0); }
Result<Schema> decode_schema(const Value& value) { return schema_at(value, 0); }

std::string_view type_root_name(TypeRoot root) {
  for (const RootName& row : kRoots) {
    if (row.root == root) return row.name;
  }
  return "NULL";
}

}  // namespace millrace::plan
