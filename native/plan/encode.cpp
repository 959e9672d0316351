#include "plan/encode.h"

namespace millrace::plan {
namespace {

class Writer {
 public:
  void varint(uint64_t value) {
    while (value >= 0x80) {
      out.push_back(static_cast<char>((value & 0x7f) | 0x80));
      value >>= 7;
    }
    out.push_back(static_cast<char>(value));
  }
  void text(std::string_view value) {
    varint(value.size());
    out.append(value);
  }
  void string(std::string_view value) {
    out.push_back(5);
    text(value);
  }
  void boolean(bool value) { out.push_back(value ? 2 : 1); }
  void integer(int64_t value) {
    out.push_back(3);
    varint((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
  }
  void list(size_t count) {
    out.push_back(7);
    varint(count);
  }
  void map(size_t count) {
    out.push_back(8);
    varint(count);
  }

  std::string out;
};

void write_schema(Writer& writer, const Schema& schema);

// The members that a type of this root has besides root and nullable.
struct Members {
  bool precision = false;
  bool scale = false;
  bool length = false;
};

Members members_of(TypeRoot root) {
  switch (root) {
    case TypeRoot::kDecimal: return {true, true, false};
    case TypeRoot::kTime:
    case TypeRoot::kTimestamp:
    case TypeRoot::kTimestampLtz: return {true, false, false};
    case TypeRoot::kChar:
    case TypeRoot::kVarchar:
    case TypeRoot::kBinary:
    case TypeRoot::kVarbinary: return {false, false, true};
    default: return {};
  }
}

void write_type(Writer& writer, const DataType& type) {
  const Members members = members_of(type.root);
  const bool is_map = type.root == TypeRoot::kMap;
  const bool has_element = is_map || type.root == TypeRoot::kArray ||
                           type.root == TypeRoot::kMultiset;
  const bool is_row = type.root == TypeRoot::kRow;
  writer.map(size_t{2} + members.precision + members.scale + members.length + is_map +
             has_element + is_row);
  writer.text("root");
  writer.string(type_root_name(type.root));
  writer.text("nullable");
  writer.boolean(type.nullable);
  if (members.precision) writer.text("precision"), writer.integer(type.precision);
  if (members.scale) writer.text("scale"), writer.integer(type.scale);
  if (members.length) writer.text("length"), writer.integer(type.length);
  if (is_map) writer.text("key"), write_type(writer, type.fields[0].type);
  if (has_element) writer.text("element"), write_type(writer, type.fields[is_map ? 1 : 0].type);
  if (is_row) writer.text("fields"), write_schema(writer, type.fields);
}

void write_schema(Writer& writer, const Schema& schema) {
  writer.list(schema.size());
  for (const Field& field : schema) {
    writer.map(2);
    writer.text("name");
    writer.string(field.name);
    writer.text("type");
    write_type(writer, field.type);
  }
}

}  // namespace

std::string encode_schema(const Schema& schema) {
  Writer writer;
  write_schema(writer, schema);
  return std::move(writer.out);
}

}  // namespace millrace::plan
