#include "check.h"
#include "columnar/arena.h"
#include "columnar/packed-batch.h"
#include "columnar/take.h"
#include "columnar/watermark.h"
#include "state/key-group.h"

using namespace millrace;

namespace {

DataType type_of(TypeRoot root) {
  DataType type;
  type.root = root;
  return type;
}

ColumnPtr numbers(std::vector<int64_t> values) {
  ColumnPtr column = make_column(type_of(TypeRoot::kBigint),
                                 static_cast<uint32_t>(values.size()));
  std::copy(values.begin(), values.end(), column->data<int64_t>());
  return column;
}

ColumnPtr texts(const std::vector<std::string>& values) {
  ColumnPtr column = make_column(type_of(TypeRoot::kVarchar),
                                 static_cast<uint32_t>(values.size()));
  auto arena = std::make_shared<Arena>();
  for (uint32_t i = 0; i < values.size(); ++i) {
    column->data<StringView>()[i] = arena->copy(values[i].data(), values[i].size());
  }
  column->owners.push_back(arena);
  return column;
}

Batch sample(uint32_t rows) {
  Batch batch;
  batch.row_count = rows;
  std::vector<int64_t> ids;
  std::vector<std::string> names;
  for (uint32_t i = 0; i < rows; ++i) {
    ids.push_back(i * 10);
    names.push_back(i % 2 == 0 ? "short" : "a text of more than twelve bytes " + std::to_string(i));
  }
  batch.columns = {numbers(ids), texts(names)};
  if (rows > 3) batch.columns[1]->set_null(3);
  return batch;
}

Schema sample_schema() {
  return {{"id", type_of(TypeRoot::kBigint)}, {"name", type_of(TypeRoot::kVarchar)}};
}

}  // namespace

TEST("compaction keeps the selected rows, their nulls, kinds and times") {
  Batch batch = sample(8);
  batch.selected = std::make_shared<std::vector<uint32_t>>(std::vector<uint32_t>{1, 3, 6});
  batch.row_kinds = zeroed_buffer(8);
  batch.row_kinds->data()[3] = 2;
  batch.watermarks = {{0, 5}, {2, 7}, {3, 8}, {7, 9}, {8, 11}};
  const Batch dense = compacted(std::move(batch));
  CHECK_EQUAL(dense.row_count, 3u);
  CHECK_EQUAL(dense.columns[0]->data<int64_t>()[2], 60);
  CHECK(dense.columns[1]->is_null(1));
  CHECK(!dense.columns[1]->is_null(0));
  CHECK_EQUAL(dense.kind(1), RowKind::kUpdateAfter);
  CHECK_EQUAL(dense.watermarks.size(), 3u);
  CHECK(dense.watermarks[0].row == 0 && dense.watermarks[0].watermark == 5);
  CHECK(dense.watermarks[1].row == 1 && dense.watermarks[1].watermark == 8);
  CHECK(dense.watermarks[2].row == 3 && dense.watermarks[2].watermark == 11);
}

TEST("gathered strings outlive the batches they came from") {
  ColumnPtr column;
  {
    const Batch a = sample(4), b = sample(6);
    const ColumnPiece pieces[] = {{a.columns[1].get(), {nullptr, 4}},
                                  {b.columns[1].get(), {nullptr, 6}}};
    column = gather(std::span<const ColumnPiece>(pieces));
  }
  CHECK_EQUAL(column->length, 10u);
  CHECK_EQUAL(column->data<StringView>()[9].view(), "a text of more than twelve bytes 5");
  CHECK(column->is_null(3) && column->is_null(7));
}

TEST("a constant column becomes flat where rows are gathered") {
  ColumnPtr column = numbers({42});
  column->constant = true;
  const ColumnPtr flat = flattened(column, 5);
  CHECK_EQUAL(flat->length, 5u);
  CHECK_EQUAL(flat->data<int64_t>()[4], 42);
}

TEST("the watermark of several inputs is the lowest, and an ended input holds nothing back") {
  InputWatermarks watermarks(3);
  CHECK(!watermarks.raise(0, 10));
  CHECK(!watermarks.raise(1, 20));
  CHECK(watermarks.raise(2, 5));
  CHECK_EQUAL(watermarks.current(), 5);
  CHECK(watermarks.raise(2, kMaxWatermark));
  CHECK_EQUAL(watermarks.current(), 10);
  std::vector<WatermarkRun> runs{{0, 12}, {3, 18}, {4, 30}};
  watermarks.merge(0, runs);
  CHECK_EQUAL(runs.size(), 3u);
  CHECK(runs[2].row == 4 && runs[2].watermark == 20);
}

