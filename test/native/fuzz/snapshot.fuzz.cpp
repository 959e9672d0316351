// State that was written by somebody else: every operator of the planned seeds takes it, works
// on, and writes it again. The first two bytes choose operator and table.
#include <algorithm>

#include "pipeline/graph.h"
#include "pipeline/snapshot.h"
#include "target.h"

namespace millrace::fuzz {
namespace {

struct Dropped : Output {
  Status emit(Batch batch) override {
    touch(batch);
    return Status::ok();
  }
};

// The stateful operators of the planned seeds; the graphs own what the nodes point to.
struct Stateful {
  std::vector<std::shared_ptr<const Graph>> graphs;
  std::vector<const PlanNode*> nodes;

  Stateful() {
    for (const std::string& plan : planned()) {
      const Bytes bytes(reinterpret_cast<const uint8_t*>(plan.data()), plan.size());
      auto graph = make_graph(bytes, 1);
      if (!graph.is_ok()) continue;
      for (const GraphNode& node : graph.value()->nodes) {
        if (node.is_source() || node.plan.kind == "sink" || node.plan.kind == "exchange") continue;
        auto made = make_operator(node.plan, {});
        if (made.is_ok() && !made.value()->state_tables().empty()) nodes.push_back(&node.plan);
      }
      graphs.push_back(std::move(graph.value()));
    }
  }
};

const Stateful& stateful() {
  static const Stateful all;
  return all;
}

StateTable table_of(Operator& op, size_t choice) {
  const std::vector<StateTable> tables = op.state_tables();
  return tables[choice % tables.size()];
}

// A few rows of any types; numbers and texts repeat, so that groups do.
ColumnPtr column_of(const DataType& type, uint32_t rows) {
  ColumnPtr column = make_column(type, rows);
  const uint32_t width = physical_width(column->physical);
  for (uint32_t row = 0; row < rows; ++row) {
    if (column->physical == Physical::kString || column->physical == Physical::kBytes) {
      constexpr std::string_view kTexts[] = {"a", "", "a text longer than twelve bytes"};
      column->data<StringView>()[row] = StringView(kTexts[row % 3]);
    } else if (width > 0 && width <= 16 && column->children.empty()) {
      uint8_t value[16] = {};
      value[0] = column->physical == Physical::kBool ? row % 2 : row % 5;
      std::memcpy(column->values->data() + size_t{row} * width, value, width);
    }
    if (row % 7 == 6 && type.nullable) column->set_null(row);
  }
  for (const Field& field : type.fields) {
    if (column->physical == Physical::kRow) column->children.push_back(column_of(field.type, rows));
  }
  return column;
}

Batch batch_of(const Schema& schema) {
  Batch batch;
  batch.row_count = 20;
  for (const Field& field : schema) batch.columns.push_back(column_of(field.type, 20));
  batch.watermarks = {{0, 0}, {20, kMaxWatermark}};
  return batch;
}

void run(Bytes input) {
  if (input.size() < 2 || stateful().nodes.empty()) return;
  const PlanNode& node = *stateful().nodes[input[0] % stateful().nodes.size()];
  auto made = make_operator(node, {});
  if (!made.is_ok()) return;
  const StateTable table = table_of(*made.value(), input[1]);
  StateChunk chunk;
  chunk.content.size = input.size() - 2;
  chunk.content.bytes = std::make_unique<uint8_t[]>(chunk.content.size);
  std::copy(input.begin() + 2, input.end(), chunk.content.bytes.get());
  const StateChunk* chunks[] = {&chunk};
  auto batches = restored_batches(table, chunks, {0, 1, 128});
  if (!batches.is_ok()) return;
  for (const Batch& batch : batches.value()) {
    if (!made.value()->restore(table, batch).is_ok()) return;
  }
  Dropped output;
  (void)made.value()->process(batch_of(node.input_schemas[0]), 0, output);
  for (const StateTable& each : made.value()->state_tables()) {
    auto saved = made.value()->snapshot(each);
    if (saved.is_ok()) touch(saved.value());
  }
  (void)made.value()->finish(output);
}

std::vector<std::string> seeds() {
  std::vector<std::string> found{std::string(2, '\0')};
  for (size_t index = 0; index < stateful().nodes.size() && index < 256; ++index) {
    const PlanNode& node = *stateful().nodes[index];
    auto made = make_operator(node, {});
    Dropped output;
    Batch batch = batch_of(node.input_schemas[0]);
    batch.watermarks = {};
    if (!made.is_ok() || !made.value()->process(std::move(batch), 0, output).is_ok()) continue;
    const size_t tables = made.value()->state_tables().size();
    for (size_t table = 0; table < tables; ++table) {
      auto saved = made.value()->snapshot(table_of(*made.value(), table));
      if (!saved.is_ok()) continue;
      const StateTable written = table_of(*made.value(), table);
      auto packed = pack_snapshot(written, std::move(saved.value()), 128);
      if (!packed.is_ok()) continue;
      std::string seed{static_cast<char>(index), static_cast<char>(table)};
      seed.append(reinterpret_cast<const char*>(packed.value().bytes.get()), packed.value().size);
      found.push_back(std::move(seed));
    }
  }
  return found;
}

const Registration registration({"snapshot", run, seeds});

}  // namespace
}  // namespace millrace::fuzz
