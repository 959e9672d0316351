// One column of a batch in Arrow layout (see src/batch/column.ts for the same in TypeScript).
//
//     bool    one byte a row, 0 or 1 (packed to bits only at the Arrow edge)
//     i8 ... i128, f32, f64   fixed-width values
//     string, bytes   StringView a row, into memory kept alive by `owners`
//     row     children, one a field; validity of the row itself in `validity`
//     array, map   Range a row, into children[0] (and children[1])
//
// A constant column holds one value, at index 0, for every row of its batch.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "columnar/string_view.h"
#include "columnar/types.h"

namespace millrace {

struct Range {
  uint32_t start = 0;
  uint32_t length = 0;
};

// Plain bytes, 64-byte aligned.
class Buffer {
 public:
  explicit Buffer(size_t bytes)
      : size_(bytes),
        data_(static_cast<uint8_t*>(
            ::operator new(bytes == 0 ? 64 : bytes, std::align_val_t{64}))) {}
  ~Buffer() { ::operator delete(data_, std::align_val_t{64}); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  [[nodiscard]] uint8_t* data() { return data_; }
  [[nodiscard]] const uint8_t* data() const { return data_; }
  [[nodiscard]] size_t size() const { return size_; }

 private:
  size_t size_;
  uint8_t* data_;
};

using BufferPtr = std::shared_ptr<Buffer>;

inline BufferPtr zeroed_buffer(size_t bytes) {
  auto buffer = std::make_shared<Buffer>(bytes);
  std::memset(buffer->data(), 0, bytes);
  return buffer;
}

[[nodiscard]] inline bool bit_is_set(const uint8_t* bits, uint32_t index) {
  return (bits[index >> 3] >> (index & 7)) & 1;
}
inline void set_bit(uint8_t* bits, uint32_t index) {
  bits[index >> 3] = static_cast<uint8_t>(bits[index >> 3] | (1u << (index & 7)));
}
inline void clear_bit(uint8_t* bits, uint32_t index) {
  bits[index >> 3] = static_cast<uint8_t>(bits[index >> 3] & ~(1u << (index & 7)));
}

struct Column;
using ColumnPtr = std::shared_ptr<Column>;

struct Column {
  DataType type;
  Physical physical = Physical::kNull;
  uint32_t length = 0;   // values held: 1 where constant
  bool constant = false;
  BufferPtr values;      // null for row and null columns
  BufferPtr validity;    // Arrow bitmap of `length` bits, bit set = present; null = all present
  std::vector<std::shared_ptr<const void>> owners;
  std::vector<ColumnPtr> children;

  template <typename T>
  [[nodiscard]] T* data() { return reinterpret_cast<T*>(values->data()); }
  template <typename T>
  [[nodiscard]] const T* data() const { return reinterpret_cast<const T*>(values->data()); }

  // Index of a batch row's value in this column.
  [[nodiscard]] uint32_t at(uint32_t row) const { return constant ? 0 : row; }
  [[nodiscard]] bool is_null(uint32_t row) const {
    if (physical == Physical::kNull) return true;
    return validity != nullptr && !bit_is_set(validity->data(), at(row));
  }
  // Marks a value absent; the bitmap is made at the first one.
  void set_null(uint32_t row) {
    if (validity == nullptr) {
      validity = std::make_shared<Buffer>((length + 7) / 8);
      std::memset(validity->data(), 0xff, validity->size());
    }
    clear_bit(validity->data(), row);
  }
};

// A column with room for `length` values, not initialised (children likewise). Arrays and maps are
// empty, over children without values.
inline ColumnPtr make_column(const DataType& type, uint32_t length) {
  auto column = std::make_shared<Column>();
  column->type = type;
  column->physical = type.physical();
  column->length = length;
  const uint32_t width = physical_width(column->physical);
  if (width != 0) column->values = std::make_shared<Buffer>(size_t{length} * width);
  if (column->physical == Physical::kRow) {
    for (const Field& field : type.fields) {
      ColumnPtr child = make_column(field.type, length);
      if (is_text(child->physical)) {  // a NULL row's texts are read when a batch is packed
        std::memset(child->values->data(), 0, child->values->size());
      }
      column->children.push_back(std::move(child));
    }
  }
  if (is_list(column->physical)) {
    std::memset(column->values->data(), 0, column->values->size());
    for (const Field& field : type.fields) {
      column->children.push_back(make_column(field.type, 0));
    }
  }
  return column;
}

}  // namespace millrace
