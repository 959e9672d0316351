#include "formats/json-envelope.h"

namespace millrace::json {

using enum ChangeVerb;

// One line a format.
static constexpr Envelope kEnvelopes[] = {
    {"debezium-json", "before", "after", "op", false, true, true, false,
     {{"r", kInsert}, {"c", kInsert}, {"u", kUpdate}, {"d", kDelete}}, "c", "d"},
    {"ogg-json", "before", "after", "op_type", false, false, true, false,
     {{"I", kInsert}, {"U", kUpdate}, {"D", kDelete}, {}}, "I", "D"},
    {"maxwell-json", "old", "data", "type", false, false, false, true,
     {{"insert", kInsert}, {"update", kUpdate}, {"delete", kDelete}, {}}, "insert", "delete"},
    {"canal-json", "old", "data", "type", true, false, false, true,
     {{"INSERT", kInsert}, {"UPDATE", kUpdate}, {"DELETE", kDelete}, {"CREATE", kSkip}},
     "INSERT", "DELETE"},
};

const Envelope* envelope_of(std::string_view format) {
  for (const Envelope& envelope : kEnvelopes) {
    if (envelope.format == format) return &envelope;
  }
  return nullptr;
}

}  // namespace millrace::json
