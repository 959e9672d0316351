#include "columnar/packed-batch.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace millrace {
namespace {

constexpr int32_t kMagic = 0x3142524d;  // "MRB1"
constexpr size_t kHeaderWords = 9;
constexpr size_t kColumnWords = 10;
constexpr uint64_t kMaxBytes = std::numeric_limits<int32_t>::max();


double watermark_to_double(int64_t watermark) {
  if (watermark == kMaxWatermark) return std::numeric_limits<double>::infinity();
  if (watermark == kMinWatermark) return -std::numeric_limits<double>::infinity();
  return static_cast<double>(watermark);
}

int64_t watermark_from_double(double watermark) {
  if (watermark >= 9.2e18) return kMaxWatermark;
  if (watermark <= -9.2e18) return kMinWatermark;
  return static_cast<int64_t>(watermark);
}

// Lays the parts out first, then fills them in one pass.
class Packer {
 public:
  explicit Packer(const Batch& batch) : batch_(batch) {}

  Result<PackedBatch> run() {
    for (const ColumnPtr& column : batch_.columns) count_columns(*column);
    const size_t header_words = kHeaderWords + kColumnWords * column_count_;
    size_ = aligned(header_words * sizeof(int32_t));
    words_.assign(header_words, -1);
    plan_header();
    size_t next = 0;
    for (const ColumnPtr& column : batch_.columns) plan_column(*column, next);
    if (size_ > kMaxBytes) return Status::error("MR9001", "batch is larger than 2 GB");
    PackedBatch packed;
    packed.bytes = std::make_unique_for_overwrite<uint8_t[]>(size_);
    packed.size = size_;
    packed.row_count = batch_.row_count;
    bytes_ = packed.bytes.get();
    std::memcpy(bytes_, words_.data(), words_.size() * sizeof(int32_t));
    fill_header();
    next = 0;
    for (const ColumnPtr& column : batch_.columns) fill_column(*column, next);
    return packed;
  }

 private:
  static size_t aligned(size_t bytes) { return (bytes + 7) & ~size_t{7}; }

  void count_columns(const Column& column) {
    ++column_count_;
    for (const ColumnPtr& child : column.children) count_columns(*child);
  }

  int32_t reserve(size_t bytes) {
    const size_t at = size_;
    size_ += aligned(bytes);
    return static_cast<int32_t>(at);
  }

  void plan_header() {
    words_[0] = kMagic;
    words_[1] = static_cast<int32_t>(batch_.row_count);
    words_[3] = 0;
    if (batch_.row_kinds != nullptr) words_[4] = reserve(batch_.row_count);
    words_[5] = static_cast<int32_t>(batch_.watermarks.size());
    words_[6] = reserve(batch_.watermarks.size() * sizeof(uint32_t));
    words_[7] = reserve(batch_.watermarks.size() * sizeof(double));
    words_[8] = static_cast<int32_t>(batch_.columns.size());
  }

  void fill_header() {
    if (words_[4] >= 0) {
      std::memcpy(bytes_ + words_[4], batch_.row_kinds->data(), batch_.row_count);
    }
    auto* rows = reinterpret_cast<uint32_t*>(bytes_ + words_[6]);
    auto* values = reinterpret_cast<double*>(bytes_ + words_[7]);
    for (size_t i = 0; i < batch_.watermarks.size(); ++i) {
      rows[i] = batch_.watermarks[i].row;
      values[i] = watermark_to_double(batch_.watermarks[i].watermark);
    }
  }

  int32_t* column_words(size_t& next) { return &words_[kHeaderWords + kColumnWords * next++]; }

  void plan_column(const Column& column, size_t& next) {
    int32_t* words = column_words(next);
    words[0] = static_cast<int32_t>(column.physical);
    words[1] = static_cast<int32_t>(column.length);
    words[2] = column.constant ? 1 : 0;
    words[8] = 0;
    words[9] = static_cast<int32_t>(column.children.size());
    if (column.validity != nullptr) words[4] = reserve((size_t{column.length} + 7) / 8);
    if (is_text(column.physical) || is_list(column.physical)) {
      words[5] = reserve(size_t{column.length} * sizeof(int32_t));
      words[6] = reserve(size_t{column.length} * sizeof(int32_t));
    } else if (physical_width(column.physical) > 0) {
      words[3] = reserve(size_t{column.length} * physical_width(column.physical));
    }
    if (is_text(column.physical)) plan_heap(column, words);
    for (const ColumnPtr& child : column.children) plan_column(*child, next);
  }

