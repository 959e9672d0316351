// An aggregate call over many groups: its state is columns by group id.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "columnar/batch.h"
#include "operators/operator.h"
#include "plan/value.h"

namespace millrace {

// AggregateCall of src/plan/physical/plan.ts.
struct AggregateCall {
  std::string function;
  std::vector<uint32_t> arguments;
  int64_t filter = -1;
  bool distinct = false;
  bool retract = false;
  DataType type;
  std::string separator = ",";  // LISTAGG
  bool keeps_nulls = false;     // NULLs are values: JSON_* with NULL ON NULL, ARRAY_AGG
  std::vector<double> percentages;  // PERCENTILE, from 0 to 1
  bool shows_array = false;         // of several percentages

  // Whether the mask of the rows that count leaves NULLs in.
  [[nodiscard]] bool counts_nulls() const {
    return function == "SINGLE_VALUE" ||
           (keeps_nulls && (function == "ARRAY_AGG" || function == "JSON_ARRAYAGG"));
  }
  // Key and value of JSON_OBJECTAGG, value and frequency of PERCENTILE come as one row.
  [[nodiscard]] bool takes_row() const {
    return function == "JSON_OBJECTAGG" || (function == "PERCENTILE" && arguments.size() > 1);
  }
};

using SharedCalls = std::shared_ptr<const std::vector<AggregateCall>>;

[[nodiscard]] Result<std::vector<AggregateCall>> decode_aggregate_calls(const plan::Value& node);

// The rows an aggregate takes, in order: physical row and group of each.
struct AggregateRows {
  const uint32_t* rows = nullptr;
  const uint32_t* groups = nullptr;
  const uint8_t* retract = nullptr;  // 1 = taken back; null = all are added
  uint32_t count = 0;
};

// What an aggregate reads. A row counts where mask is 1; null mask = every row counts. The mask
// has one byte an entry of AggregateRows and already leaves NULL arguments out where they do not
// count.
struct AggregateInput {
  const Column* argument = nullptr;  // null for COUNT(*)
  const uint8_t* mask = nullptr;
};

// Where the values around each row go. Pairs: slot 2i before, 2i + 1 after row i. Else slot i:
// after, or before for a row that deletes its group.
struct Emission {
  Column* out = nullptr;
  bool pairs = true;
  const uint8_t* deletes = nullptr;
  uint8_t* changed = nullptr;  // set to 1 where a row changed the value; never cleared
};

class Aggregate {
 public:
  virtual ~Aggregate() = default;
  // Groups from the old size on start empty.
  virtual void resize(uint32_t group_count) = 0;
  virtual void update(const AggregateRows& rows, const AggregateInput& input) = 0;
  virtual void update(const AggregateRows& rows, const AggregateInput& input,
                      const Emission& emission) = 0;
  // Values of groups, to out[first + i].
  virtual void values(std::span<const uint32_t> groups, Column& out, uint32_t first) = 0;
  // into[i] takes in what `from` (of the same call) holds for groups[i].
  virtual void merge(const uint32_t* into, Aggregate& from, std::span<const uint32_t> groups) = 0;
  // Drops all groups but these, which become 0, 1, ...
  virtual void keep(std::span<const uint32_t> groups) = 0;
  virtual void clear() = 0;
  [[nodiscard]] virtual size_t bytes() const = 0;

  // State columns in the operator's table of groups, named prefix + name.
  [[nodiscard]] virtual Schema state_fields(const std::string& prefix) const = 0;
  virtual void save(std::span<const uint32_t> groups, std::vector<ColumnPtr>& out) = 0;
  // Row i of the columns becomes the state of groups[i].
  virtual Status restore(std::span<const ColumnPtr> columns, std::span<const uint32_t> groups) = 0;

  // What went wrong with the rows taken in so far.
  [[nodiscard]] virtual Status failure() const { return Status::ok(); }

  // A further table of (value, count) rows, where the aggregate keeps one for each group.
  [[nodiscard]] virtual std::optional<Field> counted_value() const { return std::nullopt; }
  virtual uint32_t counted_size() const { return 0; }
  // Appends the group of each entry; values and counts into the columns.
  virtual void save_counted(std::vector<uint32_t>&, Column&, Column&) {}
  virtual Status restore_counted(std::span<const uint32_t>, const Column&, const Column&) {
    return Status::ok();
  }
};

// `argument` is the type of the call's argument column; ignored for COUNT(*).
[[nodiscard]] Result<std::unique_ptr<Aggregate>> make_aggregate(const AggregateCall& call,
                                                                const DataType& argument);

}  // namespace millrace
