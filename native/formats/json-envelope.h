// The JSON of change data capture tools: one record tells what became of a row, around the row as
// it was and as it is. src/formats/json/envelope.ts says the same, and what each member means.
#pragma once

#include <string>
#include <string_view>

#include "sources/source-spec.h"

namespace millrace::json {

enum class ChangeVerb : uint8_t { kInsert, kUpdate, kDelete, kSkip };

struct VerbName {
  std::string_view text;
  ChangeVerb verb;
};

struct Envelope {
  std::string_view format;
  std::string_view old;
  std::string_view data;
  std::string_view verb;
  bool is_list;
  bool takes_arrays;
  bool deletes_old;  // a delete takes away `old`; else `data`
  bool is_partial;
  VerbName verbs[4];  // unused ones have no text
  std::string_view insert_text;
  std::string_view delete_text;
};

// Null where the format is none of change data capture.
[[nodiscard]] const Envelope* envelope_of(std::string_view format);

}  // namespace millrace::json
