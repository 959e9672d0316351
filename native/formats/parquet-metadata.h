// A Parquet file's footer: its schema, and where each row group's columns lie.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "formats/decoder.h"

namespace millrace::parquet {

// Numbers are those of the format.
enum class Physical : uint8_t {
  kBoolean = 0, kInt32 = 1, kInt64 = 2, kInt96 = 3, kFloat = 4, kDouble = 5, kByteArray = 6,
  kFixed = 7,
};

enum class Encoding : uint8_t {
  kPlain = 0, kPlainDictionary = 2, kRle = 3, kBitPacked = 4, kDeltaBinaryPacked = 5,
  kDeltaLengthByteArray = 6, kDeltaByteArray = 7, kRleDictionary = 8, kByteStreamSplit = 9,
};

enum class Codec : uint8_t {
  kUncompressed = 0, kSnappy = 1, kGzip = 2, kLzo = 3, kBrotli = 4, kLz4 = 5, kZstd = 6,
  kLz4Raw = 7,
};

enum class Logical : uint8_t { kNone, kDecimal, kDate, kTime, kTimestamp, kUnsigned, kOther };

// A node of the schema; nodes stand in the file's order, a group before its children.
struct SchemaNode {
  std::string name;
  Physical physical = Physical::kBoolean;
  uint32_t type_length = 0;
  Logical logical = Logical::kNone;
  int32_t scale = 0;
  int32_t precision = 0;
  int64_t ticks_per_second = 0;  // TIME and TIMESTAMP
  std::vector<uint32_t> children;
  int32_t leaf = -1;             // number of the column; -1 for a group
  uint8_t max_definition = 0;    // definition level of a value that is present
  uint8_t max_repetition = 0;
};

struct ColumnChunk {
  Codec codec = Codec::kUncompressed;
  Physical physical = Physical::kBoolean;
  int64_t value_count = 0;
  int64_t start = 0;  // of the first page, dictionary included
  int64_t bytes = 0;
  // Of INT32 and INT64, where the writer says it: no value lies outside.
  std::optional<int64_t> least;
  std::optional<int64_t> most;
};

struct RowGroup {
  std::vector<ColumnChunk> columns;  // by leaf number
  int64_t row_count = 0;
};

struct FileMetadata {
  std::vector<SchemaNode> nodes;  // 0 is the root
  uint32_t leaf_count = 0;
  std::vector<RowGroup> row_groups;
  [[nodiscard]] const SchemaNode* child(const SchemaNode& parent, const std::string& name) const;
};

struct PageHeader {
  enum class Kind : uint8_t { kData = 0, kIndex = 1, kDictionary = 2, kDataV2 = 3 };
  Kind kind = Kind::kData;
  uint32_t uncompressed_bytes = 0;
  uint32_t compressed_bytes = 0;
  uint32_t value_count = 0;
  Encoding encoding = Encoding::kPlain;
  uint32_t definition_bytes = 0;  // V2
  uint32_t repetition_bytes = 0;  // V2
  bool is_compressed = true;      // V2
};

// Every error names the file: MR4002 "path: reason".
[[nodiscard]] Status file_error(const FileInput& file, const std::string& reason);
[[nodiscard]] Result<FileMetadata> read_metadata(const FileInput& file);
// Reads a header from the front of `bytes` and sets the bytes it took. False: malformed.
[[nodiscard]] bool read_page_header(std::span<const uint8_t> bytes, PageHeader& header,
                                    size_t& taken);

}  // namespace millrace::parquet
