// The filesystem connector: the splits of this subtask, one after the other.
#include <deque>
#include <memory>

#include "columnar/arena.h"
#include "formats/decoder.h"
#include "sources/file-columns.h"
#include "sources/file-splits.h"
#include "sources/sources.h"
#include "sources/source-spec.h"

namespace millrace {

namespace {

DataType not_null(TypeRoot root) {
  DataType type;
  type.root = root;
  type.nullable = false;
  if (root == TypeRoot::kVarchar) type.length = 2'147'483'647;
  return type;
}

// What is still to be read. `end` is -1 for the end of the file.
const StateTable& splits_table() {
  static const DataType number = not_null(TypeRoot::kBigint);
  static const StateTable table{"splits",
                                {{"path", not_null(TypeRoot::kVarchar)},
                                 {"sequence", number},
                                 {"begin", number},
                                 {"end", number},
                                 {"offset", number},
                                 {"row", number}},
                                0};
  return table;
}

class FilesystemSource final : public Source {
 public:
  FilesystemSource(std::unique_ptr<FileDecoder> decoder, FileColumns columns,
                   std::vector<FileSplit> splits, const OperatorContext& context)
      : decoder_(std::move(decoder)),
        columns_(std::move(columns)),
        splits_(splits.begin(), splits.end()),
        context_(context) {}

  Result<Poll> poll(Batch& batch) override {
    while (!splits_.empty()) {
      FileSplit& split = splits_.front();
      if (!open_) {
        MR_TRY_ASSIGN(const bool is_asked, columns_.open(split.path));
        if (!is_asked) {
          splits_.pop_front();
          continue;
        }
        MR_TRY_ASSIGN(auto file, FileInput::open(split.path));
        MR_TRY(decoder_->open(std::move(file), split.range, split.position));
        open_ = true;
      }
      MR_TRY_ASSIGN(const bool more, decoder_->decode(context_.batch_rows, batch));
      if (more) {
        columns_.complete(batch);
        return Poll::kBatch;
      }
      splits_.pop_front();
      open_ = false;
    }
    return Poll::kEnd;
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override { return {splits_table()}; }

  Result<Batch> snapshot(const StateTable& table) override {
    if (open_) splits_.front().position = decoder_->position();
    Batch batch;
    batch.row_count = static_cast<uint32_t>(splits_.size());
    auto arena = std::make_shared<Arena>();
    for (const Field& field : table.fields) {
      batch.columns.push_back(make_column(field.type, batch.row_count));
    }
    batch.columns[0]->owners.push_back(arena);
    for (uint32_t row = 0; row < batch.row_count; ++row) {
      const FileSplit& split = splits_[row];
      const int64_t numbers[] = {split.sequence, static_cast<int64_t>(split.range.begin),
                                 static_cast<int64_t>(split.range.end),
                                 static_cast<int64_t>(split.position.offset),
                                 static_cast<int64_t>(split.position.row)};
      batch.columns[0]->data<StringView>()[row] =
          arena->copy(split.path.data(), split.path.size());
      for (size_t i = 0; i < 5; ++i) batch.columns[i + 1]->data<int64_t>()[row] = numbers[i];
    }
    return batch;
  }

  Status restore(const StateTable& table, const Batch& content) override {
    if (content.columns.size() != table.fields.size()) {
      return Status::error("MR5002", "filesystem splits");
    }
    if (!restored_) splits_.clear();
    restored_ = true;
    const auto number = [&](size_t column, uint32_t row) {
      return content.columns[column]->data<int64_t>()[content.columns[column]->at(row)];
    };
    for_each_row(content.selection(), [&](uint32_t row) {
      const Column& paths = *content.columns[0];
      FileSplit split;
      split.path = paths.data<StringView>()[paths.at(row)].view();
      split.sequence = number(1, row);
      split.range = {static_cast<uint64_t>(number(2, row)), static_cast<uint64_t>(number(3, row))};
      split.position = {static_cast<uint64_t>(number(4, row)),
                        static_cast<uint64_t>(number(5, row))};
      if (split.sequence % context_.parallelism == context_.subtask) splits_.push_back(split);
    });
    return Status::ok();
  }

  [[nodiscard]] OperatorStats stats() const override {
    OperatorStats stats;
    stats.bad_records = decoder_->bad_records();
    return stats;
  }

 private:
  std::unique_ptr<FileDecoder> decoder_;
  FileColumns columns_;
  std::deque<FileSplit> splits_;  // the first may be open
  OperatorContext context_;
  bool open_ = false;
  bool restored_ = false;
};

// A plain path, or one behind file: or file://.
Result<std::string> local_path(const OptionMap& options) {
  const std::string* path = options.find("path");
  if (path == nullptr) return Status::error("MR2009", "path");
  for (const std::string_view scheme : {"file://", "file:"}) {
    if (path->starts_with(scheme)) return path->substr(scheme.size());
  }
  const size_t scheme = path->find("://");
  if (scheme == std::string::npos) return *path;
  return Status::error("MR2100", "file system " + path->substr(0, scheme));
}

}  // namespace

Result<SourcePtr> make_filesystem_source(const PlanNode& node, const OperatorContext& context) {
  MR_TRY_ASSIGN(SourceSpec spec, decode_source_spec(*node.value));
  if (spec.format.empty()) return Status::error("MR2009", "format");
  if (spec.options.find("source.monitor-interval") != nullptr) {
    return Status::error("MR2100", "source.monitor-interval");
  }
  MR_TRY_ASSIGN(const std::string path, local_path(spec.options));
  MR_TRY_ASSIGN(FileColumns columns, FileColumns::make(spec));
  spec.columns = columns.decoded();
  MR_TRY_ASSIGN(auto decoder, make_file_decoder(spec, context.zone));
  MR_TRY_ASSIGN(const std::vector<std::string> files, list_files(path));
  MR_TRY_ASSIGN(std::vector<FileSplit> splits,
                make_file_splits(files, decoder->splittable(), context.subtask,
                                 context.parallelism));
  return SourcePtr(
      std::make_unique<FilesystemSource>(std::move(decoder), std::move(columns),
                                         std::move(splits), context));
}

}  // namespace millrace
