#include "columnar/cell.h"

#include <bit>
#include <cmath>
#include <limits>

namespace millrace {
namespace {

template <typename T>
void put(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename T>
void put_floating(std::string& out, T value) {
  put(out, std::isnan(value) ? std::numeric_limits<T>::quiet_NaN() : value);
}

void append_items(const Column& column, uint32_t index, std::string& out) {
  const Range range = column.data<Range>()[index];
  put(out, range.length);
  for (uint32_t i = 0; i < range.length; ++i) {
    for (const ColumnPtr& child : column.children) append_cell(*child, range.start + i, out);
  }
}

// A column that is read off cells, value by value.
class CellColumn {
 public:
  explicit CellColumn(const DataType& type, uint32_t capacity)
      : type_(type), physical_(type.physical()), width_(physical_width(physical_)) {
    values_.reserve(size_t{capacity} * width_);
    present_.reserve(capacity);
    for (const Field& field : type.fields) children_.emplace_back(field.type, capacity);
  }

  // Reads the cell at `at`; returns where the next begins.
  const char* read(const char* at) {
    if (*at++ == 0) {
      append_null();
      return at;
    }
    present_.push_back(1);
    if (is_text(physical_)) return read_text(at);
    if (is_list(physical_)) return read_items(at);
    if (physical_ == Physical::kRow) {
      for (CellColumn& child : children_) at = child.read(at);
      return at;
    }
    values_.append(at, width_);
    return at + width_;
  }

  [[nodiscard]] ColumnPtr finish(const std::shared_ptr<const void>& owner) const {
    const auto count = static_cast<uint32_t>(present_.size());
    auto out = std::make_shared<Column>();
    out->type = type_;
    out->physical = physical_;
    out->length = count;
    if (width_ != 0) {
      out->values = std::make_shared<Buffer>(values_.size());
      std::memcpy(out->values->data(), values_.data(), values_.size());
    }
    if (physical_ != Physical::kNull) {
      for (uint32_t i = 0; i < count; ++i) {
        if (present_[i] == 0) out->set_null(i);
      }
    }
    if (is_text(physical_)) out->owners.push_back(owner);
    for (const CellColumn& child : children_) out->children.push_back(child.finish(owner));
    return out;
  }

 private:
  void append_null() {
    present_.push_back(0);
    values_.append(width_, '\0');
    if (physical_ == Physical::kRow) {
      for (CellColumn& child : children_) child.append_null();
    }
  }

  const char* read_text(const char* at) {
    uint32_t length;
    std::memcpy(&length, at, sizeof length);
    put(values_, StringView(at + sizeof length, length));
    return at + sizeof length + length;
  }

  const char* read_items(const char* at) {
    Range range{static_cast<uint32_t>(children_[0].present_.size()), 0};
    std::memcpy(&range.length, at, sizeof range.length);
    put(values_, range);
    at += sizeof range.length;
    for (uint32_t i = 0; i < range.length; ++i) {
      for (CellColumn& child : children_) at = child.read(at);
    }
    return at;
  }

  DataType type_;
  Physical physical_;
  uint32_t width_;
  std::string values_;
  std::string present_;
  std::vector<CellColumn> children_;
};

}  // namespace

void append_cell(const Column& column, uint32_t row, std::string& out) {
  if (column.is_null(row)) {
    out.push_back(0);
    return;
  }
  out.push_back(1);
  const uint32_t index = column.at(row);
  switch (column.physical) {
    case Physical::kF32: return put_floating(out, column.data<float>()[index]);
    case Physical::kF64: return put_floating(out, column.data<double>()[index]);
    case Physical::kString:
    case Physical::kBytes: {
      const StringView& text = column.data<StringView>()[index];
      put(out, text.length);
      out.append(text.data(), text.length);
      return;
    }
    case Physical::kRow:
      for (const ColumnPtr& child : column.children) append_cell(*child, index, out);
      return;
    case Physical::kArray:
    case Physical::kMap: return append_items(column, index, out);
    default: {
      const uint32_t width = physical_width(column.physical);
      out.append(reinterpret_cast<const char*>(column.values->data()) + size_t{index} * width,
                 width);
    }
  }
}

bool equal_cells(const Column& column, uint32_t a, uint32_t b) {
  std::string cell_a;
  std::string cell_b;
  append_cell(column, a, cell_a);
  append_cell(column, b, cell_b);
  return cell_a == cell_b;
}

ColumnPtr decode_cells(const DataType& type, std::span<const StringView> cells,
                       const std::shared_ptr<const void>& owner) {
  CellColumn column(type, static_cast<uint32_t>(cells.size()));
  for (const StringView& cell : cells) (void)column.read(cell.length == 0 ? "" : cell.data());
  return column.finish(owner);
}

}  // namespace millrace
