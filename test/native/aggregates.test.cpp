// Group and window aggregation over random rows: what comes out against an obvious recomputation,
// with keys, values and strings that come and go, snapshots and restores on the way.
#include <algorithm>
#include <map>
#include <tuple>

#include "check.h"
#include "columnar/arena.h"
#include "columnar/take.h"
#include "operators/group-aggregate.h"
#include "operators/window-aggregate.h"
#include "plan-bytes.h"

using namespace millrace;

namespace {

DataType type_of(TypeRoot root, uint8_t precision = 0) {
  DataType type;
  type.root = root;
  type.precision = precision;
  return type;
}

std::string call(const char* name, const test::Items& arguments, bool distinct, bool retract,
                 const char* root) {
  return test::map({{"function", test::text(name)},
                    {"arguments", test::list(arguments)},
                    {"filter", test::null()},
                    {"distinct", test::boolean(distinct)},
                    {"retract", test::boolean(retract)},
                    {"type", test::type(root)}});
}

test::Items argument(int64_t column) { return test::Items{}.add(test::integer(column)); }

// A node's value lives as long as the operators made from it.
struct Fixture {
  plan::Value value;
  PlanNode node;
  OperatorContext context;

  Fixture(const std::string& bytes, Schema input, Schema schema) {
    Result<plan::Value> decoded = plan::decode_value(std::span(
        reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()));
    CHECK(decoded.is_ok());
    value = std::move(decoded.value());
    node.value = &value;
    node.input_schemas = {std::move(input)};
    node.schema = std::move(schema);
  }
};

Schema group_input() {
  return {{"k", type_of(TypeRoot::kVarchar)}, {"v", type_of(TypeRoot::kBigint)}};
}

Fixture group_fixture() {
  test::Items calls;
  calls.add(call("COUNT", {}, false, true, "BIGINT"));
  calls.add(call("SUM", argument(1), false, true, "BIGINT"));
  calls.add(call("MIN", argument(1), false, true, "BIGINT"));
  calls.add(call("MAX", argument(0), false, true, "VARCHAR"));
  calls.add(call("COUNT", argument(1), true, true, "BIGINT"));
  const std::string bytes = test::map({{"grouping", test::list(argument(0))},
                                       {"aggregates", test::list(calls)},
                                       {"generateUpdateBefore", test::boolean(true)},
                                       {"needRetraction", test::boolean(true)},
                                       {"miniBatch", test::null()},
                                       {"stateTtlMs", test::integer(0)}});
  const DataType bigint = type_of(TypeRoot::kBigint);
  return Fixture(bytes, group_input(),
                 {{"k", type_of(TypeRoot::kVarchar)}, {"n", bigint}, {"s", bigint}, {"m", bigint},
                  {"t", type_of(TypeRoot::kVarchar)}, {"d", bigint}});
}

// The table that the changes add up to.
struct Table : Output {
  std::map<std::string, int64_t> rows;
  Status emit(Batch batch) override {
    for_each_row(batch.selection(), [&](uint32_t row) {
      std::string text;
      for (const ColumnPtr& column : batch.columns) {
        if (column->is_null(row)) {
          text += "null|";
        } else if (column->physical == Physical::kString) {
          text += std::string(column->data<StringView>()[column->at(row)].view()) + "|";
        } else {
          text += std::to_string(column->data<int64_t>()[column->at(row)]) + "|";
        }
      }
      const auto kind = static_cast<uint8_t>(batch.kind(row));
      rows[text] += (kind & 1) != 0 ? -1 : 1;
      if (rows[text] == 0) rows.erase(text);
    });
    return Status::ok();
  }
};

struct Row {
  std::string key;
  int64_t value;
  bool taken_back;
};

Batch batch_of(const std::vector<Row>& rows) {
  Batch batch;
  batch.row_count = static_cast<uint32_t>(rows.size());
  ColumnPtr keys = make_column(type_of(TypeRoot::kVarchar), batch.row_count);
  ColumnPtr values = make_column(type_of(TypeRoot::kBigint), batch.row_count);
  auto arena = std::make_shared<Arena>();
  keys->owners.push_back(arena);
  batch.row_kinds = std::make_shared<Buffer>(batch.row_count);
  for (uint32_t i = 0; i < rows.size(); ++i) {
    keys->data<StringView>()[i] = arena->copy(rows[i].key.data(), rows[i].key.size());
    values->data<int64_t>()[i] = rows[i].value;
    batch.row_kinds->data()[i] = rows[i].taken_back ? 3 : 0;
  }
  batch.columns = {keys, values};
  return batch;
}

std::map<std::string, int64_t> recomputed(const std::multimap<std::string, int64_t>& live) {
  std::map<std::string, int64_t> table;
  for (auto it = live.begin(); it != live.end();) {
    const auto [first, last] = live.equal_range(it->first);
    int64_t sum = 0;
    std::map<int64_t, int64_t> values;
    for (auto entry = first; entry != last; ++entry) {
      sum += entry->second;
      ++values[entry->second];
    }
    const auto count = std::distance(first, last);
    table[it->first + "|" + std::to_string(count) + "|" + std::to_string(sum) + "|" +
          std::to_string(values.begin()->first) + "|" + it->first + "|" +
          std::to_string(values.size()) + "|"] = 1;
    it = last;
  }
  return table;
}

OperatorPtr restored(const Fixture& fixture, Operator& from) {
  Result<OperatorPtr> made = make_group_aggregate(fixture.node, fixture.context);
  CHECK(made.is_ok());
  for (const StateTable& table : from.state_tables()) {
    Result<Batch> saved = from.snapshot(table);
    CHECK(saved.is_ok());
    CHECK(made.value()->restore(table, saved.value()).is_ok());
  }
  return std::move(made.value());
}

}  // namespace

