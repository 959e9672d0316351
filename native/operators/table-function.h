// The functions that a correlate calls. A row they make is named by an item, a number that only
// the function understands; columns are made of many items at once.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "columnar/batch.h"

namespace millrace {

class TableFunction {
 public:
  virtual ~TableFunction() = default;
  // The arguments of a batch, a value a row; items name rows made of them until the next call.
  virtual Status begin_batch(std::vector<ColumnPtr> arguments) {
    arguments_ = std::move(arguments);
    return Status::ok();
  }
  virtual void begin_row(uint32_t row) = 0;
  // Appends the next items of the row, `most` at most; returns how many. 0: there are no more.
  virtual uint32_t next(uint32_t most, std::vector<uint32_t>& items) = 0;
  // Column `index` of the rows that the items name; kNoRow gives NULL.
  [[nodiscard]] virtual ColumnPtr column(uint32_t index, std::span<const uint32_t> items,
                                         const DataType& type) const = 0;

 protected:
  std::vector<ColumnPtr> arguments_;
};

// MR2104 where this build has none of that name.
[[nodiscard]] Result<std::unique_ptr<TableFunction>> make_table_function(std::string_view name);

}  // namespace millrace
