// Files of JSON lines, of rows or of changes.
#include <algorithm>

#include "formats/decoder.h"
#include "formats/json-changes.h"
#include "formats/json-decoder.h"
#include "formats/line-reader.h"

namespace millrace {

namespace {

using json::Outcome;

class JsonFileDecoder final : public FileDecoder {
 public:
  // `changes` makes rows of records that tell of changes; null: a record is a row.
  JsonFileDecoder(std::unique_ptr<json::RecordDecoder> records,
                  std::unique_ptr<json::ChangeRecords> changes)
      : records_(std::move(records)), changes_(std::move(changes)) {}

  Status open(std::shared_ptr<FileInput> file, FileRange range, FilePosition from) override {
    path_ = file->path();
    begin_ = range.begin;
    line_ = from.row;
    return lines_.open(std::move(file), range, from.offset);
  }

  Result<bool> decode(uint32_t max_rows, Batch& batch) override {
    // An update is two rows.
    if (changes_ != nullptr) max_rows = std::max(1u, max_rows / 2);
    records_->start(max_rows);
    places_.clear();
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
      if (changes_ != nullptr) places_.resize(records_->row_count(), place());
      if (outcome == Outcome::kOk) [[likely]] continue;
      if (!records_->options().ignore_parse_errors) {
        MR_TRY(finish(batch));
        return fault_at(place(), is_utf8 ? records_->error() : "invalid UTF-8");
      }
      ++bad_records_;
    }
    if (!any) return false;
    MR_TRY(finish(batch));
    return true;
  }

  [[nodiscard]] FilePosition position() const override { return {lines_.offset(), line_}; }
  [[nodiscard]] uint64_t bad_records() const override { return bad_records_; }
  [[nodiscard]] bool splittable() const override { return true; }

 private:
  // Fails where a record before the end of the batch tells no change.
  Status finish(Batch& batch) {
    batch = records_->finish(lines_.take_chunks());
    if (changes_ == nullptr) return Status::ok();
    std::vector<json::ChangeRecords::Fault> faults;
    const bool ignores = records_->options().ignore_parse_errors;
    batch = changes_->unfold(batch, !ignores, faults);
    if (!ignores && !faults.empty()) {
      return fault_at(places_[faults.front().record], faults.front().reason);
    }
    bad_records_ += faults.size();
    return Status::ok();
  }

  [[nodiscard]] Status fault_at(uint64_t place, const std::string& reason) const {
    const char* unit = begin_ == 0 ? "line " : "offset ";
    return Status::error("MR4004", path_ + ": " + unit + std::to_string(place) + ": " + reason);
  }
  // Lines can be counted only from the file's begin; elsewhere the offset tells the place.
  [[nodiscard]] uint64_t place() const { return begin_ == 0 ? line_ : line_offset_; }

  std::unique_ptr<json::RecordDecoder> records_;
  std::unique_ptr<json::ChangeRecords> changes_;
  std::vector<uint64_t> places_;  // of the records of the batch, where there are changes
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
  return std::unique_ptr<FileDecoder>(
      std::make_unique<JsonFileDecoder>(std::move(records), nullptr));
}

Result<std::unique_ptr<FileDecoder>> make_change_file_decoder(const SourceSpec& spec,
                                                              const std::string& /*zone*/) {
  MR_TRY_ASSIGN(auto changes, json::ChangeRecords::make(spec));
  MR_TRY_ASSIGN(auto records, json::RecordDecoder::make(changes->record_spec()));
  if (!changes->takes_arrays()) records->refuse_arrays();
  return std::unique_ptr<FileDecoder>(
      std::make_unique<JsonFileDecoder>(std::move(records), std::move(changes)));
}

}  // namespace millrace
