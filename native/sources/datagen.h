// Tables of the datagen connector: what each column is made of, and making it.
// src/connectors/datagen/ is the same in TypeScript.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "columnar/arena.h"
#include "columnar/batch.h"
#include "sources/source-spec.h"

namespace millrace::datagen {

// Draws of a field, from its first one on. Numbers are for ever: they define a seed's data.
constexpr uint32_t kIsNullDraw = 4, kLengthDraw = 5, kTextDraw = 6, kDrawsAField = 8;

constexpr int64_t kMaxRows = 9'000'000'000'000'000;

enum class Kind : uint8_t {
  kSequence, kInteger, kReal, kBoolean, kText, kDate, kTime, kTimestamp, kRow,
};

struct FieldPlan {
  Kind kind = Kind::kRow;
  DataType type;
  uint32_t draw = 0;     // the field's first; by its place in the table, not in the query
  double null_rate = 0;
  int128 min = 0;        // kInteger; the start of kSequence
  uint128 range = 0;     // kInteger: how many values; kSequence: how many rows
  double real_min = 0, real_max = 0;
  uint32_t length = 0;
  bool variable = false;
  int64_t max_past_ms = 0;
  std::vector<FieldPlan> children;
  std::vector<std::pair<uint32_t, double>> above;  // draw and null rate of the rows it lies in
};

// One a column that is read. MR2008, MR2009, MR2100 for options and types; MR2002 for a column.
[[nodiscard]] Result<std::vector<FieldPlan>> plan_fields(const SourceSpec& spec, int64_t& rows);

// The rows of one call: their numbers and keys, and the clock.
struct Rows {
  std::vector<int64_t> numbers;
  std::vector<uint32_t> keys;
  int64_t now_ms = 0;
};

[[nodiscard]] ColumnPtr generate(const FieldPlan& field, const Rows& rows);

}  // namespace millrace::datagen
