#include "operators/filesystem-sink.h"

#include <optional>
#include <utility>

#include "columnar/arena.h"
#include "columnar/take.h"
#include "formats/csv-encoder.h"
#include "formats/json-change-encoder.h"
#include "formats/json-encoder.h"
#include "operators/part-files.h"
#include "sources/source-spec.h"

namespace millrace {
namespace {

constexpr const char* kNullPart = "__DEFAULT_PARTITION__";

DataType text_type() { return {TypeRoot::kVarchar, false, 0, 0, INT32_MAX, {}}; }

// Characters that Flink escapes in the name of a partition's folder.
void append_escaped(std::string_view value, std::string& out) {
  constexpr std::string_view kEscaped = "\"#%'*/:=?\\\x7F{[]^";
  constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte > 0 && byte < 0x20) || kEscaped.find(c) != std::string_view::npos) {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
}

struct PartitionColumn {
  uint32_t column;
  std::string name;
};

class FilesystemSink final : public Operator {
 public:
  FilesystemSink(std::string folder, uint32_t subtask, std::vector<PartitionColumn> partition,
                 std::vector<uint32_t> written)
      : files_(std::move(folder), subtask),
        partition_(std::move(partition)),
        written_(std::move(written)) {}

  Status make_encoder(const std::string& format, const OptionMap& options, const Schema& schema) {
    if (format == "json") {
      MR_TRY_ASSIGN(const JsonEncoderOptions json, parse_json_encoder_options(options));
      MR_TRY_ASSIGN(JsonEncoder encoder, JsonEncoder::make(schema, json));
      json_.emplace(std::move(encoder));
      return Status::ok();
    }
    if (const json::Envelope* envelope = json::envelope_of(format); envelope != nullptr) {
      MR_TRY_ASSIGN(ChangeEncoder encoder, ChangeEncoder::make(*envelope, schema, options));
      changes_.emplace(std::move(encoder));
      return Status::ok();
    }
    if (format != "csv") return Status::error("MR2100", "writing files of format " + format);
    MR_TRY_ASSIGN(const csv::Options csv, csv::parse_options(options));
    MR_TRY_ASSIGN(csv::Encoder encoder, csv::Encoder::make(schema, csv));
    csv_.emplace(std::move(encoder));
    return Status::ok();
  }

  Status process(Batch batch, uint32_t /*input*/, Output& output) override {
    Batch written;
    written.row_count = batch.row_count;
    for (const uint32_t column : written_) written.columns.push_back(batch.columns[column]);
    Status status;
    for_each_row(batch.selection(), [&](uint32_t row) {
      if (status.is_ok()) status = write_row(batch, written, row);
    });
    MR_TRY(std::move(status));
    if (batch.watermarks.empty()) return Status::ok();
    Batch time = empty_batch({});
    time.watermarks.push_back({0, batch.watermarks.back().watermark});
    return output.emit(std::move(time));
  }

  Status prepare_barrier(Output&) override { return files_.close_all(); }
  Status checkpoint_complete() override { return files_.commit(); }
  Status finish(Output&) override {
    MR_TRY(files_.close_all());
    return files_.commit();
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    return {{"pending", {{"path", text_type()}}, 0}};
  }
  Result<Batch> snapshot(const StateTable& table) override {
    Batch batch = empty_batch(table.fields);
    const std::vector<std::string>& paths = files_.pending();
    batch.row_count = static_cast<uint32_t>(paths.size());
    batch.columns[0] = make_column(table.fields[0].type, batch.row_count);
    auto arena = std::make_shared<Arena>();
    for (uint32_t i = 0; i < batch.row_count; ++i) {
      batch.columns[0]->data<StringView>()[i] = arena->copy(paths[i].data(), paths[i].size());
    }
    batch.columns[0]->owners.push_back(std::move(arena));
    return batch;
  }
  Status restore(const StateTable& /*table*/, const Batch& content) override {
    const Column& column = *content.columns[0];
    for (uint32_t row = 0; row < content.row_count; ++row) {
      const StringView& path = column.data<StringView>()[column.at(row)];
      MR_TRY(files_.commit_restored(std::string(path.view())));
    }
    return Status::ok();
  }

