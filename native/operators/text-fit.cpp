#include "operators/text-fit.h"

#include <vector>

#include "kernels/utf8.h"

namespace millrace {
namespace {

constexpr uint32_t kUnbounded = 0x7fffffff;

bool is_fixed(const DataType& type) {
  return type.root == TypeRoot::kChar || type.root == TypeRoot::kBinary;
}

uint32_t size_of(const Column& column, const StringView& value) {
  if (column.physical == Physical::kBytes) return value.length;
  return static_cast<uint32_t>(utf8::count_code_points(value.view()));
}

uint32_t cut_bytes(const Column& column, const StringView& value, uint32_t most) {
  if (column.physical == Physical::kBytes) return most;
  return static_cast<uint32_t>(utf8::skip_code_points(value.view(), most));
}

}  // namespace

bool is_bounded(const DataType& type) {
  return is_text(type.physical()) && type.length < kUnbounded;
}

std::string bounded_type_name(const DataType& type) {
  const char* name = type.root == TypeRoot::kChar      ? "CHAR("
                     : type.root == TypeRoot::kVarchar ? "VARCHAR("
                     : type.root == TypeRoot::kBinary  ? "BINARY("
                                                       : "VARBINARY(";
  return name + std::to_string(type.length) + ")";
}

int64_t wrong_length(const Column& column, uint32_t row, const DataType& type) {
  if (column.is_null(row)) return -1;
  const StringView& value = column.data<StringView>()[column.at(row)];
  if (!is_fixed(type) && value.length <= type.length) return -1;
  const uint32_t size = size_of(column, value);
  return size > type.length || (is_fixed(type) && size < type.length) ? int64_t{size} : -1;
}

ColumnPtr fit_texts(const ColumnPtr& column, const Selection& rows, const DataType& type) {
  std::vector<uint32_t> misfits;
  size_t padded_bytes = 0;
  const Selection one{nullptr, 1};
  for_each_row(column->constant ? one : rows, [&](uint32_t row) {
    const int64_t size = wrong_length(*column, row, type);
    if (size < 0) return;
    misfits.push_back(row);
    if (size < type.length) {
      padded_bytes += column->data<StringView>()[row].length + type.length - size;
    }
  });
  if (misfits.empty()) return column;
  auto fitted = std::make_shared<Column>(*column);
  fitted->values = std::make_shared<Buffer>(column->values->size());
  std::memcpy(fitted->values->data(), column->values->data(), column->values->size());
  auto padded = std::make_shared<Buffer>(padded_bytes);
  auto* end = reinterpret_cast<char*>(padded->data());
  const int filler = column->physical == Physical::kString ? ' ' : 0;
  for (const uint32_t row : misfits) {
    const StringView& value = column->data<StringView>()[row];
    const uint32_t size = size_of(*column, value);
    StringView& to = fitted->data<StringView>()[row];
    if (size > type.length) {
      to = StringView(value.data(), cut_bytes(*column, value, type.length));
      continue;
    }
    const uint32_t missing = type.length - size;
    std::memcpy(end, value.data(), value.length);
    std::memset(end + value.length, filler, missing);
    to = StringView(end, value.length + missing);
    end += value.length + missing;
  }
  fitted->owners.push_back(std::move(padded));
  return fitted;
}

}  // namespace millrace
