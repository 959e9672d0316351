// The machine for the JSON paths of src/expr/json/compile-path.ts; the same as
// src/expr/json/path.ts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "kernels/json-document.h"
#include "plan/value.h"

namespace millrace::json {

class Path {
 public:
  // Of {mode, definite, steps}; steps null where the text is no path.
  static Result<Path> decode(const plan::Value& path);

  [[nodiscard]] bool is_lax() const { return is_lax_; }
  // Whether it leads to one value at most; otherwise what it finds is an array.
  [[nodiscard]] bool is_definite() const { return is_definite_; }

  // What the path leads to, into `found`. False where it fails: then, in lax mode, it finds
  // nothing.
  [[nodiscard]] bool run(const Document& document, std::vector<uint32_t>& found) const;

 private:
  enum class Op : uint8_t { kProperty, kIndex, kIndexes, kSlice, kWildcard, kScan };
  struct Step {
    Op op = Op::kWildcard;
    std::string name;
    std::vector<int64_t> numbers;  // indexes; of a slice: from and to
    bool has_from = false;
    bool has_to = false;
  };
  struct Run {
    const Document& document;
    std::vector<uint32_t>& found;
    std::vector<uint32_t> items;
  };

  static Result<Step> decode_step(const plan::Value& value);
  bool step(Run& run, size_t at, uint32_t node, bool is_definite) const;
  bool property(Run& run, size_t at, uint32_t node, bool is_definite) const;
  bool elements(Run& run, size_t at, uint32_t node, bool is_definite) const;
  bool element(Run& run, size_t at, size_t base, int64_t index, bool is_definite) const;
  bool children(Run& run, size_t at, uint32_t node) const;
  bool scan(Run& run, size_t at, uint32_t node) const;
  [[nodiscard]] bool takes(const Run& run, size_t at, uint32_t node) const;

  bool is_lax_ = false;
  bool is_definite_ = true;
  bool is_valid_ = false;
  std::vector<Step> steps_;
};

}  // namespace millrace::json
