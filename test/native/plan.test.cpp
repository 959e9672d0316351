#include "check.h"
#include "pipeline/graph.h"
#include "plan-bytes.h"
#include "plan/encode.h"
#include "plan/value.h"

using namespace millrace;
using namespace millrace::test;

namespace {

std::span<const uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string node(int64_t id, std::string_view kind, std::initializer_list<int64_t> inputs,
                 std::string_view member = "x", const std::string& value = null()) {
  Items list_of_inputs;
  for (const int64_t input : inputs) list_of_inputs.add(integer(input));
  return map({{"id", integer(id)},
              {"kind", text(kind)},
              {"semanticId", text("s")},
              {"inputs", list(list_of_inputs)},
              {"schema", list({field("a", "BIGINT")})},
              {"keys", list({integer(0)})},
              {"distribution", text("hash")},
              {member, value}});
}

}  // namespace

TEST("values of every tag decode, and wrong kinds are errors") {
  const std::string encoded = map({{"i", integer(-5)}, {"s", text("ä")}, {"n", null()},
                                   {"l", list({integer(1), integer(2)})}, {"b", boolean(true)}});
  const auto value = plan::decode_value(bytes_of(encoded));
  CHECK(value.is_ok());
  CHECK_EQUAL(value.value().int_at("i").value(), -5);
  CHECK_EQUAL(value.value().string_at("s").value(), "ä");
  CHECK(value.value().find("n")->is_null());
  CHECK_EQUAL(value.value().indexes_at("l").value().size(), 2u);
  CHECK(value.value().bool_at("b").value());
  CHECK(!value.value().int_at("s").is_ok());
  CHECK(!value.value().int_at("missing").is_ok());
  CHECK_EQUAL(value.value().optional_index_at("n").value(), -1);
}

TEST("text that is not UTF-8, lengths past the end and deep nesting are refused") {
  CHECK(!plan::decode_value(bytes_of("\5\2\xc3(")).is_ok());
  CHECK(!plan::decode_value(bytes_of("\5\xff\xff\xff\xff\x0f")).is_ok());
  std::string deep;
  for (int i = 0; i < 5'000; ++i) deep += std::string("\7\1", 2);
  CHECK(!plan::decode_value(bytes_of(deep + null())).is_ok());
  CHECK(!plan::decode_value(bytes_of(null() + null())).is_ok());
}

TEST("a schema that is encoded decodes to the same") {
  DataType decimal;
  decimal.root = TypeRoot::kDecimal;
  decimal.precision = 30;
  decimal.scale = 4;
  DataType row;
  row.root = TypeRoot::kRow;
  row.fields = {{"d", decimal}, {"d2", decimal}};
  const std::string encoded = plan::encode_schema({{"a", row}, {"b", decimal}});
  const auto value = plan::decode_value(bytes_of(encoded));
  CHECK(value.is_ok());
  const auto schema = plan::decode_schema(value.value());
  CHECK(schema.is_ok());
  CHECK_EQUAL(schema.value()[0].type.fields[1].type.scale, 4);
  CHECK_EQUAL(plan::encode_schema(schema.value()), encoded);
}

TEST("a plan is cut at its exchanges, and edges around one do not close a circle") {
  Items nodes;
  nodes.add(node(10, "values", {}));
  nodes.add(node(11, "calc", {10}));
  nodes.add(node(12, "exchange", {10}));
  nodes.add(node(13, "calc", {12}));
  nodes.add(node(14, "union", {11, 13}));
  const auto graph = make_graph(bytes_of(test::plan(nodes)), 2);
  CHECK(graph.is_ok());
  CHECK_EQUAL(graph.value()->fragments.size(), 2u);
  CHECK_EQUAL(graph.value()->links.size(), 2u);
  for (const Link& link : graph.value()->links) {
    CHECK(graph.value()->nodes[link.producer].fragment <
          graph.value()->nodes[link.consumer.node].fragment);
  }
}

TEST("plans that are none are refused") {
  const auto refused = [](const Items& nodes) {
    return !make_graph(bytes_of(test::plan(nodes)), 1).is_ok();
  };
  CHECK(refused(Items().add(node(1, "calc", {}))));
  CHECK(refused(Items().add(node(1, "calc", {2}))));
  CHECK(refused(Items().add(node(1, "values", {})).add(node(1, "values", {}))));
  CHECK(refused(Items().add(node(1, "values", {})).add(node(2, "exchange", {1, 1}))));
  CHECK(refused(Items().add(node(1, "values", {})).add(node(2, "exchange", {1}))
                    .add(node(3, "exchange", {2})).add(node(4, "calc", {3}))));
}

TEST("a damaged plan is an error, never a crash") {
  Items nodes;
  nodes.add(node(1, "values", {})).add(node(2, "exchange", {1})).add(node(3, "calc", {2}));
  const std::string whole = test::plan(nodes);
  Random random(3);
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = whole;
    if (round % 3 == 0) bytes.resize(random.below(static_cast<uint32_t>(bytes.size())));
    for (int k = 0; k < 1 + round % 4 && !bytes.empty(); ++k) {
      bytes[random.below(static_cast<uint32_t>(bytes.size()))] = static_cast<char>(random.next());
    }
    if (!make_graph(bytes_of(bytes), 1 + round % 3).is_ok()) ++refused;
  }
  CHECK(refused > 10'000);
}
