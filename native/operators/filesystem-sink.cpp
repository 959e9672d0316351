#include "operators/filesystem-sink.h"

#include <optional>
#include <utility>

#include "columnar/arena.h"
#include "columnar/take.h"
#include "formats/csv-encoder.h"
#include "formats/json-change-encoder.h"
#include "formats/json-encoder.h"
#include "operators/part-files.h"
#include "operators/partition-commit.h"
#include "sources/file-columns.h"
#include "sources/source-spec.h"

namespace millrace {
namespace {

constexpr std::string_view kNullPart = "__DEFAULT_PARTITION__";

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
  FilesystemSink(std::string folder, const OperatorContext& context, const Rolling& rolling,
                 std::vector<PartitionColumn> partition, std::vector<uint32_t> written)
      : context_(context),
        files_(std::move(folder), context.subtask, rolling),
        partition_(std::move(partition)),
        written_(std::move(written)) {}

  void mark_partitions(std::unique_ptr<PartitionCommit> marks, std::string null_part) {
    marks_ = std::move(marks);
    null_part_ = std::move(null_part);
  }

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
    now_ms_ = context_.now_ms();
    Status status;
    for_each_row(batch.selection(), [&](uint32_t row) {
      if (status.is_ok()) status = write_row(batch, written, row);
    });
    MR_TRY(std::move(status));
    if (batch.watermarks.empty()) return Status::ok();
    watermark_ = batch.watermarks.back().watermark;
    Batch time = empty_batch({});
    time.watermarks.push_back({0, batch.watermarks.back().watermark});
    return output.emit(std::move(time));
  }

  Status prepare_barrier(Output&) override {
    if (marks_ != nullptr) marks_->seal();
    sealed_watermark_ = watermark_;
    return files_.seal();
  }
  Status checkpoint_complete() override {
    MR_TRY(files_.commit());
    return marks_ == nullptr ? Status::ok() : marks_->commit(context_.now_ms(), sealed_watermark_);
  }
  Status finish(Output&) override {
    MR_TRY(files_.seal());
    MR_TRY(files_.commit());
    if (marks_ == nullptr) return Status::ok();
    marks_->seal();
    return marks_->commit(context_.now_ms(), kMaxWatermark);
  }
  [[nodiscard]] int64_t deadline_ms() const override { return files_.deadline_ms(); }
  Status on_clock(int64_t now_ms, Output&) override { return files_.roll_aged(now_ms); }

  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    std::vector<StateTable> tables = {{"pending", {{"path", text_type()}}, 0}};
    if (marks_ == nullptr) return tables;
    DataType number;
    number.root = TypeRoot::kBigint;
    number.nullable = false;
    tables.push_back({kPartitions, {{"part", text_type()}, {"since_ms", number}}, 0});
    return tables;
  }
  Result<Batch> snapshot(const StateTable& table) override {
    if (table.name == kPartitions) return partitions_batch(table);
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
  Status restore(const StateTable& table, const Batch& content) override {
    const Column& column = *content.columns[0];
    for (uint32_t row = 0; row < content.row_count; ++row) {
      const StringView& path = column.data<StringView>()[column.at(row)];
      if (table.name == kPartitions) {
        const Column& since = *content.columns[1];
        const int64_t since_ms = since.data<int64_t>()[since.at(row)];
        if (marks_ != nullptr) marks_->restore(std::string(path.view()), since_ms);
        continue;
      }
      MR_TRY(files_.commit_restored(std::string(path.view())));
    }
    return Status::ok();
  }

 private:
  static constexpr const char* kPartitions = "partitions";

  Result<Batch> partitions_batch(const StateTable& table) {
    Batch batch = empty_batch(table.fields);
    batch.row_count = static_cast<uint32_t>(marks_->awaited().size());
    for (size_t i = 0; i < 2; ++i) {
      batch.columns[i] = make_column(table.fields[i].type, batch.row_count);
    }
    auto arena = std::make_shared<Arena>();
    uint32_t row = 0;
    for (const auto& [part, awaited] : marks_->awaited()) {
      batch.columns[0]->data<StringView>()[row] = arena->copy(part.data(), part.size());
      batch.columns[1]->data<int64_t>()[row++] = awaited.since_ms;
    }
    batch.columns[0]->owners.push_back(std::move(arena));
    return batch;
  }

  Status write_row(const Batch& batch, const Batch& written, uint32_t row) {
    name_part(batch, row);
    MR_TRY_ASSIGN(TextBuffer* const text, files_.text_of(part_, now_ms_));
    if (changes_.has_value()) MR_TRY(changes_->encode(written, row, batch.kind(row), *text));
    else if (json_.has_value()) MR_TRY(json_->encode(written, row, *text));
    else csv_->encode(written.columns, row, *text);
    text->append('\n');
    return files_.appended(part_, now_ms_);
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
      if (scratch_.size() == 0) part_ += null_part_;
      else append_escaped(scratch_.view(), part_);
      part_ += '/';
    }
    if (marks_ != nullptr && !marks_->knows(part_)) notice(batch, row);
  }

  void notice(const Batch& batch, uint32_t row) {
    PartitionCommit::Awaited awaited;
    awaited.since_ms = now_ms_;
    for (const PartitionColumn& own : partition_) {
      const Column& column = *batch.columns[own.column];
      scratch_.clear();
      if (!column.is_null(row)) append_value(column, column.at(row));
      awaited.values.emplace_back(scratch_.size() == 0 ? null_part_ : scratch_.view());
    }
    marks_->notice(part_, std::move(awaited));
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

  OperatorContext context_;
  PartFiles files_;
  std::unique_ptr<PartitionCommit> marks_;  // null where nothing marks partitions
  std::string null_part_{kNullPart};
  int64_t now_ms_ = 0;  // of the batch at hand
  int64_t watermark_ = kMinWatermark;
  int64_t sealed_watermark_ = kMinWatermark;  // at the last barrier
  std::vector<PartitionColumn> partition_;
  std::vector<uint32_t> written_;  // columns in the files: all but the partition's
  std::optional<JsonEncoder> json_;
  std::optional<csv::Encoder> csv_;
  std::optional<ChangeEncoder> changes_;
  std::string part_;
  TextBuffer scratch_;
};