TEST("changes of random rows add up to a recomputation, snapshots included") {
  test::Random random(7);
  const Fixture fixture = group_fixture();
  Result<OperatorPtr> made = make_group_aggregate(fixture.node, fixture.context);
  CHECK(made.is_ok());
  OperatorPtr aggregate = std::move(made.value());
  Table table;
  std::multimap<std::string, int64_t> live;
  for (uint32_t round = 0; round < 40; ++round) {
    std::vector<Row> rows;
    for (uint32_t i = 0; i < 300; ++i) {
      if (!live.empty() && random.below(5) < (round % 10 < 5 ? 1u : 4u)) {
        auto victim = live.begin();
        std::advance(victim, random.below(std::min<uint32_t>(50, live.size())));
        rows.push_back({victim->first, victim->second, true});
        live.erase(victim);
      } else {
        const uint32_t key = random.below(4) == 0 ? random.below(3) : random.below(3000);
        Row row{"key number " + std::to_string(key), random.below(40), false};
        live.emplace(row.key, row.value);
        rows.push_back(std::move(row));
      }
    }
    CHECK(aggregate->process(batch_of(rows), 0, table).is_ok());
    if (round % 9 == 8) aggregate = restored(fixture, *aggregate);
  }
  CHECK(table.rows == recomputed(live));
}

TEST("windows count every row that is not late once a window") {
  const DataType bigint = type_of(TypeRoot::kBigint);
  const DataType time = type_of(TypeRoot::kTimestamp, 3);
  const std::string timestamp = test::map({{"root", test::text("TIMESTAMP")},
                                           {"nullable", test::boolean(true)},
                                           {"precision", test::integer(3)}});
  for (const char* kind : {"tumble", "hop", "cumulate"}) {
    const std::string window = test::map({{"kind", test::text(kind)},
                                          {"sizeMs", test::integer(60)},
                                          {"slideMs", test::integer(20)},
                                          {"offsetMs", test::integer(0)},
                                          {"rowtime", test::integer(1)},
                                          {"windowStart", test::null()},
                                          {"windowEnd", test::null()},
                                          {"zone", test::null()}});
    test::Items calls;
    calls.add(call("COUNT", {}, false, false, "BIGINT"));
    const std::string bytes =
        test::map({{"grouping", test::list(argument(0))},
                   {"aggregates", test::list(calls)},
                   {"window", window},
                   {"properties", test::list(test::Items{}.add(test::text("end")))},
                   {"needRetraction", test::boolean(false)},
                   {"localPhase", test::boolean(false)}});
    const Fixture fixture(bytes, {{"k", bigint}, {"ts", time}},
                          {{"k", bigint}, {"n", bigint}, {"e", time}});
    Result<OperatorPtr> made = make_window_aggregate(fixture.node, fixture.context);
    CHECK(made.is_ok());
    Table table;
    test::Random random(3);
    std::map<std::pair<int64_t, int64_t>, int64_t> expected;
    for (int64_t base = 0; base < 3000; base += 100) {
      Batch batch;
      batch.row_count = 64;
      batch.columns = {make_column(bigint, 64), make_column(time, 64)};
      for (uint32_t i = 0; i < 64; ++i) {
        const int64_t key = random.below(5);
        const int64_t at = base + random.below(100);
        batch.columns[0]->data<int64_t>()[i] = key;
        batch.columns[1]->data<int64_t>()[i] = at;
        const std::string_view name = kind;
        const int64_t step = name == "tumble" ? 60 : 20;
        const int64_t first = at / step * step + step;
        const int64_t last = name == "tumble" ? first
                             : name == "hop"  ? first + 40
                                              : at / 60 * 60 + 60;
        for (int64_t end = first; end <= last; end += step) ++expected[{key, end}];
      }
      // Rows of the next batch come behind it by nothing: none is late.
      batch.watermarks.push_back({64, base + 99});
      CHECK(made.value()->process(std::move(batch), 0, table).is_ok());
    }
    Batch end = empty_batch(fixture.node.input_schemas[0]);
    end.watermarks.push_back({0, kMaxWatermark});
    CHECK(made.value()->process(std::move(end), 0, table).is_ok());
    // Cumulating windows also show the steps in which a key got no row.
    int64_t shown = 0;
    for (const auto& [key, count] : expected) {
      shown += table.rows.count(std::to_string(key.first) + "|" + std::to_string(count) + "|" +
                                std::to_string(key.second) + "|");
    }
    const bool accumulates = std::string_view(kind) == "cumulate";
    CHECK(accumulates || shown == static_cast<int64_t>(expected.size()));
    CHECK(!accumulates || table.rows.size() >= expected.size());
    CHECK_EQUAL(made.value()->stats().late_rows, 0u);
    CHECK_EQUAL(made.value()->stats().state_rows, 0u);
  }
}