  void plan_heap(const Column& column, int32_t* words) {
    uint64_t bytes = 0;
    const auto* text = column.data<StringView>();
    for (uint32_t i = 0; i < column.length; ++i) {
      if (!absent(column, i)) bytes += text[i].length;
    }
    words[7] = reserve(bytes);
    words[8] = static_cast<int32_t>(std::min<uint64_t>(bytes, kMaxBytes));
  }

  static bool absent(const Column& column, uint32_t index) {
    return column.validity != nullptr && !bit_is_set(column.validity->data(), index);
  }

  void fill_column(const Column& column, size_t& next) {
    const int32_t* words = column_words(next);
    if (words[4] >= 0) {
      std::memcpy(bytes_ + words[4], column.validity->data(), (size_t{column.length} + 7) / 8);
    }
    if (words[3] >= 0) {
      std::memcpy(bytes_ + words[3], column.values->data(),
                  size_t{column.length} * physical_width(column.physical));
    }
    if (is_text(column.physical)) fill_text(column, words);
    if (is_list(column.physical)) fill_ranges(column, words);
    for (const ColumnPtr& child : column.children) fill_column(*child, next);
  }

  void fill_text(const Column& column, const int32_t* words) {
    auto* starts = reinterpret_cast<int32_t*>(bytes_ + words[5]);
    auto* lengths = reinterpret_cast<int32_t*>(bytes_ + words[6]);
    auto* heap = reinterpret_cast<char*>(bytes_ + words[7]);
    const auto* text = column.data<StringView>();
    int32_t at = 0;
    for (uint32_t i = 0; i < column.length; ++i) {
      const bool is_absent = absent(column, i);
      const uint32_t length = is_absent ? 0 : text[i].length;
      starts[i] = at;
      lengths[i] = static_cast<int32_t>(length);
      if (length > 0) std::memcpy(heap + at, text[i].data(), length);
      at += static_cast<int32_t>(length);
    }
  }

  void fill_ranges(const Column& column, const int32_t* words) {
    auto* starts = reinterpret_cast<int32_t*>(bytes_ + words[5]);
    auto* lengths = reinterpret_cast<int32_t*>(bytes_ + words[6]);
    const auto* ranges = column.data<Range>();
    for (uint32_t i = 0; i < column.length; ++i) {
      const bool is_absent = absent(column, i);
      starts[i] = is_absent ? 0 : static_cast<int32_t>(ranges[i].start);
      lengths[i] = is_absent ? 0 : static_cast<int32_t>(ranges[i].length);
    }
  }

  const Batch& batch_;
  size_t column_count_ = 0;
  size_t size_ = 0;
  std::vector<int32_t> words_;
  uint8_t* bytes_ = nullptr;
};

Status damaged(const char* what) {
  return Status::error("MR5001", std::string("batch: ") + what);
}

class Unpacker {
 public:
  explicit Unpacker(std::span<const uint8_t> block) : block_(block) {}

  Result<Batch> run(const Schema& schema) {
    if (block_.size() < kHeaderWords * sizeof(int32_t)) return damaged("too short");
    if (word(0) != kMagic) return damaged("not a batch");
    if (word(1) < 0 || word(8) < 0) return damaged("negative count");
    if (static_cast<size_t>(word(8)) != schema.size()) return damaged("wrong number of columns");
    Batch batch;
    batch.row_count = static_cast<uint32_t>(word(1));
    MR_TRY(read_selection(batch));
    MR_TRY(read_row_kinds(batch));
    MR_TRY(read_watermarks(batch));
    size_t next = 0;
    for (const Field& field : schema) {
      MR_TRY_ASSIGN(ColumnPtr column, read_column(field.type, next));
      const bool fits = column->constant ? column->length == 1 : column->length >= batch.row_count;
      if (!fits) return damaged("column is too short");
      batch.columns.push_back(std::move(column));
    }
    return batch;
  }

