#include "target.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace millrace::fuzz {

std::vector<Target>& targets() {
  static std::vector<Target> list;
  return list;
}

DataType type(TypeRoot root, uint8_t precision, uint8_t scale) {
  DataType made;
  made.root = root;
  made.precision = precision;
  made.scale = scale;
  made.length = INT32_MAX;
  return made;
}

namespace {

volatile uint32_t sink = 0;

void touch(const Column& column, uint32_t rows) {
  uint32_t sum = 0;
  for (uint32_t row = 0; row < rows; ++row) {
    sum += column.is_null(row) ? 1 : 0;
    if (column.physical == Physical::kString || column.physical == Physical::kBytes) {
      for (const char c : column.data<StringView>()[column.at(row)].view()) {
        sum += static_cast<unsigned char>(c);
      }
    }
  }
  sink = sink + sum;
}

}  // namespace

void touch(const Batch& batch) {
  for (const ColumnPtr& column : batch.columns) touch(*column, batch.row_count);
}

MemoryFile::MemoryFile(Bytes content) : descriptor_(::memfd_create("fuzz", 0)) {
  if (descriptor_ < 0) std::abort();
  const auto written = ::write(descriptor_, content.data(), content.size());
  if (written != static_cast<ssize_t>(content.size())) std::abort();
}

MemoryFile::~MemoryFile() { ::close(descriptor_); }

std::shared_ptr<FileInput> MemoryFile::open() const {
  auto opened = FileInput::open("/proc/self/fd/" + std::to_string(descriptor_));
  if (!opened.is_ok()) std::abort();
  return opened.value();
}

void decode_all(FileDecoder& decoder, Bytes content, uint32_t batch_rows) {
  const MemoryFile file(content);
  if (!decoder.open(file.open(), {}, {}).is_ok()) return;
  for (uint32_t round = 0; round < 1'000; ++round) {
    Batch batch;
    const auto more = decoder.decode(batch_rows, batch);
    if (!more.is_ok() || !more.value()) return;
    touch(batch);
    if (round == 1 && !decoder.open(file.open(), {}, decoder.position()).is_ok()) return;
  }
}

namespace {

// In the order of names, so that the same seed gives the same run.
std::vector<std::string> contents_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".md") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<std::string> contents;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    contents.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return contents;
}

}  // namespace

std::vector<std::string> fixtures(std::string_view folder) {
  return contents_of(std::filesystem::path(MILLRACE_FIXTURES) / folder);
}

std::vector<std::string> planned() {
  const char* folder = std::getenv("MILLRACE_FUZZ_PLANS");
  return folder == nullptr ? std::vector<std::string>() : contents_of(folder);
}

std::vector<std::string> expressions() {
  const char* folder = std::getenv("MILLRACE_FUZZ_EXPRESSIONS");
  return folder == nullptr ? std::vector<std::string>() : contents_of(folder);
}

}  // namespace millrace::fuzz
