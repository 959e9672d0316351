// Every function and cast over hostile values (test/support/hostile): each as it was written, then
// with its values damaged. An input is the number of an expression and a batch; the expressions
// are as the planner made them, in the folder that MILLRACE_FUZZ_EXPRESSIONS names.
#include <cstring>

#include "columnar/packed-batch.h"
#include "columnar/take.h"
#include "kernels/expression.h"
#include "plan/encode.h"
#include "target.h"

namespace millrace::fuzz {
namespace {

constexpr uint32_t kMaxRows = 65'536;

// A file: the lengths of the expression, the schema and the batch, then these.
struct Parts {
  std::string_view expression;
  std::string_view schema;
  std::string_view batch;
};

Parts parts_of(std::string_view file) {
  uint32_t lengths[3];
  std::memcpy(lengths, file.data(), sizeof(lengths));
  file.remove_prefix(sizeof(lengths));
  const std::string_view schema = file.substr(lengths[0]);
  return {file.substr(0, lengths[0]), schema.substr(0, lengths[1]), schema.substr(lengths[1])};
}

const std::vector<std::string>& files() {
  static const std::vector<std::string> read = expressions();
  return read;
}

Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

Status evaluate(const Parts& parts, Bytes block) {
  MR_TRY_ASSIGN(const plan::Value tree, plan::decode_value(bytes_of(parts.expression)));
  MR_TRY_ASSIGN(const plan::Value encoded, plan::decode_value(bytes_of(parts.schema)));
  MR_TRY_ASSIGN(const Schema schema, plan::decode_schema(encoded));
  MR_TRY_ASSIGN(const Batch batch, unpack(block, schema));
  MR_TRY_ASSIGN(const auto expression, compile_expression(tree));
  const std::string zone = "America/New_York";
  const EvaluationContext context{1'600'000'000'000, &zone};
  // Nothing in a block without columns bounds its rows.
  if (batch.row_count > kMaxRows) return Status::ok();
  const Selection rows = batch.selection();
  MR_TRY_ASSIGN(ColumnPtr column, expression->evaluate(batch, rows, context));
  Batch result;
  result.row_count = rows.count;
  const ColumnPiece piece{column.get(), rows};
  result.columns.push_back(gather(std::span<const ColumnPiece>(&piece, 1)));
  return pack(result).status();
}

// A failure is an answer.
void run(Bytes input) {
  uint32_t index = 0;
  if (input.size() < sizeof(index) || files().empty()) return;
  std::memcpy(&index, input.data(), sizeof(index));
  const std::string& file = files()[index % files().size()];
  (void)evaluate(parts_of(file), input.subspan(sizeof(index)));
}

std::vector<std::string> seeds() {
  std::vector<std::string> inputs;
  for (uint32_t index = 0; index < files().size(); ++index) {
    std::string input(reinterpret_cast<const char*>(&index), sizeof(index));
    inputs.push_back(input.append(parts_of(files()[index]).batch));
  }
  if (inputs.empty()) inputs.emplace_back();
  return inputs;
}

const Registration registration({"expression", run, seeds});

}  // namespace
}  // namespace millrace::fuzz