 private:
  Status write_row(const Batch& batch, const Batch& written, uint32_t row) {
    name_part(batch, row);
    MR_TRY_ASSIGN(TextBuffer* const text, files_.text_of(part_));
    if (changes_.has_value()) MR_TRY(changes_->encode(written, row, batch.kind(row), *text));
    else if (json_.has_value()) MR_TRY(json_->encode(written, row, *text));
    else csv_->encode(written.columns, row, *text);
    text->append('\n');
    return files_.appended(part_);
  }

  // col=value/ for each partition column.
  void name_part(const Batch& batch, uint32_t row) {
    part_.clear();
    for (const PartitionColumn& own : partition_) {
      const Column& column = *batch.columns[own.column];
      part_ += own.name;
      part_ += '=';
      scratch_.clear();
      if (!column.is_null(row)) append_value(column, column.at(row));
      if (scratch_.size() == 0) part_ += kNullPart;
      else append_escaped(scratch_.view(), part_);
      part_ += '/';
    }
  }

  void append_value(const Column& column, uint32_t at) {
    switch (column.physical) {
      case Physical::kString: scratch_.append(column.data<StringView>()[at].view()); break;
      case Physical::kBool:
        scratch_.append(column.data<uint8_t>()[at] != 0 ? "true" : "false");
        break;
      case Physical::kI8: append_integer(scratch_, column.data<int8_t>()[at]); break;
      case Physical::kI16: append_integer(scratch_, column.data<int16_t>()[at]); break;
      case Physical::kI64: append_integer(scratch_, column.data<int64_t>()[at]); break;
      default:
        if (column.type.root == TypeRoot::kDate) append_date(scratch_, column.data<int32_t>()[at]);
        else append_integer(scratch_, column.data<int32_t>()[at]);
    }
  }

  PartFiles files_;
  std::vector<PartitionColumn> partition_;
  std::vector<uint32_t> written_;  // columns in the files: all but the partition's
  std::optional<JsonEncoder> json_;
  std::optional<csv::Encoder> csv_;
  std::optional<ChangeEncoder> changes_;
  std::string part_;
  TextBuffer scratch_;
};

bool names_folder(const DataType& type) {
  switch (type.root) {
    case TypeRoot::kChar:
    case TypeRoot::kVarchar:
    case TypeRoot::kBoolean:
    case TypeRoot::kTinyint:
    case TypeRoot::kSmallint:
    case TypeRoot::kInteger:
    case TypeRoot::kBigint:
    case TypeRoot::kDate: return true;
    default: return false;
  }
}

}  // namespace

Result<OperatorPtr> make_filesystem_sink(const PlanNode& node, const OperatorContext& context) {
  const Schema& schema = node.schema;  // the table's: the query may name its columns otherwise
  if (schema.size() != node.input_schemas[0].size()) {
    return Status::error("MR9001", "filesystem sink: columns do not fit the table");
  }
  if (!node.has_option("path")) return Status::error("MR2009", "path");
  MR_TRY_ASSIGN(const std::vector<uint32_t> indexes, node.value->indexes_at("partition"));
  std::vector<PartitionColumn> partition;
  std::vector<bool> is_partition(schema.size());
  for (const uint32_t column : indexes) {
    if (column >= schema.size()) return Status::error("MR9001", "partition is not in the schema");
    if (!names_folder(schema[column].type)) {
      return Status::error("MR2104", "native: partition column " + schema[column].name);
    }
    is_partition[column] = true;
    std::string name;
    append_escaped(schema[column].name, name);
    partition.push_back({column, std::move(name)});
  }
  std::vector<uint32_t> written;
  Schema written_schema;
  for (uint32_t column = 0; column < schema.size(); ++column) {
    if (is_partition[column]) continue;
    written.push_back(column);
    written_schema.push_back(schema[column]);
  }
  std::string path(node.option("path"));
  for (const std::string_view scheme : {"file://", "file:"}) {
    if (!path.starts_with(scheme)) continue;
    path.erase(0, scheme.size());
    break;
  }
  auto sink = std::make_unique<FilesystemSink>(std::move(path), context.subtask,
                                               std::move(partition), std::move(written));
  MR_TRY_ASSIGN(const plan::Value* format, node.value->member("format"));
  MR_TRY_ASSIGN(const std::string_view name, format->string_at("name"));
  MR_TRY_ASSIGN(const OptionMap options, decode_options(format->find("options")));
  MR_TRY(sink->make_encoder(std::string(name), options, written_schema));
  return OperatorPtr(std::move(sink));
}

}  // namespace millrace
