#include "sources/nexmark-text.h"

#include <algorithm>

#include "sources/random.h"

namespace millrace::nexmark {

constexpr int64_t kEventsABatch = 4096;

static DataType type_of(TypeRoot root) {
  DataType type;
  type.root = root;
  if (root == TypeRoot::kVarchar) type.length = 2'147'483'647;
  if (root == TypeRoot::kTimestamp) type.precision = 3;
  return type;
}

static Field row_of(std::string name, std::initializer_list<Field> fields) {
  DataType type = type_of(TypeRoot::kRow);
  type.fields = fields;
  return {std::move(name), type};
}

// The columns of the reference connector's table.
static Schema nexmark_schema() {
  const DataType number = type_of(TypeRoot::kBigint), text = type_of(TypeRoot::kVarchar);
  const DataType time = type_of(TypeRoot::kTimestamp);
  return {
      {"event_type", type_of(TypeRoot::kInteger)},
      row_of("person", {{"id", number}, {"name", text}, {"emailAddress", text},
                        {"creditCard", text}, {"city", text}, {"state", text},
                        {"dateTime", time}, {"extra", text}}),
      row_of("auction", {{"id", number}, {"itemName", text}, {"description", text},
                         {"initialBid", number}, {"reserve", number}, {"dateTime", time},
                         {"expires", time}, {"seller", number}, {"category", number},
                         {"extra", text}}),
      row_of("bid", {{"auction", number}, {"bidder", number}, {"price", number},
                     {"channel", text}, {"url", text}, {"dateTime", time}, {"extra", text}}),
  };
}

Result<std::unique_ptr<TextGenerator>> TextGenerator::make(const OptionMap& options,
                                                           std::string_view format) {
  MR_TRY_ASSIGN(const Options parsed, parse_options(options));
  const Schema schema = nexmark_schema();
  std::vector<FieldPlan> fields;
  for (const Field& field : schema) {
    MR_TRY_ASSIGN(FieldPlan plan, plan_field({{field.name}, field.type}));
    fields.push_back(std::move(plan));
  }
  JsonEncoderOptions encoding;
  encoding.fixed_millis = true;
  MR_TRY_ASSIGN(JsonEncoder encoder, JsonEncoder::make(schema, encoding));
  Generator generator(parsed, std::move(fields));
  return std::unique_ptr<TextGenerator>(new TextGenerator(
      std::move(generator), make_split(parsed, 0, 1), std::move(encoder), format == "csv"));
}

// A row as Flink's csv format prints it: its members with ';' between, in quotes. No text of the
// model holds a quote.
static void append_csv_row(TextBuffer& out, const Column& row, uint32_t at) {
  out.append('"');
  for (size_t i = 0; i < row.children.size(); ++i) {
    const Column& member = *row.children[i];
    if (i > 0) out.append(';');
    if (member.physical == Physical::kString) {
      out.append(member.data<StringView>()[at].view());
    } else if (member.type.root == TypeRoot::kBigint) {
      append_integer(out, member.data<int64_t>()[at]);
    } else {
      const int64_t millis = member.data<int64_t>()[at];
      append_date(out, millis / 86'400'000);
      out.append(' ');
      append_time(out, millis % 86'400'000 * 1'000'000, 3);
    }
  }
  out.append('"');
}

static void append_csv(TextBuffer& out, const Batch& batch, uint32_t at) {
  const int32_t kind = batch.columns[0]->data<int32_t>()[at];
  append_integer(out, kind);
  for (int32_t other = 0; other < 3; ++other) {
    out.append(',');
    if (other == kind) append_csv_row(out, *batch.columns[static_cast<size_t>(kind) + 1], at);
  }
}

Result<std::string_view> TextGenerator::next() {
  text_.clear();
  const int64_t left = split_.max_events - split_.emitted;
  if (left <= 0) return text_.view();
  const Batch batch =
      generator_.generate(split_, static_cast<uint32_t>(std::min(left, kEventsABatch)));
  for (uint32_t row = 0; row < batch.row_count; ++row) {
    if (csv_) append_csv(text_, batch, row);
    else MR_TRY(encoder_.encode(batch, row, text_));
    text_.append('\n');
  }
  return text_.view();
}

}  // namespace millrace::nexmark
