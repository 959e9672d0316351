// Rows kept by an operator, in columns by row id, with a list of free ids. A row never changes:
// who wants another one adds it and frees the old.
//
// A freed row can be read until settle(); so an operator may emit rows it has just let go.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "columnar/arena.h"
#include "columnar/batch.h"

namespace millrace {

class RowStore {
 public:
  static Result<RowStore> create(const Schema& schema);

  // A copy of a batch's row. Ids are used again after settle().
  uint32_t add(const std::vector<ColumnPtr>& columns, uint32_t row);
  // Copies of many rows, a column at a time; their ids are written to `ids`.
  void add_rows(const std::vector<ColumnPtr>& columns, std::span<const uint32_t> rows,
                uint32_t* ids);
  void free(uint32_t id) { freed_.push_back(id); }
  // Makes the freed ids free and gives their memory back where that pays.
  void settle();

  // Values of one column at `ids`, flat, of the schema's type.
  [[nodiscard]] ColumnPtr gather(uint32_t column, std::span<const uint32_t> ids) const;
  // Whether a kept row has the values of a batch's row in these columns; two nulls are equal.
  [[nodiscard]] bool equals(uint32_t id, std::span<const uint32_t> which,
                            const std::vector<ColumnPtr>& columns, uint32_t row) const;
  // Whether two kept rows have the same values in these columns; two nulls are equal.
  [[nodiscard]] bool same(uint32_t a, uint32_t b, std::span<const uint32_t> which) const;
  [[nodiscard]] const StringView& text(uint32_t column, uint32_t id) const {
    return reinterpret_cast<const StringView*>(columns_[column].values.data())[id];
  }
  [[nodiscard]] int64_t i64(uint32_t column, uint32_t id) const {
    return reinterpret_cast<const int64_t*>(columns_[column].values.data())[id];
  }
  [[nodiscard]] bool is_null(uint32_t column, uint32_t id) const {
    return columns_[column].present[id] == 0;
  }

  [[nodiscard]] uint32_t capacity() const { return static_cast<uint32_t>(alive_.size()); }
  [[nodiscard]] uint32_t count() const { return count_; }
  [[nodiscard]] size_t bytes() const;

 private:
  struct StoredColumn {
    DataType type;
    uint32_t width = 0;
    bool is_text = false;
    bool is_nested = false;  // text of cells (columnar/cell.h)
    std::vector<uint8_t> values;
    std::vector<uint8_t> present;  // one byte a row
  };

  [[nodiscard]] StringView kept_text(const StoredColumn& own, const Column& from, uint32_t row);
  uint32_t take_id();
  void take_ids(size_t count, uint32_t* ids);
  void copy_text(StoredColumn& own, const Column& from, std::span<const uint32_t> rows,
                 const uint32_t* ids);
  void compact_text();
  [[nodiscard]] ColumnPtr gather_cells(const StoredColumn& own,
                                       std::span<const uint32_t> ids) const;

  std::vector<StoredColumn> columns_;
  std::vector<uint8_t> alive_;
  std::vector<uint32_t> free_;
  std::vector<uint32_t> freed_;
  std::shared_ptr<Arena> arena_ = std::make_shared<Arena>();
  size_t text_bytes_ = 0;  // of living rows, in the arena
  mutable std::string cell_;
  uint32_t count_ = 0;
};

}  // namespace millrace
