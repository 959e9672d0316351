#include "operators/sink-key-layout.h"

#include <algorithm>
#include <numeric>

#include "operators/ranked-rows.h"

namespace millrace {

DataType not_null_type(TypeRoot root) {
  DataType type;
  type.root = root;
  type.nullable = false;
  return type;
}

Result<SinkKeyLayout> SinkKeyLayout::create(const PlanNode& node) {
  const Schema& input = node.input_schemas[0];
  SinkKeyLayout layout;
  MR_TRY_ASSIGN(layout.primary_key_, node.value->indexes_at("primaryKey"));
  MR_TRY_ASSIGN(std::vector<uint32_t> upsert_key, node.value->indexes_at("upsertKey"));
  MR_TRY(check_columns(layout.primary_key_, input));
  MR_TRY(check_columns(upsert_key, input));
  if (node.schema.size() != input.size()) {
    return Status::error("MR9001", node.kind + ": columns do not fit the schema");
  }
  layout.all_.resize(input.size());
  std::iota(layout.all_.begin(), layout.all_.end(), 0u);
  layout.has_upsert_key_ = !upsert_key.empty();
  layout.identity_ = layout.has_upsert_key_ ? std::move(upsert_key) : layout.all_;
  layout.state_order_ = layout.primary_key_;
  for (const uint32_t column : layout.all_) {
    const auto& key = layout.primary_key_;
    if (std::ranges::find(key, column) == key.end()) layout.state_order_.push_back(column);
  }
  return layout;
}

std::span<const Column* const> SinkKeyLayout::key_columns(const std::vector<ColumnPtr>& columns) {
  keys_.clear();
  for (const uint32_t column : primary_key_) keys_.push_back(columns[column].get());
  return keys_;
}

StateTable SinkKeyLayout::state_table(std::string name, const Schema& schema) const {
  StateTable table{std::move(name), {}, static_cast<uint32_t>(primary_key_.size())};
  for (const uint32_t column : state_order_) table.fields.push_back(schema[column]);
  return table;
}

Batch SinkKeyLayout::rows_of(const RowStore& store, std::span<const uint32_t> ids) const {
  Batch batch;
  batch.row_count = static_cast<uint32_t>(ids.size());
  for (const uint32_t column : state_order_) batch.columns.push_back(store.gather(column, ids));
  return batch;
}

std::vector<ColumnPtr> SinkKeyLayout::in_schema_order(
    const std::vector<ColumnPtr>& columns) const {
  std::vector<ColumnPtr> ordered(all_.size());
  for (size_t i = 0; i < state_order_.size(); ++i) ordered[state_order_[i]] = columns[i];
  return ordered;
}

}  // namespace millrace
