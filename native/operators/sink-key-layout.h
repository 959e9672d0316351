// What the operators before a sink share: its primary key, what makes two rows the same, and the
// order of columns in their state tables (the primary key, then the others).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "operators/factory.h"
#include "operators/row-store.h"

namespace millrace {

[[nodiscard]] DataType not_null_type(TypeRoot root);

class SinkKeyLayout {
 public:
  // From `primaryKey` and `upsertKey` of a node whose output is its input.
  static Result<SinkKeyLayout> create(const PlanNode& node);

  [[nodiscard]] const std::vector<uint32_t>& primary_key() const { return primary_key_; }
  [[nodiscard]] bool has_upsert_key() const { return has_upsert_key_; }
  // The upsert key, or all columns.
  [[nodiscard]] std::span<const uint32_t> identity() const { return identity_; }
  [[nodiscard]] std::span<const uint32_t> all() const { return all_; }

  // The columns of the primary key; valid until the next call.
  std::span<const Column* const> key_columns(const std::vector<ColumnPtr>& columns);
  [[nodiscard]] StateTable state_table(std::string name, const Schema& schema) const;
  // Rows of a store in the columns of a state table, and a state table's in those of the schema.
  [[nodiscard]] Batch rows_of(const RowStore& store, std::span<const uint32_t> ids) const;
  [[nodiscard]] std::vector<ColumnPtr> in_schema_order(
      const std::vector<ColumnPtr>& columns) const;

 private:
  std::vector<uint32_t> primary_key_;
  std::vector<uint32_t> identity_;
  std::vector<uint32_t> all_;
  std::vector<uint32_t> state_order_;
  std::vector<const Column*> keys_;
  bool has_upsert_key_ = false;
};

}  // namespace millrace