// The options as the planner leaves them: ms and bytes.
Result<Rolling> rolling_of(const OptionMap& options) {
  constexpr int64_t kMost = INT64_MAX / 2;
  Rolling rolling;
  MR_TRY_ASSIGN(const int64_t bytes,
                options.integer("sink.rolling-policy.file-size",
                                static_cast<int64_t>(rolling.bytes), 1, kMost));
  rolling.bytes = static_cast<uint64_t>(bytes);
  MR_TRY_ASSIGN(rolling.age_ms, options.integer("sink.rolling-policy.rollover-interval",
                                                rolling.age_ms, 0, kMost));
  MR_TRY_ASSIGN(rolling.idle_ms, options.integer("sink.rolling-policy.inactivity-interval",
                                                 rolling.idle_ms, 0, kMost));
  MR_TRY_ASSIGN(rolling.check_ms, options.integer("sink.rolling-policy.check-interval",
                                                  rolling.check_ms, 1, kMost));
  return rolling;
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
  MR_TRY_ASSIGN(const OptionMap own, decode_options(node.value->find("options")));
  MR_TRY_ASSIGN(const Rolling rolling, rolling_of(own));
  std::vector<std::string> names;
  for (const uint32_t column : indexes) names.push_back(schema[column].name);
  const std::string folder = path.ends_with('/') ? path : path + "/";
  MR_TRY_ASSIGN(auto marks, PartitionCommit::make(own, folder, names, context.parallelism));
  auto sink = std::make_unique<FilesystemSink>(std::move(path), context, rolling,
                                               std::move(partition), std::move(written));
  sink->mark_partitions(std::move(marks), own.text("partition.default-name", kNullPart));
  MR_TRY_ASSIGN(const plan::Value* format, node.value->member("format"));
  MR_TRY_ASSIGN(const std::string_view name, format->string_at("name"));
  MR_TRY_ASSIGN(const OptionMap options, decode_options(format->find("options")));
  MR_TRY(sink->make_encoder(std::string(name), options, written_schema));
  return OperatorPtr(std::move(sink));
}

}  // namespace millrace
