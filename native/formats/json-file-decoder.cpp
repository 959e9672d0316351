// Files of JSON lines.
#include "formats/decoder.h"
#include "formats/json-decoder.h"
#include "formats/line-reader.h"

namespace millrace {

namespace {

using json::Outcome;

class JsonFileDecoder final : public FileDecoder {
 public:
  explicit JsonFileDecoder(std::unique_ptr<json::RecordDecoder> records)
      : records_(std::move(records)) {}

  Status open(std::shared_ptr<FileInput> file, FileRange range, FilePosition from) override {
    path_ = file->path();
    begin_ = range.begin;
    line_ = from.row;
    return lines_.open(std::move(file), range, from.offset);
  }

  Result<bool> decode(uint32_t max_rows, Batch& batch) override {
    records_->start(max_rows);
    bool any = false;
    std::string_view line;
    bool is_utf8 = true;
    while (records_->row_count() < max_rows) {
      line_offset_ = lines_.offset();
      MR_TRY_ASSIGN(const bool more, lines_.next(line, is_utf8));
      if (!more) break;
      any = true;
      ++line_;
      if (line.empty()) continue;
      const Outcome outcome = is_utf8 ? records_->decode(line) : Outcome::kMalformed;
      if (outcome == Outcome::kOk) [[likely]] continue;
      if (!records_->options().ignore_parse_errors) return fault(is_utf8);
      ++bad_records_;
    }
    if (!any) return false;
    batch = records_->finish(lines_.take_chunks());
    return true;
  }

  [[nodiscard]] FilePosition position() const override { return {lines_.offset(), line_}; }
  [[nodiscard]] uint64_t bad_records() const override { return bad_records_; }
  [[nodiscard]] bool splittable() const override { return true; }

 private:
  // Lines can be counted only from the file's begin; elsewhere the offset tells the place.
  [[nodiscard]] Status fault(bool is_utf8) const {
    const std::string place = begin_ == 0 ? "line " + std::to_string(line_)
                                          : "offset " + std::to_string(line_offset_);
    return Status::error("MR4004", path_ + ": " + place + ": " +
                                       (is_utf8 ? records_->error() : "invalid UTF-8"));
  }

  std::unique_ptr<json::RecordDecoder> records_;
  LineReader lines_;
  std::string path_;
  uint64_t begin_ = 0;
  uint64_t line_ = 0;
  uint64_t line_offset_ = 0;
  uint64_t bad_records_ = 0;
};

}  // namespace

Result<std::unique_ptr<FileDecoder>> make_json_file_decoder(const SourceSpec& spec,
                                                            const std::string& /*zone*/) {
  MR_TRY_ASSIGN(auto records, json::RecordDecoder::make(spec));
  return std::unique_ptr<FileDecoder>(std::make_unique<JsonFileDecoder>(std::move(records)));
}

}  // namespace millrace