 private:
  [[nodiscard]] int32_t word(size_t index) const {
    int32_t value;
    std::memcpy(&value, block_.data() + index * sizeof(int32_t), sizeof(int32_t));
    return value;
  }

  // `bytes` at an offset of the header.
  Result<const uint8_t*> part(int32_t offset, uint64_t bytes) const {
    if (offset < 0 || static_cast<uint64_t>(offset) + bytes > block_.size()) {
      return damaged("part lies outside");
    }
    return block_.data() + offset;
  }

  Status read_selection(Batch& batch) const {
    if (word(2) < 0) return Status::ok();
    if (word(3) < 0) return damaged("negative count");
    const auto count = static_cast<uint32_t>(word(3));
    MR_TRY_ASSIGN(const uint8_t* from, part(word(2), uint64_t{count} * sizeof(uint32_t)));
    auto rows = std::make_shared<std::vector<uint32_t>>(count);
    if (count > 0) std::memcpy(rows->data(), from, size_t{count} * sizeof(uint32_t));
    for (size_t i = 0; i < rows->size(); ++i) {
      const bool rising = i == 0 || (*rows)[i] > (*rows)[i - 1];
      if (!rising || (*rows)[i] >= batch.row_count) return damaged("selection is not rising");
    }
    batch.selected = std::move(rows);
    return Status::ok();
  }

  Status read_row_kinds(Batch& batch) const {
    if (word(4) < 0) return Status::ok();
    MR_TRY_ASSIGN(const uint8_t* from, part(word(4), batch.row_count));
    batch.row_kinds = std::make_shared<Buffer>(batch.row_count);
    for (uint32_t row = 0; row < batch.row_count; ++row) {
      if (from[row] > static_cast<uint8_t>(RowKind::kDelete)) return damaged("unknown row kind");
      batch.row_kinds->data()[row] = from[row];
    }
    return Status::ok();
  }

  Status read_watermarks(Batch& batch) const {
    if (word(5) < 0) return damaged("negative count");
    const auto count = static_cast<uint32_t>(word(5));
    if (count == 0) return Status::ok();
    MR_TRY_ASSIGN(const uint8_t* rows, part(word(6), uint64_t{count} * sizeof(uint32_t)));
    MR_TRY_ASSIGN(const uint8_t* values, part(word(7), uint64_t{count} * sizeof(double)));
    for (uint32_t i = 0; i < count; ++i) {
      uint32_t row;
      double value;
      std::memcpy(&row, rows + size_t{i} * sizeof(row), sizeof(row));
      std::memcpy(&value, values + size_t{i} * sizeof(value), sizeof(value));
      if (row > batch.row_count || std::isnan(value)) return damaged("watermark out of range");
      batch.watermarks.push_back({row, watermark_from_double(value)});
    }
    return Status::ok();
  }

  Result<ColumnPtr> read_column(const DataType& type, size_t& next) {
    const size_t at = kHeaderWords + kColumnWords * next++;
    if ((at + kColumnWords) * sizeof(int32_t) > block_.size()) return damaged("too short");
    auto column = std::make_shared<Column>();
    column->type = type;
    column->physical = type.physical();
    if (word(at) != static_cast<int32_t>(column->physical)) return damaged("other physical type");
    if (word(at + 1) < 0) return damaged("negative count");
    column->length = static_cast<uint32_t>(word(at + 1));
    column->constant = word(at + 2) != 0;
    const uint32_t width = physical_width(column->physical);
    if (width > 0) {
      // Bounded before it is made: every value has at least a byte in the block.
      if (column->length > block_.size()) return damaged("column is too long");
      column->values = std::make_shared<Buffer>(size_t{column->length} * width);
    }
    MR_TRY(read_validity(at, *column));
    MR_TRY(read_values(at, *column));
    const size_t children = type.physical() == Physical::kRow || is_list(column->physical)
                                ? type.fields.size() : 0;
    if (static_cast<size_t>(word(at + 9)) != children) return damaged("other children");
    for (size_t i = 0; i < children; ++i) {
      MR_TRY_ASSIGN(ColumnPtr child, read_column(type.fields[i].type, next));
      column->children.push_back(std::move(child));
    }
    MR_TRY(check_children(*column));
    return column;
  }

