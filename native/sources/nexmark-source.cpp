// The nexmark connector: generator splits of this subtask, a batch of each in turn.
#include <algorithm>
#include <array>

#include "sources/nexmark-generator.h"
#include "sources/random.h"
#include "sources/sources.h"

namespace millrace {

namespace {

using nexmark::Generator;
using nexmark::Options;
using nexmark::Split;

DataType bigint() {
  DataType type;
  type.root = TypeRoot::kBigint;
  type.nullable = false;
  return type;
}

const StateTable& splits_table() {
  static const StateTable table{"splits",
                                {{"index", bigint()},
                                 {"generators", bigint()},
                                 {"first_event_id", bigint()},
                                 {"max_events", bigint()},
                                 {"emitted", bigint()}},
                                0};
  return table;
}

class NexmarkSource final : public Source {
 public:
  NexmarkSource(const Options& options, const OperatorContext& context,
                std::vector<nexmark::FieldPlan> fields)
      : options_(options), context_(context),
        generator_(options, std::move(fields)) {
    if (context.subtask < context.parallelism) {
      splits_.push_back(nexmark::make_split(options, context.subtask, context.parallelism));
    }
  }

  Result<Poll> poll(Batch& batch) override {
    bool waiting = false;
    due_ms_ = kNoDeadline;
    for (size_t tried = 0; tried < splits_.size(); ++tried) {
      Split& split = splits_[next_++ % splits_.size()];
      if (split.emitted >= split.max_events) continue;
      const int64_t left = due_events(split);
      waiting = true;
      if (left <= 0) continue;
      const auto count = static_cast<uint32_t>(std::min<int64_t>(context_.batch_rows, left));
      batch = generator_.generate(split, count);
      return Poll::kBatch;
    }
    return waiting || options_.keep_alive ? Poll::kIdle : Poll::kEnd;
  }

  [[nodiscard]] int64_t due_ms() const override { return due_ms_; }

  [[nodiscard]] std::vector<StateTable> state_tables() const override { return {splits_table()}; }

  Result<Batch> snapshot(const StateTable& table) override {
    Batch batch;
    batch.row_count = static_cast<uint32_t>(splits_.size());
    for (size_t field = 0; field < table.fields.size(); ++field) {
      batch.columns.push_back(make_column(table.fields[field].type, batch.row_count));
      for (uint32_t row = 0; row < batch.row_count; ++row) {
        batch.columns[field]->data<int64_t>()[row] = *members(splits_[row])[field];
      }
    }
    return batch;
  }

  // Splits are dealt out by their index, so a restore at another parallelism keeps them all.
  Status restore(const StateTable& table, const Batch& content) override {
    if (content.columns.size() != table.fields.size()) {
      return Status::error("MR5002", "nexmark splits");
    }
    if (!restored_) splits_.clear();
    restored_ = true;
    bool valid = true;
    for_each_row(content.selection(), [&](uint32_t row) {
      Split split;
      const auto fields = members(split);
      for (size_t i = 0; i < fields.size(); ++i) {
        *fields[i] = content.columns[i]->data<int64_t>()[content.columns[i]->at(row)];
      }
      valid = valid && split.index >= 0 && split.generators > 0 && split.first_event_id > 0 &&
              split.emitted >= 0;
      if (split.index % context_.parallelism == context_.subtask) splits_.push_back(split);
    });
    return valid ? Status::ok() : Status::error("MR5001", "nexmark splits");
  }

 private:
  static std::array<int64_t*, 5> members(Split& split) {
    return {&split.index, &split.generators, &split.first_event_id, &split.max_events,
            &split.emitted};
  }

  // Events that may be emitted now: all that are left, or those whose time has come.
  int64_t due_events(const Split& split) {
    const int64_t left = split.max_events - split.emitted;
    if (options_.max_speed) return left;
    // An event of the future waits for its time.
    if (started_ms_ < 0) {
      started_ms_ = std::max(context_.now_ms(), options_.base_time_ms) -
                    (generator_.event_time(split, split.emitted) - options_.base_time_ms);
    }
    const int64_t now = options_.base_time_ms + context_.now_ms() - started_ms_;
    int64_t due = 0;
    while (due < left && due < context_.batch_rows &&
           generator_.event_time(split, split.emitted + due) <= now) {
      ++due;
    }
    if (due == 0) {
      const int64_t next = generator_.event_time(split, split.emitted);
      due_ms_ = std::min(due_ms_, next - options_.base_time_ms + started_ms_);
    }
    return due;
  }

  Options options_;
  OperatorContext context_;
  Generator generator_;
  std::vector<Split> splits_;
  size_t next_ = 0;
  int64_t started_ms_ = -1;
  int64_t due_ms_ = kNoDeadline;
  bool restored_ = false;
};

}  // namespace

Result<SourcePtr> make_nexmark(const PlanNode& node, const OperatorContext& context) {
  MR_TRY_ASSIGN(const SourceSpec spec, decode_source_spec(*node.value));
  MR_TRY_ASSIGN(const Options options, nexmark::parse_options(spec.options));
  std::vector<nexmark::FieldPlan> fields;
  for (const SourceColumn& column : spec.columns) {
    MR_TRY_ASSIGN(nexmark::FieldPlan field, nexmark::plan_field(column));
    fields.push_back(std::move(field));
  }
  return SourcePtr(std::make_unique<NexmarkSource>(options, context, std::move(fields)));
}

}  // namespace millrace
