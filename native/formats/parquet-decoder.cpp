// Parquet files into columns: only the columns that the plan reads, row group after row group.
// A column that the file lacks is NULL, as in Flink.
#include <algorithm>
#include <cstring>

#include "formats/decoder.h"
#include "formats/parquet-conversion.h"
#include "formats/parquet-leaf.h"
#include "formats/parquet-metadata.h"

namespace millrace {

namespace parquet {
namespace {

const char* physical_name(Physical physical) {
  constexpr const char* kNames[] = {"BOOLEAN", "INT32",  "INT64",      "INT96",
                                    "FLOAT",   "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"};
  return kNames[static_cast<uint8_t>(physical) & 7];
}

std::string join_path(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& name : path) text += (text.empty() ? "" : ".") + name;
  return text;
}

ColumnPtr null_column(const DataType& type) {
  ColumnPtr column = make_column(type, 1);
  if (column->values != nullptr) std::memset(column->values->data(), 0, column->values->size());
  for (ColumnPtr& child : column->children) child = null_column(child->type);
  column->constant = true;
  column->set_null(0);
  return column;
}

// One column of the table: a leaf of the file, a row of such, or missing from the file.
class TableColumn {
 public:
  TableColumn(const FileMetadata& metadata, std::shared_ptr<FileInput> file)
      : metadata_(metadata), file_(std::move(file)) {}

  Status bind(const std::vector<std::string>& path, const DataType& type) {
    const SchemaNode* node = &metadata_.nodes[0];
    for (const std::string& step : path) {
      if (node != nullptr) node = metadata_.child(*node, step);
    }
    return bind_node(node, type, join_path(path));
  }

  Status open(const RowGroup& group) {
    for (TableColumn& child : children_) MR_TRY(child.open(group));
    if (leaf_ == nullptr) return Status::ok();
    return leaf_->open(group.columns[leaf_number_], static_cast<uint64_t>(group.row_count));
  }

  Result<ColumnPtr> read(uint32_t count) {
    if (leaf_ != nullptr) {
      ColumnPtr column = make_column(type_, count);
      MR_TRY(leaf_->read(count, *column));
      return column;
    }
    if (children_.empty()) return null_column(type_);
    auto column = std::make_shared<Column>();
    column->type = type_;
    column->physical = millrace::Physical::kRow;
    column->length = count;
    for (TableColumn& child : children_) {
      MR_TRY_ASSIGN(ColumnPtr part, child.read(count));
      column->children.push_back(flat(std::move(part), count));
    }
    const std::vector<uint32_t>* const levels = first_levels();
    if (levels == nullptr) return column;
    for (uint32_t row = 0; row < levels->size(); ++row) {
      if ((*levels)[row] < definition_) column->set_null(row);
    }
    return column;
  }

 private:
  Status bind_node(const SchemaNode* node, const DataType& type, const std::string& name) {
    type_ = type;
    if (node == nullptr) return Status::ok();
    if (node->max_repetition > 0 || type.root == TypeRoot::kArray ||
        type.root == TypeRoot::kMap || type.root == TypeRoot::kMultiset) {
      return Status::error("MR2100", "repeated Parquet column " + name + " in " + file_->path());
    }
    definition_ = node->max_definition;
    if (type.root == TypeRoot::kRow && node->leaf < 0) return bind_fields(*node, type, name);
    const Conversion conversion =
        node->leaf < 0 ? Conversion{} : find_conversion(*node, type);
    if (conversion.kind == Conversion::Kind::kNone) {
      const std::string kind = node->leaf < 0 ? "group" : physical_name(node->physical);
      return file_error(*file_, "column " + name + ": Parquet " + kind +
                                    " cannot be read as the table's type");
    }
    leaf_number_ = static_cast<uint32_t>(node->leaf);
    leaf_ = std::make_unique<LeafReader>(file_, *node, type, conversion);
    return Status::ok();
  }

  Status bind_fields(const SchemaNode& node, const DataType& type, const std::string& name) {
    bool any = false;
    for (const Field& field : type.fields) {
      const SchemaNode* const child = metadata_.child(node, field.name);
      any = any || child != nullptr;
      MR_TRY(children_.emplace_back(metadata_, file_)
                 .bind_node(child, field.type, name + "." + field.name));
    }
    if (!any) children_.clear();
    return Status::ok();
  }

  const std::vector<uint32_t>* first_levels() const {
    if (leaf_ != nullptr) return &leaf_->levels();
    for (const TableColumn& child : children_) {
      if (const auto* levels = child.first_levels()) return levels;
    }
    return nullptr;
  }

