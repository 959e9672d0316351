// The lines of a part of a file, as views into the chunks that were read. A line belongs to the
// part that its first byte lies in; line ends are \n and \r\n; the last one may lack it.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "columnar/column.h"
#include "formats/decoder.h"

namespace millrace {

class LineReader {
 public:
  static constexpr size_t kChunkBytes = 256 * 1024;
  static constexpr size_t kMaxLineBytes = 256 * 1024 * 1024;
  static constexpr size_t kPadding = 64;  // readable bytes behind every line

  // Starts at `offset`, which is the range's begin or what offset() said before.
  [[nodiscard]] Status open(std::shared_ptr<FileInput> file, FileRange range, uint64_t offset);
  // False: no more. A line is valid as long as its chunk: see take_chunks. Invalid UTF-8 is
  // found out as a whole chunk's, so asking is cheap: `is_utf8` is of this line.
  [[nodiscard]] Result<bool> next(std::string_view& line, bool& is_utf8);
  // Of the line that next() will give.
  [[nodiscard]] uint64_t offset() const { return chunk_offset_ + at_; }
  // The memory of all lines given since the last call.
  [[nodiscard]] std::vector<std::shared_ptr<const void>> take_chunks();

 private:
  [[nodiscard]] Status fill();
  [[nodiscard]] Status skip_partial_line();
  void validate(size_t from);

  std::shared_ptr<FileInput> file_;
  uint64_t end_ = 0;           // lines that start here or behind are not ours
  uint64_t chunk_offset_ = 0;  // of the chunk's first byte in the file
  BufferPtr chunk_;
  size_t at_ = 0;              // of the next line in the chunk
  size_t filled_ = 0;
  bool at_end_ = false;        // nothing is left to read
  bool valid_ = true;          // all whole lines of the chunk are UTF-8
  std::vector<std::shared_ptr<const void>> used_;
};

}  // namespace millrace