TEST("an idle input does not count, and comes back behind without holding back") {
  InputWatermarks channels(3, true);
  channels.raise(0, 10);
  channels.raise(1, 20);
  std::vector<WatermarkRun> runs;
  CHECK(channels.set_idle(2, true));
  channels.merge(2, runs);
  CHECK_EQUAL(runs.size(), 1u);
  CHECK(runs[0].row == 0 && runs[0].watermark == 10);
  CHECK(!channels.set_idle(2, false));
  CHECK(channels.raise(0, 15));
  CHECK(!channels.raise(2, 14));
  CHECK(!channels.raise(2, 16));
  CHECK(channels.raise(0, 18));
  CHECK_EQUAL(channels.current(), 16);
  CHECK_EQUAL(channels.kept(0), 18);
}

TEST("where all inputs are idle the highest holds, and a join waits for who comes back") {
  InputWatermarks inputs(2);
  inputs.raise(0, 10);
  inputs.raise(1, 20);
  CHECK(!inputs.set_idle(1, true));
  CHECK(inputs.set_idle(0, true));
  CHECK(inputs.is_idle());
  std::vector<WatermarkRun> runs{{0, 30}};
  inputs.merge(0, runs);
  CHECK(runs.size() == 1 && runs[0].watermark == 20);
  CHECK_EQUAL(inputs.kept(0), 20);
  inputs.set_idle(0, false);
  inputs.set_idle(1, false);
  CHECK(!inputs.raise(1, 40));
  CHECK(inputs.raise(0, 35));
  CHECK_EQUAL(inputs.current(), 35);
  inputs.set_idle(0, true);
  inputs.end(0);
  CHECK_EQUAL(inputs.current(), 35);
  CHECK(inputs.end(1));
  CHECK_EQUAL(inputs.kept(0), kMaxWatermark);
}

TEST("a packed batch comes back as it was") {
  Batch batch = sample(70);
  batch.watermarks = {{0, kMinWatermark}, {70, kMaxWatermark}};
  const Result<PackedBatch> packed = pack(batch);
  CHECK(packed.is_ok());
  Result<Batch> back = unpack(packed.value().view(), sample_schema());
  CHECK(back.is_ok());
  for (uint32_t row = 0; row < 70; ++row) {
    const Column& name = *back.value().columns[1];
    CHECK_EQUAL(name.is_null(row), batch.columns[1]->is_null(row));
    if (!name.is_null(row)) {
      CHECK_EQUAL(name.data<StringView>()[row], batch.columns[1]->data<StringView>()[row]);
    }
  }
  CHECK_EQUAL(back.value().watermarks[1].watermark, kMaxWatermark);
}

TEST("a damaged packed batch is an error, never a crash") {
  const Result<PackedBatch> packed = pack(sample(20));
  const auto whole = packed.value().view();
  test::Random random(7);
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<uint8_t> bytes(whole.begin(), whole.end());
    if (round % 4 == 0) bytes.resize(random.below(static_cast<uint32_t>(bytes.size())));
    const uint32_t header = std::min<uint32_t>(static_cast<uint32_t>(bytes.size()), 140);
    for (int k = 0; k < 1 + round % 3 && header > 0; ++k) {
      bytes[random.below(header)] = static_cast<uint8_t>(random.next());
    }
    const Result<Batch> read = unpack(bytes, sample_schema());
    if (!read.is_ok()) {
      ++refused;
      continue;
    }
    std::vector<uint32_t> groups;  // touches every value
    const std::vector<const Column*> keys{read.value().columns[0].get(),
                                          read.value().columns[1].get()};
    CHECK(key_groups(keys, read.value().selection(), 128, groups).is_ok());
  }
  CHECK(refused > 5'000);
}

TEST("key group hashes are murmur3-32 over the documented words") {
  const Batch batch = [] {
    Batch made;
    made.row_count = 1;
    made.columns = {numbers({42}), texts({"millrace"})};
    return made;
  }();
  std::vector<uint32_t> hashes;
  const Column* id = batch.columns[0].get();
  CHECK(hash_keys(std::span<const Column* const>(&id, 1), {nullptr, 1}, hashes).is_ok());
  CHECK_EQUAL(hashes[0], 1261167448u);
  const Column* name = batch.columns[1].get();
  CHECK(hash_keys(std::span<const Column* const>(&name, 1), {nullptr, 1}, hashes).is_ok());
  CHECK_EQUAL(hashes[0], 3167037409u);
}
