// Columns that stand in no record but say something of its file: metadata, and the values of
// partitions, which are the names of folders. One value for all rows of a batch.
// src/connectors/filesystem/file-columns.ts is the same in TypeScript.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "columnar/batch.h"
#include "sources/source-spec.h"

namespace millrace {

class FileColumns {
 public:
  // MR2100 for a partition column whose type has no folders.
  [[nodiscard]] static Result<FileColumns> make(const SourceSpec& spec);

  // What a decoder reads.
  [[nodiscard]] std::vector<SourceColumn> decoded() const;
  // The batches to come are of this file; false: none of its rows are asked for.
  [[nodiscard]] Result<bool> open(const std::string& path);
  // The decoder's columns with those of the file between them.
  void complete(Batch& batch) const;

 private:
  FileColumns() = default;
  [[nodiscard]] Result<ColumnPtr> constant_of(const SourceColumn& column,
                                              const std::string& path) const;
  [[nodiscard]] Status set_partition_value(const SourceColumn& column, const std::string& path,
                                           Column& to) const;

  std::vector<SourceColumn> columns_;
  std::string null_part_;
  bool has_any_ = false;
  std::vector<ColumnPtr> constants_;  // null where the decoder gives the column
};

// Whether values of the type can be names of folders, as those of partition columns are.
[[nodiscard]] bool names_folder(const DataType& type);
// The name of a folder without the escapes that a sink puts into it.
[[nodiscard]] std::string unescaped_folder(std::string_view name);

}  // namespace millrace
