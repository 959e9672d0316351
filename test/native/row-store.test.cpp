// Rows kept in columns by id, and lists of such ids.
#include <algorithm>

#include "check.h"
#include "operators/row-lists.h"
#include "operators/row-store.h"

using namespace millrace;
using namespace millrace::test;

namespace {

ColumnPtr texts(std::initializer_list<const char*> values) {
  DataType type;
  type.root = TypeRoot::kVarchar;
  ColumnPtr column = make_column(type, static_cast<uint32_t>(values.size()));
  uint32_t row = 0;
  for (const char* value : values) {
    column->data<StringView>()[row++] = StringView(std::string_view(value));
  }
  return column;
}

}  // namespace

TEST("rows of a store outlive their batch and give their memory back") {
  DataType type;
  type.root = TypeRoot::kVarchar;
  auto made = RowStore::create({{"s", type}});
  CHECK(made.is_ok());
  RowStore& store = made.value();
  const std::string text = "a text of more than twelve bytes, kept by the store: ";
  std::vector<uint32_t> live;
  for (uint32_t i = 0; i < 20'000; ++i) {
    const std::string own = text + std::to_string(i);
    const std::vector<ColumnPtr> columns = {texts({own.c_str()})};
    live.push_back(store.add(columns, 0));
    if (live.size() > 3) {
      store.free(live.front());
      live.erase(live.begin());
      store.settle();
    }
  }
  CHECK_EQUAL(store.count(), 3u);
  CHECK(store.capacity() <= 4);
  CHECK(store.bytes() < 2'000'000);
  CHECK_EQUAL(store.text(0, live[0]).view(), text + "19997");
  CHECK_EQUAL(store.text(0, live[2]).view(), text + "19999");
}

TEST("lists of row ids keep their order through inserts, removals and growth") {
  RowLists lists;
  lists.resize(2);
  std::vector<uint32_t> expected;
  Random random(3);
  for (uint32_t i = 0; i < 3000; ++i) {
    if (!expected.empty() && random.below(3) == 0) {
      const uint32_t at = random.below(static_cast<uint32_t>(expected.size()));
      expected.erase(expected.begin() + at);
      lists.erase(0, at);
    } else {
      const uint32_t at = random.below(static_cast<uint32_t>(expected.size()) + 1);
      expected.insert(expected.begin() + at, i);
      lists.insert(0, at, i);
    }
    if (i % 7 == 0) lists.insert(1, lists.size(1), i);
  }
  const auto rows = lists.rows(0);
  CHECK(std::equal(rows.begin(), rows.end(), expected.begin(), expected.end()));
  CHECK_EQUAL(lists.size(1), 429u);
}