  // A row's children are flat: a missing one is written out.
  static ColumnPtr flat(ColumnPtr column, uint32_t count) {
    if (!column->constant) return column;
    ColumnPtr all = make_column(column->type, count);
    if (all->values != nullptr) std::memset(all->values->data(), 0, all->values->size());
    for (ColumnPtr& child : all->children) child = flat(null_column(child->type), count);
    for (uint32_t row = 0; row < count; ++row) all->set_null(row);
    return all;
  }

  const FileMetadata& metadata_;
  std::shared_ptr<FileInput> file_;
  DataType type_;
  uint32_t leaf_number_ = 0;
  uint8_t definition_ = 0;
  std::unique_ptr<LeafReader> leaf_;
  std::vector<TableColumn> children_;
};

class ParquetDecoder final : public FileDecoder {
 public:
  explicit ParquetDecoder(std::vector<SourceColumn> columns) : wanted_(std::move(columns)) {}

  Status open(std::shared_ptr<FileInput> file, FileRange, FilePosition from) override {
    columns_.clear();
    MR_TRY_ASSIGN(metadata_, read_metadata(*file));
    for (const SourceColumn& column : wanted_) {
      MR_TRY(columns_.emplace_back(metadata_, file).bind(column.path, column.type));
    }
    next_group_ = 0;
    group_rows_left_ = 0;
    row_ = 0;
    return skip_to(from.row);
  }

  Result<bool> decode(uint32_t max_rows, Batch& batch) override {
    while (group_rows_left_ == 0) {
      if (next_group_ == metadata_.row_groups.size()) return false;
      if (!is_asked(metadata_.row_groups[next_group_])) {
        row_ += static_cast<uint64_t>(metadata_.row_groups[next_group_++].row_count);
        continue;
      }
      MR_TRY(open_group());
    }
    const uint32_t count = static_cast<uint32_t>(std::min<uint64_t>(max_rows, group_rows_left_));
    batch = Batch{};
    batch.row_count = count;
    for (TableColumn& column : columns_) {
      MR_TRY_ASSIGN(ColumnPtr read, column.read(count));
      batch.columns.push_back(std::move(read));
    }
    group_rows_left_ -= count;
    row_ += count;
    return true;
  }

  [[nodiscard]] FilePosition position() const override { return {0, row_}; }

 private:
  // Whether any row of it may be asked for, as far as its statistics say.
  [[nodiscard]] bool is_asked(const RowGroup& group) const {
    for (const SourceColumn& column : wanted_) {
      if (!column.bounds.has_any()) continue;
      const SchemaNode* node = &metadata_.nodes[0];
      for (const std::string& step : column.path) {
        if (node != nullptr) node = metadata_.child(*node, step);
      }
      const bool is_whole = node != nullptr && node->leaf >= 0 && node->max_repetition == 0 &&
                            (node->logical == Logical::kNone || node->logical == Logical::kDate);
      if (!is_whole) continue;
      const ColumnChunk& chunk = group.columns[static_cast<size_t>(node->leaf)];
      if (column.bounds.excludes(chunk.least, chunk.most)) return false;
    }
    return true;
  }

  Status open_group() {
    const RowGroup& group = metadata_.row_groups[next_group_++];
    group_rows_left_ = static_cast<uint64_t>(group.row_count);
    if (group_rows_left_ == 0) return Status::ok();
    for (TableColumn& column : columns_) MR_TRY(column.open(group));
    return Status::ok();
  }

  // Whole row groups are passed over; the rest is read and dropped.
  Status skip_to(uint64_t row) {
    const auto& groups = metadata_.row_groups;
    while (next_group_ < groups.size() &&
           row_ + static_cast<uint64_t>(groups[next_group_].row_count) <= row) {
      row_ += static_cast<uint64_t>(groups[next_group_++].row_count);
    }
    while (row_ < row) {
      Batch dropped;
      const uint64_t left = std::min<uint64_t>(row - row_, 4096);
      MR_TRY_ASSIGN(const bool more, decode(static_cast<uint32_t>(left), dropped));
      if (!more) break;
    }
    return Status::ok();
  }

  std::vector<SourceColumn> wanted_;
  FileMetadata metadata_;
  std::vector<TableColumn> columns_;
  size_t next_group_ = 0;
  uint64_t group_rows_left_ = 0;
  uint64_t row_ = 0;
};

}  // namespace
}  // namespace parquet

Result<std::unique_ptr<FileDecoder>> make_parquet_file_decoder(const SourceSpec& spec,
                                                               const std::string&) {
  for (const auto& [name, value] : spec.format_options.entries) {
    if (name != "utc-timezone" && name != "batch-size") {
      return Status::error("MR2014", "option parquet." + name);
    }
  }
  return std::unique_ptr<FileDecoder>(std::make_unique<parquet::ParquetDecoder>(spec.columns));
}

}  // namespace millrace
