// Records of change data capture; the first byte chooses the format and strict or lenient.
#include "target.h"

namespace millrace::fuzz {
namespace {

SourceSpec spec(uint8_t choice) {
  constexpr const char* kFormats[] = {"debezium-json", "ogg-json", "maxwell-json", "canal-json"};
  SourceSpec made;
  made.format = kFormats[(choice >> 1) & 3];
  if ((choice & 1) != 0) made.format_options.entries = {{"ignore-parse-errors", "true"}};
  const DataType text = type(TypeRoot::kVarchar);
  const DataType number = type(TypeRoot::kInteger);
  DataType list = type(TypeRoot::kArray);
  list.fields = {{"element", text}};
  DataType row = type(TypeRoot::kRow);
  row.fields = {{"x", number}, {"y", text}};
  made.table_schema = {{"id", number}, {"name", text}, {"tags", list}, {"spot", row}};
  made.columns = {{{"id"}, number}, {{"name"}, text}, {{"tags"}, list}, {{"spot", "y"}, text}};
  return made;
}

void run(Bytes input) {
  if (input.empty()) return;
  auto decoder = make_change_file_decoder(spec(input[0]), "UTC");
  if (decoder.is_ok()) decode_all(*decoder.value(), input.subspan(1), 1 + (input[0] >> 3));
}

std::vector<std::string> seeds() {
  const std::string row = R"({"id":1,"name":"a\"b","tags":["x",null],"spot":{"x":1,"y":"z"}})";
  const std::string pair = row + ",\"after\":" + row;
  return {
      "\x10{\"before\":" + pair + ",\"op\":\"u\"}\n{\"after\":" + row + ",\"op\":\"c\"}\n",
      "\x13{\"before\":" + pair + ",\"op_type\":\"D\"}\n",
      "\x15{\"data\":" + row + ",\"old\":{\"name\":null},\"type\":\"update\"}\n",
      "\x17{\"data\":[" + row + "," + row + "],\"old\":[{\"id\":2},{}],\"type\":\"UPDATE\"}\n"};
}

const Registration registration({"changes", run, seeds});

}  // namespace
}  // namespace millrace::fuzz
