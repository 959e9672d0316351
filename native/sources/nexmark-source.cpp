// The nexmark connector: generator splits of this subtask, a batch of each in turn.
#include <algorithm>

#include "sources/nexmark-generator.h"
#include "sources/sources.h"
#include "sources/split-state.h"

namespace millrace {

namespace {

using nexmark::Generator;
using nexmark::Options;
using nexmark::Split;

constexpr SplitMember<Split> kMembers[] = {{"index", &Split::index},
                                           {"generators", &Split::generators},
                                           {"first_event_id", &Split::first_event_id},
                                           {"max_events", &Split::max_events},
                                           {"emitted", &Split::emitted}};

class NexmarkSource final : public Source {
 public:
  NexmarkSource(const Options& options, const OperatorContext& context,
                std::vector<nexmark::FieldPlan> fields)
      : options_(options), context_(context),
        generator_(options, std::move(fields)),
        state_("nexmark", nexmark::make_split(options, context.subtask, context.parallelism),
               kMembers, context) {}

  Result<Poll> poll(Batch& batch) override {
    bool waiting = false;
    std::vector<Split>& splits = state_.splits();
    for (size_t tried = 0; tried < splits.size(); ++tried) {
      Split& split = splits[next_++ % splits.size()];
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

  [[nodiscard]] std::vector<StateTable> state_tables() const override { return {state_.table()}; }

  Result<Batch> snapshot(const StateTable& /*table*/) override { return state_.snapshot(); }

  Status restore(const StateTable& /*table*/, const Batch& content) override {
    return state_.restore(content, [](const Split& split) {
      return split.first_event_id > 0 && split.emitted >= 0;
    });
  }

 private:
  // Events that may be emitted now: all that are left, or those whose time has come.
  int64_t due_events(const Split& split) {
    const int64_t left = split.max_events - split.emitted;
    if (options_.max_speed) return left;
    if (started_ms_ < 0) {
      started_ms_ = context_.now_ms() - (generator_.event_time(split, split.emitted) -
                                options_.base_time_ms);
    }
    const int64_t now = options_.base_time_ms + context_.now_ms() - started_ms_;
    int64_t due = 0;
    while (due < left && due < context_.batch_rows &&
           generator_.event_time(split, split.emitted + due) <= now) {
      ++due;
    }
    return due;
  }

  Options options_;
  OperatorContext context_;
  Generator generator_;
  SplitState<Split> state_;
  size_t next_ = 0;
  int64_t started_ms_ = -1;
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
