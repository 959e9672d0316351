#include "operators/join-schema.h"

namespace millrace {

Status check_join_schema(const PlanNode& node, const std::vector<uint32_t>& left_keys,
                         const std::vector<uint32_t>& right_keys, bool is_left_only,
                         const char* name) {
  Schema expected = node.input_schemas[0];
  const Schema& right = node.input_schemas[1];
  if (!is_left_only) expected.insert(expected.end(), right.begin(), right.end());
  bool fits = expected.size() == node.schema.size();
  for (size_t i = 0; fits && i < expected.size(); ++i) {
    fits = expected[i].type.physical() == node.schema[i].type.physical();
  }
  for (size_t i = 0; fits && i < left_keys.size(); ++i) {
    fits = node.input_schemas[0][left_keys[i]].type.physical() ==
           right[right_keys[i]].type.physical();
  }
  return fits ? Status::ok() : Status::error("MR9001", std::string(name) + ": schema");
}

}  // namespace millrace
