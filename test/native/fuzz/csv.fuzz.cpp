// Records of CSV into columns of every kind; the first byte chooses the options.
#include "target.h"

namespace millrace::fuzz {
namespace {

SourceSpec spec(uint8_t choice) {
  SourceSpec made;
  made.format = "csv";
  auto& options = made.format_options.entries;
  if ((choice & 1) != 0) options.emplace_back("ignore-parse-errors", "true");
  if ((choice & 2) != 0) options.emplace_back("escape-character", "\\");
  if ((choice & 4) != 0) options.emplace_back("allow-comments", "true");
  if ((choice & 8) != 0) options.emplace_back("null-literal", "n/a");
  DataType list = type(TypeRoot::kArray);
  list.fields = {{"element", type(TypeRoot::kInteger)}};
  made.columns = {{{"a"}, type(TypeRoot::kInteger)},
                  {{"b"}, type(TypeRoot::kVarchar)},
                  {{"c"}, type(TypeRoot::kDouble)},
                  {{"d"}, type(TypeRoot::kDecimal, 20, 4)},
                  {{"e"}, type(TypeRoot::kTimestamp, 3)},
                  {{"f"}, type(TypeRoot::kBoolean)},
                  {{"g"}, list}};
  for (const SourceColumn& column : made.columns) {
    made.table_schema.push_back({column.path[0], column.type});
  }
  return made;
}

void run(Bytes input) {
  if (input.empty()) return;
  auto decoder = make_csv_file_decoder(spec(input[0]), "UTC");
  if (decoder.is_ok()) decode_all(*decoder.value(), input.subspan(1), 1 + (input[0] >> 4));
}

std::vector<std::string> seeds() {
  const std::string line = "1,\"x\"\"y, z\",1.5,12.3400,2020-01-01 00:00:00.123,true,1;2;3\n";
  return {std::string(1, '\0') + line + line,
          "\x1f" + line + "# comment\nn/a,a\\,b,NaN,1,2020-02-29 00:00:00,FALSE,\r\n1\n" + line,
          "\x01" + line + "2,\"open\n" + line};
}

const Registration registration({"csv", run, seeds});

}  // namespace
}  // namespace millrace::fuzz
