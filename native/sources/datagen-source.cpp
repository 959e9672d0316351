// The datagen connector: random rows or sequences, with Flink's options and `seed`. A subtask
// makes every parallelism-th row.
#include <algorithm>

#include "sources/datagen.h"
#include "sources/random.h"
#include "sources/sources.h"

namespace millrace {

namespace {

constexpr int64_t kMaxRate = 9'000'000'000'000;

struct Split {
  int64_t index = 0;
  int64_t generators = 1;
  int64_t emitted = 0;
};

const StateTable& splits_table() {
  static const StateTable table = [] {
    DataType number;
    number.root = TypeRoot::kBigint;
    number.nullable = false;
    return StateTable{
        "splits", {{"index", number}, {"generators", number}, {"emitted", number}}, 0};
  }();
  return table;
}

class DatagenSource final : public Source {
 public:
  DatagenSource(std::vector<datagen::FieldPlan> fields, uint32_t seed, int64_t rate, int64_t rows,
                const OperatorContext& context)
      : fields_(std::move(fields)), seed_(seed), rate_(rate), rows_(rows), context_(context) {
    if (context.subtask < context.parallelism) {
      splits_.push_back({context.subtask, context.parallelism, 0});
    }
  }

  Result<Poll> poll(Batch& batch) override {
    bool has_rows = false;
    for (size_t tried = 0; tried < splits_.size(); ++tried) {
      Split& split = splits_[next_++ % splits_.size()];
      const int64_t after = rows_ - split.index;
      const int64_t mine = after <= 0 ? 0 : (after + split.generators - 1) / split.generators;
      const int64_t left = mine - split.emitted;
      if (left <= 0) continue;
      has_rows = true;
      const int64_t count = std::min({left, due_rows(), int64_t{context_.batch_rows}});
      if (count <= 0) continue;
      generate(split, static_cast<uint32_t>(count), batch);
      return Poll::kBatch;
    }
    return has_rows ? Poll::kIdle : Poll::kEnd;
  }

  [[nodiscard]] std::vector<StateTable> state_tables() const override { return {splits_table()}; }

  Result<Batch> snapshot(const StateTable& table) override {
    Batch batch;
    batch.row_count = static_cast<uint32_t>(splits_.size());
    for (size_t field = 0; field < table.fields.size(); ++field) {
      batch.columns.push_back(make_column(table.fields[field].type, batch.row_count));
      for (uint32_t row = 0; row < batch.row_count; ++row) {
        const Split& split = splits_[row];
        const int64_t values[] = {split.index, split.generators, split.emitted};
        batch.columns[field]->data<int64_t>()[row] = values[field];
      }
    }
    return batch;
  }

  // Splits are dealt out by their index, so a restore at another parallelism keeps them all.
  Status restore(const StateTable& table, const Batch& content) override {
    if (content.columns.size() != table.fields.size()) {
      return Status::error("MR5002", "datagen splits");
    }
    if (!restored_) splits_.clear();
    restored_ = true;
    bool valid = true;
    for_each_row(content.selection(), [&](uint32_t row) {
      const auto value = [&](size_t i) {
        return content.columns[i]->data<int64_t>()[content.columns[i]->at(row)];
      };
      const Split split{value(0), value(1), value(2)};
      valid = valid && split.generators > 0 && split.index >= 0;
      if (valid && split.index % context_.parallelism == context_.subtask) {
        splits_.push_back(split);
      }
    });
    return valid ? Status::ok() : Status::error("MR5001", "datagen splits");
  }

 private:
  // The rows of each second at its beginning, as Flink makes them.
  int64_t due_rows() {
    const int64_t now = context_.now_ms();
    if (started_ms_ < 0) started_ms_ = now;
    const int64_t extra = rate_ % context_.parallelism > context_.subtask ? 1 : 0;
    const int64_t rate = rate_ / context_.parallelism + extra;
    return ((now - started_ms_) / 1000 + 1) * rate - emitted_;
  }

  void generate(Split& split, uint32_t count, Batch& batch) {
    datagen::Rows rows;
    rows.now_ms = context_.now_ms();
    for (uint32_t i = 0; i < count; ++i) {
      rows.numbers.push_back(split.index + (split.emitted + i) * split.generators);
      rows.keys.push_back(random::record_key(seed_, static_cast<uint64_t>(rows.numbers.back())));
    }
    split.emitted += count;
    emitted_ += count;
    batch = Batch{};
    batch.row_count = count;
    for (const datagen::FieldPlan& field : fields_) {
      batch.columns.push_back(datagen::generate(field, rows));
    }
  }

  std::vector<datagen::FieldPlan> fields_;
  uint32_t seed_;
  int64_t rate_;
  int64_t rows_;
  OperatorContext context_;
  std::vector<Split> splits_;
  size_t next_ = 0;
  int64_t started_ms_ = -1;
  int64_t emitted_ = 0;
  bool restored_ = false;
};

}  // namespace

Result<SourcePtr> make_datagen(const PlanNode& node, const OperatorContext& context) {
  MR_TRY_ASSIGN(const SourceSpec spec, decode_source_spec(*node.value));
  constexpr int64_t kMaxSeed = (int64_t{1} << 53) - 1;
  MR_TRY_ASSIGN(const int64_t seed, spec.options.integer("seed", 0, 0, kMaxSeed));
  MR_TRY_ASSIGN(const int64_t rate,
                spec.options.integer("rows-per-second", 10'000, 1, kMaxRate));
  MR_TRY_ASSIGN(int64_t rows, spec.options.integer("number-of-rows", datagen::kMaxRows, 0,
                                                   datagen::kMaxRows));
  MR_TRY_ASSIGN(auto fields, datagen::plan_fields(spec, rows));
  const uint32_t key = random::seed_key(static_cast<uint64_t>(seed));
  return SourcePtr(std::make_unique<DatagenSource>(std::move(fields), key, rate, rows, context));
}

}  // namespace millrace