  static Status check_children(const Column& column) {
    if (column.physical == Physical::kRow) {
      for (const ColumnPtr& child : column.children) {
        if (!child->constant && child->length < column.length) return damaged("child is too short");
      }
    }
    if (!is_list(column.physical)) return Status::ok();
    const auto* ranges = column.data<Range>();
    for (const ColumnPtr& child : column.children) {
      for (uint32_t i = 0; i < column.length; ++i) {
        if (uint64_t{ranges[i].start} + ranges[i].length > child->length) {
          return damaged("range lies outside");
        }
      }
    }
    return Status::ok();
  }

  Status read_validity(size_t at, Column& column) const {
    if (word(at + 4) < 0) return Status::ok();
    const size_t bytes = (size_t{column.length} + 7) / 8;
    MR_TRY_ASSIGN(const uint8_t* from, part(word(at + 4), bytes));
    column.validity = std::make_shared<Buffer>(bytes);
    if (bytes > 0) std::memcpy(column.validity->data(), from, bytes);
    return Status::ok();
  }

  Status read_values(size_t at, Column& column) const {
    if (is_text(column.physical)) return read_text(at, column);
    if (is_list(column.physical)) return read_ranges(at, column);
    const uint32_t width = physical_width(column.physical);
    if (width == 0) return Status::ok();
    const size_t bytes = size_t{column.length} * width;
    MR_TRY_ASSIGN(const uint8_t* from, part(word(at + 3), bytes));
    if (bytes > 0) std::memcpy(column.values->data(), from, bytes);
    return Status::ok();
  }

  Status read_text(size_t at, Column& column) const {
    const uint64_t bytes = uint64_t{column.length} * sizeof(int32_t);
    MR_TRY_ASSIGN(const uint8_t* starts, part(word(at + 5), bytes));
    MR_TRY_ASSIGN(const uint8_t* lengths, part(word(at + 6), bytes));
    if (word(at + 8) < 0) return damaged("negative count");
    const auto heap_bytes = static_cast<uint32_t>(word(at + 8));
    MR_TRY_ASSIGN(const uint8_t* heap_from, part(word(at + 7), heap_bytes));
    auto heap = std::make_shared<Buffer>(heap_bytes);
    if (heap_bytes > 0) std::memcpy(heap->data(), heap_from, heap_bytes);
    const auto* text = reinterpret_cast<const char*>(heap->data());
    auto* views = column.data<StringView>();
    for (uint32_t i = 0; i < column.length; ++i) {
      int32_t start, length;
      std::memcpy(&start, starts + size_t{i} * 4, 4);
      std::memcpy(&length, lengths + size_t{i} * 4, 4);
      const bool absent = column.validity != nullptr &&
                          !bit_is_set(column.validity->data(), i);
      if (absent) {
        views[i] = StringView();
        continue;
      }
      const bool inside = start >= 0 && length >= 0 && int64_t{start} + length <= heap_bytes;
      if (!inside) return damaged("text lies outside");
      views[i] = StringView(text + start, static_cast<size_t>(length));
    }
    column.owners.push_back(std::move(heap));
    return Status::ok();
  }

  Status read_ranges(size_t at, Column& column) const {
    const uint64_t bytes = uint64_t{column.length} * sizeof(uint32_t);
    MR_TRY_ASSIGN(const uint8_t* starts, part(word(at + 5), bytes));
    MR_TRY_ASSIGN(const uint8_t* lengths, part(word(at + 6), bytes));
    auto* ranges = column.data<Range>();
    for (uint32_t i = 0; i < column.length; ++i) {
      std::memcpy(&ranges[i].start, starts + size_t{i} * 4, 4);
      std::memcpy(&ranges[i].length, lengths + size_t{i} * 4, 4);
    }
    return Status::ok();
  }

  std::span<const uint8_t> block_;
};

}  // namespace

Result<PackedBatch> pack(const Batch& batch) {
  if (batch.selected != nullptr) return Status::error("MR9001", "a packed batch has no selection");
  return Packer(batch).run();
}

Result<Batch> unpack(std::span<const uint8_t> block, const Schema& schema) {
  return Unpacker(block).run(schema);
}

}  // namespace millrace
