// A column that decoders write at any index. Every value is absent until it is set; children of
// arrays and maps grow by appending.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "columnar/column.h"

namespace millrace {

class ColumnBuilder {
 public:
  explicit ColumnBuilder(const DataType& type)
      : type_(type), physical_(type.physical()), width_(physical_width(physical_)) {
    for (const Field& field : child_fields()) {
      children_.push_back(std::make_unique<ColumnBuilder>(field.type));
    }
  }

  // Starts a column with room for `capacity` values.
  void start(uint32_t capacity) {
    capacity_ = 0;
    used_ = 0;
    values_ = nullptr;
    present_ = nullptr;
    reserve(capacity);
    const bool nested = physical_ == Physical::kArray || physical_ == Physical::kMap;
    for (auto& child : children_) child->start(nested ? 0 : capacity);
  }

  // Makes index `row` writable. Rows of a ROW reach its children.
  void ensure(uint32_t row) {
    if (row < capacity_) [[likely]] return;
    reserve(std::max({row + 1, capacity_ * 2, 64u}));
    if (physical_ != Physical::kRow) return;
    for (auto& child : children_) child->ensure(row);
  }

  template <typename T>
  void set(uint32_t row, T value) {
    reinterpret_cast<T*>(values_->data())[row] = value;
    mark(row);
  }
  template <typename T>
  [[nodiscard]] T get(uint32_t row) const {
    return reinterpret_cast<const T*>(values_->data())[row];
  }
  void mark(uint32_t row) { set_bit(present_->data(), row); }
  // Makes a value absent, and zero.
  void clear(uint32_t row) {
    if (children_.empty() && !bit_is_set(present_->data(), row)) return;
    clear_bit(present_->data(), row);
    if (width_ != 0) std::memset(values_->data() + size_t{row} * width_, 0, width_);
    if (physical_ != Physical::kRow) return;
    for (auto& child : children_) child->clear(row);
  }

  [[nodiscard]] ColumnBuilder& child(size_t index) { return *children_[index]; }
  // Values appended so far, of a child of an array or a map.
  [[nodiscard]] uint32_t used() const { return used_; }
  uint32_t append() {
    ensure(used_);
    clear(used_);
    return used_++;
  }
  void truncate(uint32_t used) { used_ = used; }

  // The column of the rows 0 .. count-1.
  [[nodiscard]] ColumnPtr finish(uint32_t count,
                                 const std::vector<std::shared_ptr<const void>>& owners) {
    auto column = std::make_shared<Column>();
    column->type = type_;
    column->physical = physical_;
    column->length = count;
    column->values = width_ == 0 ? nullptr : std::move(values_);
    if (!all_present(count)) column->validity = std::move(present_);
    if (physical_ == Physical::kString || physical_ == Physical::kBytes) column->owners = owners;
    const bool nested = physical_ == Physical::kArray || physical_ == Physical::kMap;
    for (auto& child : children_) {
      column->children.push_back(child->finish(nested ? child->used() : count, owners));
    }
    return column;
  }

 private:
  [[nodiscard]] std::vector<Field> child_fields() const {
    if (type_.root != TypeRoot::kMultiset) return type_.fields;
    DataType count;
    count.root = TypeRoot::kInteger;
    count.nullable = false;
    return {type_.fields[0], Field{"count", count}};
  }

  void reserve(uint32_t capacity) {
    auto values = std::make_shared<Buffer>(size_t{capacity} * width_);
    auto present = zeroed_buffer((size_t{capacity} + 7) / 8 + 8);
    if (capacity_ != 0) {
      std::memcpy(values->data(), values_->data(), size_t{capacity_} * width_);
      std::memcpy(present->data(), present_->data(), (size_t{capacity_} + 7) / 8);
    }
    if (width_ != 0) {
      std::memset(values->data() + size_t{capacity_} * width_, 0,
                  size_t{capacity - capacity_} * width_);
    }
    values_ = std::move(values);
    present_ = std::move(present);
    capacity_ = capacity;
  }

  [[nodiscard]] bool all_present(uint32_t count) const {
    const uint8_t* bits = present_->data();
    for (uint32_t byte = 0; byte < count / 8; ++byte) {
      if (bits[byte] != 0xff) return false;
    }
    const auto rest = static_cast<uint8_t>((1u << (count % 8)) - 1);
    return (bits[count / 8] & rest) == rest;
  }

  DataType type_;
  Physical physical_;
  uint32_t width_;
  uint32_t capacity_ = 0;
  uint32_t used_ = 0;
  BufferPtr values_;
  BufferPtr present_;
  std::vector<std::unique_ptr<ColumnBuilder>> children_;
};

}  // namespace millrace
