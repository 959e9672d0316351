#include "kernels/literal.h"

#include "columnar/arena.h"
#include "kernels/validity.h"

namespace millrace {

namespace {

template <typename T>
Status store_integer(const plan::Value& value, Column& column) {
  MR_TRY_ASSIGN(const int64_t number, value.as_int());
  column.data<T>()[0] = static_cast<T>(number);
  return Status::ok();
}

void store_text(std::string_view text, Column& column) {
  auto arena = std::make_shared<Arena>();
  column.data<StringView>()[0] = arena->copy(text.data(), text.size());
  column.owners.push_back(std::move(arena));
}

Status store(const plan::Value& value, Column& column) {
  switch (column.physical) {
    case Physical::kBool: {
      MR_TRY_ASSIGN(const bool flag, value.as_bool());
      column.data<uint8_t>()[0] = flag ? 1 : 0;
      return Status::ok();
    }
    case Physical::kI8: return store_integer<int8_t>(value, column);
    case Physical::kI16: return store_integer<int16_t>(value, column);
    case Physical::kI32: return store_integer<int32_t>(value, column);
    case Physical::kI64: return store_integer<int64_t>(value, column);
    case Physical::kI128: {
      MR_TRY_ASSIGN(const int128 number, value.as_int128());
      column.data<int128>()[0] = number;
      return Status::ok();
    }
    case Physical::kF32: {
      MR_TRY_ASSIGN(const double number, value.as_double());
      column.data<float>()[0] = static_cast<float>(number);
      return Status::ok();
    }
    case Physical::kF64: {
      MR_TRY_ASSIGN(const double number, value.as_double());
      column.data<double>()[0] = number;
      return Status::ok();
    }
    case Physical::kString: {
      MR_TRY_ASSIGN(const std::string_view text, value.as_string());
      store_text(text, column);
      return Status::ok();
    }
    case Physical::kBytes: {
      MR_TRY_ASSIGN(const std::string_view bytes, value.as_bytes());
      store_text(bytes, column);
      return Status::ok();
    }
    default: return Status::error("MR9001", "literal of a nested type");
  }
}

}  // namespace

Result<ColumnPtr> make_literal(const DataType& type, const plan::Value* value) {
  if (value == nullptr || value->is_null()) return make_null_constant(type);
  ColumnPtr column = make_column(type, 1);
  column->constant = true;
  MR_TRY(store(*value, *column));
  return column;
}

}  // namespace millrace
