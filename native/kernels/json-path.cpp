#include "kernels/json-path.h"

#include <algorithm>

namespace millrace::json {

Result<Path::Step> Path::decode_step(const plan::Value& value) {
  MR_TRY_ASSIGN(const std::string_view op, value.string_at("op"));
  Step step;
  if (op == "property") {
    step.op = Op::kProperty;
    MR_TRY_ASSIGN(step.name, value.string_at("name"));
    return step;
  }
  if (op == "wildcard" || op == "scan") {
    step.op = op == "scan" ? Op::kScan : Op::kWildcard;
    return step;
  }
  if (op == "index" || op == "indexes") {
    step.op = op == "index" ? Op::kIndex : Op::kIndexes;
    MR_TRY_ASSIGN(const auto numbers, value.list_at("numbers"));
    for (const plan::Value& number : numbers) {
      MR_TRY_ASSIGN(const int64_t index, number.as_int());
      step.numbers.push_back(index);
    }
    return step;
  }
  if (op != "slice") return Status::error("MR9001", "unknown step of a JSON path");
  step.op = Op::kSlice;
  step.numbers = {0, 0};
  const plan::Value* from = value.find("from");
  const plan::Value* to = value.find("to");
  step.has_from = from != nullptr && !from->is_null();
  step.has_to = to != nullptr && !to->is_null();
  if (step.has_from) {
    MR_TRY_ASSIGN(step.numbers[0], from->as_int());
  }
  if (step.has_to) {
    MR_TRY_ASSIGN(step.numbers[1], to->as_int());
  }
  return step;
}

Result<Path> Path::decode(const plan::Value& value) {
  Path path;
  MR_TRY_ASSIGN(const std::string_view mode, value.string_at("mode"));
  path.is_lax_ = mode == "lax";
  MR_TRY_ASSIGN(path.is_definite_, value.bool_at("definite"));
  const plan::Value* steps = value.find("steps");
  if (steps == nullptr || steps->is_null()) return path;
  MR_TRY_ASSIGN(const auto list, steps->as_list());
  for (const plan::Value& one : list) {
    MR_TRY_ASSIGN(Step step, decode_step(one));
    path.steps_.push_back(std::move(step));
  }
  path.is_valid_ = true;
  return path;
}

bool Path::run(const Document& document, std::vector<uint32_t>& found) const {
  found.clear();
  if (!is_valid_) return false;
  Run run{document, found, {}};
  if (!step(run, 0, 0, true)) {
    found.clear();
    return is_lax_;
  }
  return is_lax_ || !is_definite_ || !found.empty();
}

bool Path::step(Run& run, size_t at, uint32_t node, bool is_definite) const {
  if (at == steps_.size()) {
    run.found.push_back(node);
    return true;
  }
  switch (steps_[at].op) {
    case Op::kProperty: return property(run, at, node, is_definite);
    case Op::kIndex:
    case Op::kIndexes:
    case Op::kSlice: return elements(run, at, node, is_definite);
    case Op::kWildcard: return children(run, at, node);
    case Op::kScan: return scan(run, at + 1, node);
  }
  return false;
}

// A path that is definite up to here fails where there is no object, or no member to go on from.
bool Path::property(Run& run, size_t at, uint32_t node, bool is_definite) const {
  if (run.document.node(node).kind != Kind::kObject) return !is_definite;
  const uint32_t member = run.document.member(node, steps_[at].name);
  if (member == kNone) return !is_definite || at + 1 == steps_.size();
  return step(run, at + 1, member, is_definite);
}

bool Path::elements(Run& run, size_t at, uint32_t node, bool is_definite) const {
  if (run.document.node(node).kind != Kind::kArray) return !is_definite;
  const Step& step = steps_[at];
  const size_t base = run.items.size();
  for (uint32_t i = run.document.node(node).first; i != kNone; i = run.document.node(i).next) {
    run.items.push_back(i);
  }
  const auto length = static_cast<int64_t>(run.items.size() - base);
  bool is_well = true;
  if (step.op == Op::kSlice) {
    int64_t from = step.numbers[0], to = step.has_to ? step.numbers[1] : length;
    if (step.has_from && !step.has_to && from < 0) from += length;
    if (step.has_to && !step.has_from && to < 0) to += length;
    if (step.has_from != step.has_to) from = std::max<int64_t>(from, 0);
    to = std::min(to, length);
    for (int64_t i = std::max(from, -length); i < to; ++i) element(run, at, base, i, false);
  } else {
    const bool is_one = step.op == Op::kIndex;
    for (const int64_t index : step.numbers) {
      is_well = element(run, at, base, index, is_definite && is_one) && is_well;
    }
  }
  run.items.resize(base);
  return is_well;
}

bool Path::element(Run& run, size_t at, size_t base, int64_t index, bool is_definite) const {
  const auto length = static_cast<int64_t>(run.items.size() - base);
  if (index < 0) index += length;
  if (index < 0 || index >= length) return true;
  return step(run, at + 1, run.items[base + static_cast<size_t>(index)], is_definite);
}

bool Path::children(Run& run, size_t at, uint32_t node) const {
  const bool is_object = run.document.node(node).kind == Kind::kObject;
  for (uint32_t i = run.document.node(node).first; i != kNone; i = run.document.node(i).next) {
    if (!is_object || !run.document.is_overwritten(i)) step(run, at + 1, i, false);
  }
  return true;
}

// Whether a scan stops at the node for the step behind it.
bool Path::takes(const Run& run, size_t at, uint32_t node) const {
  const Kind kind = run.document.node(node).kind;
  switch (steps_[at].op) {
    case Op::kProperty:
      return kind == Kind::kObject && run.document.member(node, steps_[at].name) != kNone;
    case Op::kWildcard: return true;
    default: return kind == Kind::kArray;
  }
}

bool Path::scan(Run& run, size_t at, uint32_t node) const {
  if (takes(run, at, node)) step(run, at, node, false);
  const bool is_object = run.document.node(node).kind == Kind::kObject;
  for (uint32_t i = run.document.node(node).first; i != kNone; i = run.document.node(i).next) {
    if (!is_object || !run.document.is_overwritten(i)) scan(run, at, i);
  }
  return true;
}

}  // namespace millrace::json
