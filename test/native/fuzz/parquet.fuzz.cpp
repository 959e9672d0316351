// Parquet files of every encoding and codec, and the codecs alone.
#include <algorithm>

#include "formats/snappy-decoder.h"
#include "formats/zstd-decoder.h"
#include "target.h"

namespace millrace::fuzz {
namespace {

SourceSpec spec() {
  DataType inner = type(TypeRoot::kRow);
  inner.fields = {{"s", type(TypeRoot::kVarchar)}, {"k", type(TypeRoot::kBigint)}};
  DataType outer = type(TypeRoot::kRow);
  outer.fields = {{"a", type(TypeRoot::kInteger)}, {"in", inner}};
  SourceSpec made;
  made.format = "parquet";
  made.columns = {{{"i8"}, type(TypeRoot::kTinyint)},
                  {{"i32"}, type(TypeRoot::kInteger)},
                  {{"i64"}, type(TypeRoot::kBigint)},
                  {{"f32"}, type(TypeRoot::kFloat)},
                  {{"b"}, type(TypeRoot::kBoolean)},
                  {{"s"}, type(TypeRoot::kVarchar)},
                  {{"u"}, type(TypeRoot::kVarchar)},
                  {{"y"}, type(TypeRoot::kVarbinary)},
                  {{"d9"}, type(TypeRoot::kDecimal, 9, 2)},
                  {{"d38"}, type(TypeRoot::kDecimal, 38, 10)},
                  {{"ns"}, type(TypeRoot::kTimestamp, 3)},
                  {{"row"}, outer}};
  return made;
}

void run_file(Bytes input) {
  auto decoder = make_parquet_file_decoder(spec(), "UTC");
  if (decoder.is_ok()) decode_all(*decoder.value(), input, 37);
}

std::vector<std::string> file_seeds() {
  std::vector<std::string> files = fixtures("parquet");
  std::ranges::sort(files, {}, &std::string::size);
  return files;
}

// The first two bytes are the length that the page claims to unpack to.
size_t claimed(Bytes input) { return input[0] | (size_t{input[1]} << 8); }

void run_zstd(Bytes input) {
  if (input.size() < 2) return;
  static ZstdDecoder decoder;
  const size_t length = claimed(input);
  std::vector<uint8_t> output(length + ZstdDecoder::kSlack);
  (void)decoder.decompress(input.subspan(2), std::span(output).first(length));
}

void run_snappy(Bytes input) {
  if (input.size() < 2) return;
  std::vector<uint8_t> output(claimed(input));
  (void)snappy_decompress(input.subspan(2), output);
}

constexpr uint8_t kZstdFrame[] = {
    // 200 bytes of "the quick brown fox " with Huffman literals and a repeated match
    0x28, 0xb5, 0x2f, 0xfd, 0x20, 0xc8, 0xd5, 0x00, 0x00, 0xa0, 0x74, 0x68, 0x65, 0x20, 0x71, 0x75,
    0x69, 0x63, 0x6b, 0x20, 0x62, 0x72, 0x6f, 0x77, 0x6e, 0x20, 0x66, 0x6f, 0x78, 0x20, 0x01, 0x00,
    0xb1, 0x24, 0x0a};

// Whole frames, cut out of the files by their magic number.
std::vector<std::string> zstd_seeds() {
  std::vector<std::string> found{
      std::string("\xc8\x00", 2) +
      std::string(reinterpret_cast<const char*>(kZstdFrame), sizeof(kZstdFrame))};
  for (const std::string& file : fixtures("parquet")) {
    for (size_t at = file.find("\x28\xb5\x2f\xfd"); at != std::string::npos && found.size() < 200;
         at = file.find("\x28\xb5\x2f\xfd", at + 4)) {
      found.push_back("\xff\x3f" + file.substr(at, 4096));
    }
  }
  return found;
}

std::vector<std::string> snappy_seeds() {
  return {std::string("\x0a\x00\x0a\x24" "abcdefghij", 14),
          std::string("\x14\x00\x14\x0c" "abcd\x3e\x04\x00", 11),
          std::string("\x20\x00\x20\x08" "xyz\x71\x03", 9)};
}

const Registration files({"parquet", run_file, file_seeds});
const Registration zstd({"zstd", run_zstd, zstd_seeds});
const Registration snappy({"snappy", run_snappy, snappy_seeds});

}  // namespace
}  // namespace millrace::fuzz
