// The JSON decoder under sanitizers: damaged records, lines cut at every place, long lines.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include "check.h"
#include "formats/decoder.h"
#include "sources/random.h"

using namespace millrace;
using namespace millrace::test;

namespace {

DataType type_of(TypeRoot root, std::vector<Field> fields = {}) {
  DataType type;
  type.root = root;
  type.fields = std::move(fields);
  if (root == TypeRoot::kVarchar) type.length = 2'147'483'647;
  if (root == TypeRoot::kDecimal) type.precision = 20;
  if (root == TypeRoot::kDecimal) type.scale = 4;
  if (root == TypeRoot::kTimestamp) type.precision = 3;
  return type;
}

SourceSpec spec_of(bool lenient) {
  const DataType number = type_of(TypeRoot::kInteger), text = type_of(TypeRoot::kVarchar);
  SourceSpec spec;
  spec.format = "json";
  if (lenient) spec.format_options.entries = {{"ignore-parse-errors", "true"}};
  spec.columns = {
      {{"a"}, number},
      {{"b"}, type_of(TypeRoot::kBigint)},
      {{"c"}, text},
      {{"d"}, type_of(TypeRoot::kDouble)},
      {{"e"}, type_of(TypeRoot::kDecimal)},
      {{"f"}, type_of(TypeRoot::kTimestamp)},
      {{"g"}, type_of(TypeRoot::kArray, {{"element", number}})},
      {{"h"}, type_of(TypeRoot::kMap, {{"key", text}, {"value", text}})},
      {{"i"}, type_of(TypeRoot::kRow, {{"x", number}, {"y", text}})},
      {{"i", "y"}, text},
      {{"j", "k"}, type_of(TypeRoot::kVarbinary)},
  };
  return spec;
}

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content)
      : path_(std::filesystem::temp_directory_path() /
              ("millrace-json-" + std::to_string(::getpid()))) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

struct Outcome {
  uint64_t rows = 0;
  uint64_t text_bytes = 0;
  uint64_t bad_records = 0;
  bool failed = false;
};

// Reads a file to its end, and every byte of its text.
Outcome read_all(const std::string& content, bool lenient, uint32_t max_rows) {
  const TemporaryFile file(content);
  auto decoder = std::move(make_json_file_decoder(spec_of(lenient), "UTC").value());
  Outcome outcome;
  if (!decoder->open(FileInput::open(file.path()).value(), {}, {}).is_ok()) return {0, 0, 0, true};
  while (true) {
    Batch batch;
    const auto more = decoder->decode(max_rows, batch);
    outcome.failed = !more.is_ok();
    if (outcome.failed || !more.value()) break;
    outcome.rows += batch.row_count;
    const Column& text = *batch.columns[2];
    for (uint32_t row = 0; row < batch.row_count; ++row) {
      if (text.is_null(row)) continue;
      for (const char c : text.data<StringView>()[row].view()) {
        outcome.text_bytes += static_cast<uint8_t>(c) != 0 ? 1 : 0;
      }
    }
  }
  outcome.bad_records = decoder->bad_records();
  return outcome;
}

const std::string kRecord =
    R"({"a":17,"b":-9007199254740993,"c":"x\u00e9\n\ud83d\ude00 long enough to be no inline",)"
    R"("d":1.5e3,"e":"123.45678","f":"2020-01-02 03:04:05.678","g":[1,null,3],)"
    R"("h":{"k":"v","k":"w","n":null},"i":{"x":1,"y":"z"},"j":{"k":"AQID"},"z":[{"q":"}"}]})";

}  // namespace

TEST("a record cut anywhere is no crash") {
  for (size_t length = 0; length <= kRecord.size(); ++length) {
    const Outcome strict = read_all(kRecord.substr(0, length), false, 10);
    const bool whole = length == kRecord.size() || length == 0;
    CHECK(strict.failed == !whole);
    const Outcome lenient = read_all(kRecord.substr(0, length) + "\n" + kRecord, true, 10);
    CHECK(!lenient.failed);
    CHECK(lenient.rows + lenient.bad_records == (length == 0 ? 1u : 2u));
  }
}

TEST("damaged records are no crash") {
  constexpr char kNoise[] = "\"\\{}[]:,0129.eE+-ntfu \x01\xc3\xff";
  uint64_t rows = 0, bad = 0;
  for (uint32_t round = 0; round < 3000; ++round) {
    std::string content;
    for (uint32_t line = 0; line < 3; ++line) {
      std::string record = kRecord;
      const uint32_t key = random::record_key(round, line);
      for (uint32_t i = 0; i < 1 + random::below(random::draw(key, 99), 4); ++i) {
        const uint32_t at =
            random::below(random::draw(key, 2 * i), static_cast<uint32_t>(record.size()));
        record[at] = kNoise[random::below(random::draw(key, 2 * i + 1), sizeof(kNoise) - 1)];
      }
      content += record + "\n";
    }
    const Outcome outcome = read_all(content, true, 2);
    CHECK(!outcome.failed);
    rows += outcome.rows;
    bad += outcome.bad_records;
  }
  CHECK(rows > 100);
  CHECK(bad > 100);
}

TEST("lines longer than a chunk are read whole") {
  const std::string text(1'000'000, 'y');
  const std::string content = kRecord + "\n{\"c\":\"" + text + "\"}\n" + kRecord + "\n";
  const Outcome outcome = read_all(content, false, 4096);
  CHECK(!outcome.failed);
  CHECK(outcome.rows == 3);
  CHECK(outcome.text_bytes > text.size());
}
