// Encoded plans: decoded, cut into tasks, their operators made. The seeds are plans that the
// planner made (write-plans.ts) in the folder that MILLRACE_FUZZ_PLANS names.
#include "../plan-bytes.h"
#include "pipeline/pipeline.h"
#include "target.h"

namespace millrace::fuzz {
namespace {

struct Silent : PipelineEvents {
  void output_ready(uint32_t) override {}
  void input_room(uint32_t) override {}
  void snapshot_complete(uint64_t, std::vector<StateChunk>) override {}
  void finished() override {}
  void failed(const ErrorInfo&) override {}
  void closed() override {}
};

void run(Bytes input) {
  Silent events;
  auto made = Pipeline::make(input, {}, events);
  if (!made.is_ok()) return;
  made.value()->cancel();
  made.value()->wait_until_closed();
}

std::string small_plan() {
  return test::plan(test::Items().add(test::map({{"id", test::integer(1)},
                                                 {"kind", test::text("values")},
                                                 {"semanticId", test::text("s")},
                                                 {"inputs", test::list(test::Items())},
                                                 {"schema", test::list({test::field("a", "INT")})},
                                                 {"rows", test::list(test::Items())}})));
}

std::vector<std::string> seeds() {
  std::vector<std::string> found = planned();
  found.push_back(small_plan());
  return found;
}

const Registration registration({"plan", run, seeds});

}  // namespace
}  // namespace millrace::fuzz
