// Files of comma-separated values, as Flink's csv format reads them. Quoted fields may hold line
// ends, so a file is read whole, by one subtask. src/formats/csv/file-decoder.ts is the same.
//
//   blanks around numbers and timestamps are trimmed; text is taken as it stands
//   a quote counts at the start of a field only; blanks may follow the closing one
//   a record with too few fields is an error, or the rest is NULL under ignore-parse-errors;
//   one with too many, or one that cannot be read, is an error, or is skipped and counted
#include <algorithm>
#include <cstring>

#include "columnar/arena.h"
#include "formats/column-builder.h"
#include "formats/csv-options.h"
#include "formats/csv-scan.h"
#include "formats/csv-value.h"
#include "formats/decoder.h"

namespace millrace {

namespace csv {
namespace {

struct Target {
  size_t field = 0;  // position in the record
  std::string name;
  DataType type;
  std::unique_ptr<ColumnBuilder> column;
};

class CsvFileDecoder final : public FileDecoder {
 public:
  CsvFileDecoder(Options options, size_t field_count, std::vector<Target> targets)
      : options_(std::move(options)), targets_(std::move(targets)), field_count_(field_count) {}

  Status open(std::shared_ptr<FileInput> file, FileRange, FilePosition from) override {
    file_ = std::move(file);
    row_ = from.row;
    return scanner_.open(file_, options_, from.offset);
  }

  Result<bool> decode(uint32_t max_rows, Batch& batch) override {
    for (Target& target : targets_) target.column->start(max_rows);
    auto arena = std::make_shared<Arena>();
    uint32_t count = 0;
    bool any = false;
    while (count < max_rows) {
      MR_TRY_ASSIGN(const Scanned scanned, scanner_.next(*arena));
      if (scanned == Scanned::kEnd) break;
      any = true;
      ++row_;
      MR_TRY_ASSIGN(const bool kept, take_record(scanned, count, *arena));
      if (kept) ++count;
    }
    if (!any) return false;
    std::vector<std::shared_ptr<const void>> owners = scanner_.take_chunks();
    owners.push_back(std::move(arena));
    batch = Batch{};
    batch.row_count = count;
    for (Target& target : targets_) batch.columns.push_back(target.column->finish(count, owners));
    return true;
  }

  [[nodiscard]] FilePosition position() const override { return {scanner_.offset(), row_}; }
  [[nodiscard]] uint64_t bad_records() const override { return bad_records_; }

 private:
  Result<bool> take_record(Scanned scanned, uint32_t row, Arena& arena) {
    const auto& fields = scanner_.fields();
    if (scanned == Scanned::kMalformed) return reject(scanner_.reason());
    if (fields.size() > field_count_) return reject("more fields than columns");
    if (fields.size() < field_count_ && !options_.ignore_parse_errors) {
      return fault(std::to_string(fields.size()) + " fields where " +
                   std::to_string(field_count_) + " are expected");
    }
    for (Target& target : targets_) {
      target.column->ensure(row);
      target.column->clear(row);
      if (target.field >= fields.size()) continue;
      const std::string_view text = fields[target.field];
      const ValueContext context{options_, arena};
      const char* const reason = set_value(context, target.type, text, *target.column, row);
      if (reason == nullptr) continue;
      target.column->clear(row);
      if (options_.ignore_parse_errors && reason != kInvalidUtf8) continue;
      return fault("column " + target.name + ": " + reason);
    }
    return true;
  }

  Result<bool> reject(const std::string& reason) {
    if (!options_.ignore_parse_errors) return fault(reason);
    ++bad_records_;
    return false;
  }

  [[nodiscard]] Status fault(const std::string& reason) const {
    return Status::error("MR4004",
                         file_->path() + ": record " + std::to_string(row_) + ": " + reason);
  }

  Options options_;
  std::vector<Target> targets_;
  size_t field_count_;
  std::shared_ptr<FileInput> file_;
  Scanner scanner_;
  uint64_t row_ = 0;
  uint64_t bad_records_ = 0;
};

}  // namespace
}  // namespace csv

Result<std::unique_ptr<FileDecoder>> make_csv_file_decoder(const SourceSpec& spec,
                                                           const std::string&) {
  MR_TRY_ASSIGN(csv::Options options, csv::parse_options(spec.format_options));
  std::vector<csv::Target> targets;
  for (const SourceColumn& column : spec.columns) {
    csv::Target target;
    target.name = column.path[0];
    const auto field = std::find_if(spec.table_schema.begin(), spec.table_schema.end(),
                                    [&](const Field& one) { return one.name == target.name; });
    if (column.path.size() > 1 || field == spec.table_schema.end()) {
      return Status::error("MR2100", "part of column " + target.name + " in the format csv");
    }
    target.field = static_cast<size_t>(field - spec.table_schema.begin());
    target.type = column.type;
    MR_TRY(csv::check_value_type(target.name, target.type));
    target.column = std::make_unique<ColumnBuilder>(target.type);
    targets.push_back(std::move(target));
  }
  return std::unique_ptr<FileDecoder>(std::make_unique<csv::CsvFileDecoder>(
      std::move(options), spec.table_schema.size(), std::move(targets)));
}

}  // namespace millrace
