// What turns the bytes of a file into columns. One decoder serves one source task; it is given
// one file (or a part of one) after the other and reads them by itself.
//
//     open(file, range, from)      the next part of a file
//     decode(max_rows, batch)*     until it says false; position() between any two
//
// src/formats/decoder.ts states the same for the TypeScript engine.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/status.h"
#include "columnar/batch.h"
#include "sources/source-spec.h"

namespace millrace {

// A file open for reading at any offset. It may shrink under the reader: read_at then gives less.
class FileInput {
 public:
  // MR4001 where there is no such file, MR4002 otherwise.
  [[nodiscard]] static Result<std::shared_ptr<FileInput>> open(const std::string& path);
  ~FileInput();
  FileInput(const FileInput&) = delete;
  FileInput& operator=(const FileInput&) = delete;

  // Bytes read, fewer than asked for only at the end of the file.
  [[nodiscard]] Result<size_t> read_at(uint64_t offset, void* to, size_t bytes) const;
  [[nodiscard]] uint64_t size() const { return size_; }  // when it was opened
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  FileInput(std::string path, int descriptor, uint64_t size)
      : path_(std::move(path)), descriptor_(descriptor), size_(size) {}
  std::string path_;
  int descriptor_;
  uint64_t size_;
};

// The records whose first byte lies in [begin, end). A format that cannot be cut gets whole files.
struct FileRange {
  uint64_t begin = 0;
  uint64_t end = UINT64_MAX;
};

// Where the next record starts. `row` counts the records since the range's begin (skipped ones
// too), for error texts and for formats without byte offsets; such leave `offset` alone.
struct FilePosition {
  uint64_t offset = 0;
  uint64_t row = 0;
};

class FileDecoder {
 public:
  virtual ~FileDecoder() = default;
  // Goes to the records of `range`; `from` is {range.begin, 0} or what position() once said.
  virtual Status open(std::shared_ptr<FileInput> file, FileRange range, FilePosition from) = 0;
  // True: `batch` was filled with 0 to max_rows rows, one column a SourceSpec::columns entry;
  // false: the range has ended. Memory that the columns view into is held by Column::owners.
  virtual Result<bool> decode(uint32_t max_rows, Batch& batch) = 0;
  [[nodiscard]] virtual FilePosition position() const = 0;
  // Records skipped since the decoder was made.
  [[nodiscard]] virtual uint64_t bad_records() const { return 0; }
  // Whether a file may be shared out among subtasks by byte ranges.
  [[nodiscard]] virtual bool splittable() const { return false; }
};

// By format: json, csv, parquet, those of change data capture. MR2014 where there is none of that
// name.
[[nodiscard]] Result<std::unique_ptr<FileDecoder>> make_file_decoder(const SourceSpec& spec,
                                                                     const std::string& zone);

[[nodiscard]] Result<std::unique_ptr<FileDecoder>> make_json_file_decoder(const SourceSpec& spec,
                                                                          const std::string& zone);

// By a format of change data capture (formats/json-envelope.h).
[[nodiscard]] Result<std::unique_ptr<FileDecoder>> make_change_file_decoder(
    const SourceSpec& spec, const std::string& zone);

[[nodiscard]] Result<std::unique_ptr<FileDecoder>> make_parquet_file_decoder(
    const SourceSpec& spec, const std::string& zone);

[[nodiscard]] Result<std::unique_ptr<FileDecoder>> make_csv_file_decoder(
    const SourceSpec& spec, const std::string& zone);

}  // namespace millrace
