// Parquet files, whole and damaged: rows or an error, and under the sanitizers nothing else.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "check.h"
#include "formats/decoder.h"
#include "formats/snappy-decoder.h"
#include "formats/zstd-decoder.h"

using namespace millrace;
using namespace millrace::test;

namespace {

const std::filesystem::path kFolder =
    std::filesystem::path(__FILE__).parent_path().parent_path() / "fixtures" / "parquet";

DataType type(TypeRoot root, uint8_t precision = 0, uint8_t scale = 0) {
  DataType type;
  type.root = root;
  type.precision = precision;
  type.scale = scale;
  type.length = INT32_MAX;
  return type;
}

SourceSpec everything() {
  DataType inner = type(TypeRoot::kRow);
  inner.fields = {{"s", type(TypeRoot::kVarchar)}, {"k", type(TypeRoot::kBigint)}};
  DataType outer = type(TypeRoot::kRow);
  outer.fields = {{"a", type(TypeRoot::kInteger)}, {"in", inner}};
  SourceSpec spec;
  spec.format = "parquet";
  spec.columns = {{{"i8"}, type(TypeRoot::kTinyint)},
                  {{"i32"}, type(TypeRoot::kInteger)},
                  {{"i64"}, type(TypeRoot::kBigint)},
                  {{"f32"}, type(TypeRoot::kFloat)},
                  {{"b"}, type(TypeRoot::kBoolean)},
                  {{"s"}, type(TypeRoot::kVarchar)},
                  {{"u"}, type(TypeRoot::kVarchar)},
                  {{"y"}, type(TypeRoot::kVarbinary)},
                  {{"x"}, type(TypeRoot::kVarbinary)},
                  {{"d9"}, type(TypeRoot::kDecimal, 9, 2)},
                  {{"d38"}, type(TypeRoot::kDecimal, 38, 10)},
                  {{"ns"}, type(TypeRoot::kTimestamp, 3)},
                  {{"row"}, outer}};
  return spec;
}

std::string content_of(const std::string& name) {
  std::ifstream in(kFolder / (name + ".parquet"), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Rows read, or -1 where an error ended it. Every text is touched.
int64_t read_file(const std::string& path, uint32_t batch_rows) {
  auto decoder = make_parquet_file_decoder(everything(), "UTC");
  auto file = FileInput::open(path);
  if (!decoder.is_ok() || !file.is_ok()) return -1;
  if (!decoder.value()->open(file.value(), {}, {}).is_ok()) return -1;
  int64_t rows = 0;
  size_t touched = 0;
  for (uint32_t i = 0; i < 400; ++i) {
    Batch batch;
    const auto more = decoder.value()->decode(batch_rows, batch);
    if (!more.is_ok()) return -1;
    if (!more.value()) break;
    rows += batch.row_count;
    for (const ColumnPtr& column : batch.columns) {
      if (column->physical != Physical::kString && column->physical != Physical::kBytes) continue;
      for (uint32_t row = 0; row < batch.row_count; ++row) {
        const StringView& text = column->data<StringView>()[column->at(row)];
        for (const char c : text.view()) touched += static_cast<unsigned char>(c);
      }
    }
  }
  return touched == SIZE_MAX ? -1 : rows;
}

constexpr const char* kNames[] = {"plain-v1",  "dictionary-v1-snappy", "dictionary-v2-zstd",
                                  "delta-v1", "delta-v2-zstd",        "small-pages-v1-zstd"};

}  // namespace

TEST("every encoding, codec and page version gives all rows") {
  for (const char* name : kNames) {
    const std::string path = (kFolder / (std::string(name) + ".parquet")).string();
    CHECK_EQUAL(read_file(path, 4096), 300);
    CHECK_EQUAL(read_file(path, 7), 300);
  }
}

TEST("a damaged or truncated Parquet file is an error or rows, never a crash") {
  const std::string path =
      (std::filesystem::temp_directory_path() / "millrace-damaged.parquet").string();
  Random random(11);
  uint32_t errors = 0;
  for (const char* name : kNames) {
    const std::string whole = content_of(name);
    CHECK(!whole.empty());
    for (uint32_t round = 0; round < 150; ++round) {
      std::string bytes = whole;
      for (uint32_t hits = 1 + random.below(5); hits > 0; --hits) {
        const auto size = static_cast<uint32_t>(bytes.size());
        const uint32_t tail = size < 4000 ? size : 4000;
        const uint32_t at =
            random.below(2) == 0 ? random.below(size) : size - 1 - random.below(tail);
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
      }
      if (random.below(10) == 0) bytes.resize(random.below(static_cast<uint32_t>(bytes.size())));
      std::ofstream(path, std::ios::binary).write(bytes.data(), std::ssize(bytes));
      if (read_file(path, 64) < 0) ++errors;
    }
  }
  std::filesystem::remove(path);
  CHECK(errors > 100);
}

TEST("damaged Zstandard and Snappy data stay within their output") {
  Random random(5);
  // A frame of one RLE block: 1000 times 'a'.
  const std::vector<uint8_t> frame = {0x28, 0xB5, 0x2F, 0xFD, 0x60, 0xE8, 0x02,
                                      0x43, 0x1F, 0x00, 'a'};
  std::vector<uint8_t> output(1000 + ZstdDecoder::kSlack);
  ZstdDecoder decoder;
  CHECK(decoder.decompress(frame, {output.data(), 1000}) == nullptr);
  CHECK_EQUAL(output[999], 'a');
  for (uint32_t round = 0; round < 5000; ++round) {
    std::vector<uint8_t> damaged(4 + random.below(60));
    for (uint8_t& byte : damaged) byte = static_cast<uint8_t>(random.next());
    std::copy(frame.begin(), frame.begin() + 4, damaged.begin());
    (void)!decoder.decompress(damaged, {output.data(), 1000});
    (void)!snappy_decompress(damaged, {output.data(), random.below(1000)});
  }
}
