// Regular expressions in the syntax of java.util.regex as trees; the same as
// src/expr/regexp/parse.ts.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/point-set.h"

namespace millrace::regexp {

// How deep groups, sets and repetitions may stand in each other.
constexpr int32_t kMaxDepth = 200;

enum class Assertion : int32_t { kStart, kLineStart, kEnd, kLineEnd, kLastLineEnd };

struct Node;
using NodePtr = std::unique_ptr<Node>;

struct Node {
  enum class Kind {
    kEmpty, kSet, kSequence, kChoice, kGroup, kRepeat, kAssert, kWordBoundary, kReference, kLook,
    kAtomic,
  };
  static constexpr int32_t kNoBound = INT32_MAX;

  Kind kind = Kind::kEmpty;
  PointSet set;                // kSet
  std::vector<NodePtr> parts;  // several, or the one inside
  int32_t index = 0;           // of a group or a reference
  int32_t least = 0;           // kRepeat
  int32_t most = 0;            // kNoBound: without end
  bool is_lazy = false;
  bool is_negated = false;     // kWordBoundary, kLook
  Assertion assertion = Assertion::kStart;

  [[nodiscard]] const Node& inner() const { return *parts[0]; }
};

// Why a text is not compiled.
struct Fault {
  enum class Kind {
    kNone,
    kSyntax,       // it is no regular expression of Java
    kUnsupported,  // it is one, but uses what is not supported
  };
  Kind kind = Kind::kNone;
  std::string text;
};

struct Parsed {
  NodePtr root;  // null where there is a fault
  int32_t group_count = 0;
  Fault fault;
};

[[nodiscard]] Parsed parse(std::string_view pattern);

}  // namespace millrace::regexp
