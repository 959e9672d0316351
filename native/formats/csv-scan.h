// The records of a CSV file as fields: views into the chunks that were read, or into an arena
// where quotes or escapes had to be taken out.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "columnar/arena.h"
#include "columnar/column.h"
#include "formats/csv-options.h"
#include "formats/decoder.h"

namespace millrace::csv {

enum class Scanned : uint8_t { kRecord, kMalformed, kEnd };

class Scanner {
 public:
  [[nodiscard]] Status open(std::shared_ptr<FileInput> file, const Options& options,
                            uint64_t offset);
  // kMalformed: reason() says why; the next call goes on behind that line.
  [[nodiscard]] Result<Scanned> next(Arena& arena);
  // Of the record that next() gave.
  [[nodiscard]] const std::vector<std::string_view>& fields() const { return fields_; }
  [[nodiscard]] const char* reason() const { return reason_; }
  // Where the next record starts.
  [[nodiscard]] uint64_t offset() const { return chunk_offset_ + at_; }
  // The memory of all fields given since the last call.
  [[nodiscard]] std::vector<std::shared_ptr<const void>> take_chunks();

 private:
  static constexpr size_t kChunkBytes = 256 * 1024;
  static constexpr size_t kMaxRecordBytes = 256u << 20;
  enum class Step : uint8_t { kDone, kMore, kMalformed };

  [[nodiscard]] Status fill();
  [[nodiscard]] Step skip_comments();
  [[nodiscard]] Step record(Arena& arena);
  [[nodiscard]] Step quoted(size_t& at, Arena& arena);
  [[nodiscard]] Step unquoted(size_t& at, Arena& arena);
  [[nodiscard]] Step line_end(size_t& at) const;
  [[nodiscard]] Step malformed(size_t at, const char* reason);
  [[nodiscard]] bool is_line_end(char c) const { return c == '\n' || c == '\r'; }
  void keep(std::string_view text, Arena& arena);

  std::shared_ptr<FileInput> file_;
  Options options_;
  BufferPtr chunk_;
  const char* bytes_ = nullptr;
  uint64_t chunk_offset_ = 0;
  size_t at_ = 0;
  size_t filled_ = 0;
  bool at_end_ = false;
  std::vector<std::string_view> fields_;
  std::string scratch_;
  const char* reason_ = "";
  std::vector<std::shared_ptr<const void>> used_;
};

}  // namespace millrace::csv
