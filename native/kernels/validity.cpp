#include "kernels/validity.h"

#include <cstring>

namespace millrace {

namespace {

size_t bitmap_bytes(uint32_t length) { return (size_t{length} + 7) / 8; }

// 64 bits from bit 8 * `byte`; bits past the end of the bitmap read as 0.
uint64_t load_word(const uint8_t* bits, size_t byte, size_t end) {
  uint64_t word = 0;
  std::memcpy(&word, bits + byte, end - byte < 8 ? end - byte : 8);
  return word;
}

void select_present_dense(const uint8_t* bits, uint32_t count, std::vector<uint32_t>& rows) {
  rows.resize(size_t{count} + 1);
  uint32_t* to = rows.data();
  const size_t end = bitmap_bytes(count);
  size_t found = 0;
  for (uint32_t base = 0; base < count; base += 64) {
    uint64_t word = load_word(bits, base / 8, end);
    const uint32_t width = count - base < 64 ? count - base : 64;
    if (width < 64) word &= (uint64_t{1} << width) - 1;
    if (word == ~uint64_t{0}) {
      for (uint32_t i = 0; i < 64; ++i) to[found + i] = base + i;
      found += 64;
      continue;
    }
    while (word != 0) {
      to[found++] = base + static_cast<uint32_t>(__builtin_ctzll(word));
      word &= word - 1;
    }
  }
  rows.resize(found);
}

}  // namespace

bool is_null_constant(const Column& column) {
  return column.physical == Physical::kNull || (column.constant && column.is_null(0));
}

ColumnPtr make_null_constant(const DataType& type) {
  ColumnPtr column = make_column(type, 1);
  column->constant = true;
  if (column->values != nullptr) std::memset(column->values->data(), 0, column->values->size());
  column->set_null(0);
  return column;
}

BufferPtr copy_bitmap(const Buffer& bitmap, uint32_t length) {
  auto copy = std::make_shared<Buffer>(bitmap_bytes(length));
  std::memcpy(copy->data(), bitmap.data(), copy->size());
  return copy;
}

BufferPtr intersect_validity(std::span<const Column* const> columns, uint32_t length) {
  BufferPtr result;
  bool is_shared = true;
  for (const Column* column : columns) {
    if (column->constant || column->validity == nullptr) continue;
    if (result == nullptr) {
      result = column->validity;
      continue;
    }
    if (is_shared) result = copy_bitmap(*result, length);
    is_shared = false;
    uint8_t* to = result->data();
    const uint8_t* from = column->validity->data();
    const size_t bytes = bitmap_bytes(length);
    for (size_t i = 0; i < bytes; ++i) to[i] = static_cast<uint8_t>(to[i] & from[i]);
  }
  return result;
}

void select_present(const Buffer& bitmap, const Selection& selection,
                    std::vector<uint32_t>& rows) {
  const uint8_t* bits = bitmap.data();
  if (selection.is_dense()) {
    select_present_dense(bits, selection.count, rows);
    return;
  }
  rows.resize(size_t{selection.count} + 1);
  size_t found = 0;
  for (uint32_t i = 0; i < selection.count; ++i) {
    const uint32_t row = selection.indexes[i];
    rows[found] = row;
    found += bit_is_set(bits, row) ? 1 : 0;
  }
  rows.resize(found);
}

}  // namespace millrace
