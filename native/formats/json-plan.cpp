// Compiles the columns of a source into the tree that RecordDecoder walks.
#include <algorithm>

#include "formats/json-decoder.h"

namespace millrace::json {

Result<DecoderOptions> parse_decoder_options(const OptionMap& from) {
  DecoderOptions to;
  MR_TRY_ASSIGN(to.ignore_parse_errors, from.flag("ignore-parse-errors", false));
  MR_TRY_ASSIGN(to.fail_on_missing_field, from.flag("fail-on-missing-field", false));
  if (to.ignore_parse_errors && to.fail_on_missing_field) {
    return Status::error("MR2008", "json.fail-on-missing-field = true with ignore-parse-errors");
  }
  MR_TRY_ASSIGN(const bool streaming, from.flag("decode.json-parser.enabled", true));
  if (!streaming) return Status::error("MR2100", "json.decode.json-parser.enabled = false");
  const std::string standard = from.text("timestamp-format.standard", "SQL");
  if (standard != "SQL" && standard != "ISO-8601") {
    return Status::error("MR2008", "json.timestamp-format.standard = " + standard);
  }
  to.iso_timestamps = standard == "ISO-8601";
  return to;
}

Member::Member(std::string member_name, std::unique_ptr<ValuePlan> member_value)
    : name(std::move(member_name)), value(std::move(member_value)), quoted('"' + name + "\":") {
  const bool plain = name.find_first_of("\"\\") == std::string::npos;
  if (plain && quoted.size() <= kQuotedBytes) quoted_length = static_cast<uint32_t>(quoted.size());
  quoted.resize(std::max(quoted.size(), kQuotedBytes));
}

static bool is_text(const DataType& type) {
  return type.root == TypeRoot::kVarchar || type.root == TypeRoot::kChar;
}

static Result<std::unique_ptr<ValuePlan>> compile_value(const std::string& path,
                                                        const DataType& type,
                                                        ColumnBuilder& column) {
  auto plan = std::make_unique<ValuePlan>();
  plan->path = path;
  plan->type = type;
  plan->column = &column;
  switch (type.root) {
    case TypeRoot::kRow:
      plan->object = std::make_unique<ObjectPlan>();
      for (size_t i = 0; i < type.fields.size(); ++i) {
        const Field& field = type.fields[i];
        MR_TRY_ASSIGN(auto member,
                      compile_value(path + "." + field.name, field.type, column.child(i)));
        plan->object->members.emplace_back(field.name, std::move(member));
      }
      break;
    case TypeRoot::kArray: {
      MR_TRY_ASSIGN(plan->element, compile_value(path, type.fields[0].type, column.child(0)));
      break;
    }
    case TypeRoot::kMap:
    case TypeRoot::kMultiset: {
      if (!is_text(type.fields[0].type)) {
        return Status::error("MR2100", "json format with map keys that are not STRING");
      }
      DataType count;
      count.root = TypeRoot::kInteger;
      const bool map = type.root == TypeRoot::kMap;
      MR_TRY_ASSIGN(plan->element, compile_value(path, map ? type.fields[1].type : count,
                                                 column.child(1)));
      break;
    }
    case TypeRoot::kIntervalYearMonth:
    case TypeRoot::kIntervalDayTime:
      return Status::error("MR2100", "json format of intervals");
    default: break;
  }
  return plan;
}

// The plan of a member, made where the path first comes by; `whole` is its column, if any.
static ValuePlan& member_of(ObjectPlan& object, const std::string& name,
                            std::unique_ptr<ValuePlan> whole) {
  const auto found = std::find_if(object.members.begin(), object.members.end(),
                                  [&](const Member& member) { return member.name == name; });
  if (found == object.members.end()) {
    object.members.emplace_back(name, std::move(whole));
    return *object.members.back().value;
  }
  // Read before as a whole, or by members: both, one after the other.
  if (whole != nullptr) {
    whole->again = std::move(found->value);
    found->value = std::move(whole);
  }
  return *found->value;
}

// The object plan below a step of a path that is not its last.
static ObjectPlan& step_into(ObjectPlan& object, const std::string& name,
                             const std::string& path) {
  auto plan = std::make_unique<ValuePlan>();
  plan->path = path;
  plan->type.root = TypeRoot::kRow;
  plan->object = std::make_unique<ObjectPlan>();
  const auto found = std::find_if(object.members.begin(), object.members.end(),
                                  [&](const Member& member) { return member.name == name; });
  if (found == object.members.end()) {
    return *member_of(object, name, std::move(plan)).object;
  }
  for (ValuePlan* at = found->value.get(); at != nullptr; at = at->again.get()) {
    if (at->column == nullptr) return *at->object;
  }
  return *member_of(object, name, std::move(plan)).object;
}

Result<std::unique_ptr<RecordDecoder>> RecordDecoder::make(const SourceSpec& spec) {
  std::unique_ptr<RecordDecoder> decoder(new RecordDecoder());
  MR_TRY_ASSIGN(decoder->options_, parse_decoder_options(spec.format_options));
  for (const SourceColumn& column : spec.columns) {
    decoder->columns_.push_back(std::make_unique<ColumnBuilder>(column.type));
    ObjectPlan* object = &decoder->root_;
    std::string path;
    for (size_t i = 0; i < column.path.size(); ++i) {
      path += (i == 0 ? "" : ".") + column.path[i];
      if (i + 1 < column.path.size()) {
        object = &step_into(*object, column.path[i], path);
        continue;
      }
      MR_TRY_ASSIGN(auto whole, compile_value(path, column.type, *decoder->columns_.back()));
      member_of(*object, column.path[i], std::move(whole));
    }
  }
  return decoder;
}

}  // namespace millrace::json
