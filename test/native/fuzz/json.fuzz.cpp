// Lines of JSON into columns of every kind; the first byte chooses strict or lenient.
#include "target.h"

namespace millrace::fuzz {
namespace {

SourceSpec spec(bool lenient) {
  SourceSpec made;
  made.format = "json";
  if (lenient) made.format_options.entries = {{"ignore-parse-errors", "true"}};
  const DataType text = type(TypeRoot::kVarchar);
  const DataType number = type(TypeRoot::kInteger);
  DataType list = type(TypeRoot::kArray);
  list.fields = {{"element", number}};
  DataType entries = type(TypeRoot::kMap);
  entries.fields = {{"key", text}, {"value", list}};
  DataType row = type(TypeRoot::kRow);
  row.fields = {{"x", number}, {"y", text}};
  made.columns = {{{"a"}, number},
                  {{"b"}, type(TypeRoot::kBigint)},
                  {{"c"}, text},
                  {{"d"}, type(TypeRoot::kDouble)},
                  {{"e"}, type(TypeRoot::kDecimal, 20, 4)},
                  {{"f"}, type(TypeRoot::kTimestamp, 3)},
                  {{"g"}, list},
                  {{"h"}, entries},
                  {{"i"}, row},
                  {{"i", "y"}, text},
                  {{"j", "k"}, type(TypeRoot::kVarbinary)},
                  {{"l"}, type(TypeRoot::kDate)},
                  {{"m"}, type(TypeRoot::kBoolean)},
                  {{"n"}, type(TypeRoot::kFloat)}};
  return made;
}

void run(Bytes input) {
  if (input.empty()) return;
  auto decoder = make_json_file_decoder(spec((input[0] & 1) != 0), "Europe/Berlin");
  if (decoder.is_ok()) decode_all(*decoder.value(), input.subspan(1), 1 + (input[0] >> 2));
}

std::vector<std::string> seeds() {
  const std::string line =
      R"({"a":1,"b":-9223372036854775808,"c":"a\u00e9\n\"x","d":1.5e-7,"e":12345.6789,)"
      R"("f":"2020-02-29 23:59:59.999","g":[1,null,3],"h":{"k":[],"l":[4]},"i":{"x":7,"y":"z"},)"
      R"("j":{"k":"aGVsbG8="},"l":"2020-01-01","m":true,"n":3.4e38,"other":{"deep":[[[{}]]]}})";
  return {"\x10" + line + "\n" + line + "\r\n\n" + line,
          "\x01" + line + "\n{\"a\":\"no\"}\n[" + line + "," + line + "]\nnull\n1\n",
          "\x03{\"a\":\n" + line};
}

const Registration registration({"json", run, seeds});

}  // namespace
}  // namespace millrace::fuzz
