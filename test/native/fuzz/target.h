// What the fuzzers share. A target takes any bytes and may only return: the sanitizers say the
// rest. Its seeds are whole inputs to start from.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "columnar/batch.h"
#include "formats/decoder.h"

namespace millrace::fuzz {

using Bytes = std::span<const uint8_t>;

struct Target {
  std::string_view name;
  void (*run)(Bytes input);
  std::vector<std::string> (*seeds)();
};

std::vector<Target>& targets();

struct Registration {
  explicit Registration(Target target) { targets().push_back(target); }
};

[[nodiscard]] DataType type(TypeRoot root, uint8_t precision = 0, uint8_t scale = 0);
// Reads every byte of every value of the batch's rows.
void touch(const Batch& batch);
// A file in memory that decoders open by path.
class MemoryFile {
 public:
  explicit MemoryFile(Bytes content);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  [[nodiscard]] std::shared_ptr<FileInput> open() const;

 private:
  int descriptor_;
};
// Decodes a file to its end or its first error, in batches of 1 to 64 rows, and reopens the
// decoder in the middle.
void decode_all(FileDecoder& decoder, Bytes content, uint32_t batch_rows);

// What the files of a folder below test/fixtures hold.
[[nodiscard]] std::vector<std::string> fixtures(std::string_view folder);
// Plans that the planner made: those in the folder that MILLRACE_FUZZ_PLANS names.
[[nodiscard]] std::vector<std::string> planned();
// Expressions with their columns: those in the folder that MILLRACE_FUZZ_EXPRESSIONS names.
[[nodiscard]] std::vector<std::string> expressions();

}  // namespace millrace::fuzz
