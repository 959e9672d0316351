// Fills columns of datagen tables. A value is a function of (seed, row number, field) and, for
// times, the clock.
#include <string>

#include "sources/datagen.h"
#include "sources/random.h"

namespace millrace::datagen {

using random::below;
using random::below_wide;
using random::draw;
using random::draw_at;

constexpr int64_t kMsADay = 86'400'000;

static uint32_t row_count(const Rows& rows) { return static_cast<uint32_t>(rows.keys.size()); }

// Writes a whole number in the column's form.
static void put(Column& column, uint32_t row, int128 value) {
  switch (column.physical) {
    case Physical::kI8: column.data<int8_t>()[row] = static_cast<int8_t>(value); break;
    case Physical::kI16: column.data<int16_t>()[row] = static_cast<int16_t>(value); break;
    case Physical::kI32: column.data<int32_t>()[row] = static_cast<int32_t>(value); break;
    case Physical::kI64: column.data<int64_t>()[row] = static_cast<int64_t>(value); break;
    case Physical::kF64: column.data<double>()[row] = static_cast<double>(value); break;
    case Physical::kF32:
      column.data<float>()[row] = static_cast<float>(static_cast<double>(value));
      break;
    default: column.data<int128>()[row] = value;
  }
}

static void fill_sequence(const FieldPlan& field, const Rows& rows, Column& column, Arena& arena) {
  int128 scale = 1;
  for (int i = 0; i < field.type.scale; ++i) scale *= 10;
  for (uint32_t row = 0; row < row_count(rows); ++row) {
    const int128 value = field.min + rows.numbers[row];
    if (column.physical == Physical::kString) {
      const std::string text = std::to_string(static_cast<int64_t>(value));
      column.data<StringView>()[row] = arena.copy(text.data(), text.size());
    } else {
      put(column, row, value * scale);
    }
  }
}

static void fill_integers(const FieldPlan& field, const Rows& rows, Column& column) {
  const bool small = field.range <= (uint128{1} << 53);
  const uint32_t words = column.physical == Physical::kI128 ? 4 : 2;
  for (uint32_t row = 0; row < row_count(rows); ++row) {
    const uint32_t key = rows.keys[row];
    uint128 offset = 0;
    if (small) {
      offset = static_cast<uint128>(below_wide(draw(key, field.draw), draw(key, field.draw + 1),
                                               static_cast<int64_t>(field.range)));
    } else {
      for (uint32_t i = 0; i < words; ++i) offset = offset << 32 | draw(key, field.draw + i);
      offset %= field.range;
    }
    put(column, row, static_cast<int128>(static_cast<uint128>(field.min) + offset));
  }
}

// In [0, 1).
static double fraction(uint32_t key, uint32_t first) {
  return (static_cast<double>(draw(key, first)) * 1048576.0 +
          static_cast<double>(draw(key, first + 1) >> 12)) / 4503599627370496.0;
}

static void fill_reals(const FieldPlan& field, const Rows& rows, Column& column) {
  for (uint32_t row = 0; row < row_count(rows); ++row) {
    const double share = fraction(rows.keys[row], field.draw);
    const double value = share * field.real_max + (1 - share) * field.real_min;
    if (column.physical == Physical::kF64) column.data<double>()[row] = value;
    else column.data<float>()[row] = static_cast<float>(value);
  }
}

// Hexadecimal digits, or bytes.
static void fill_text(const FieldPlan& field, const Rows& rows, Column& column, Arena& arena) {
  const bool bytes = column.physical == Physical::kBytes;
  for (uint32_t row = 0; row < row_count(rows); ++row) {
    const uint32_t key = rows.keys[row];
    const uint32_t u = draw(key, field.draw + kLengthDraw);
    const uint32_t length = field.variable ? 1 + below(u, field.length) : field.length;
    const uint32_t stream = draw(key, field.draw + kTextDraw);
    char* text = arena.allocate(length);
    for (uint32_t i = 0; i < length; ++i) {
      text[i] = bytes ? static_cast<char>(draw_at(stream, i >> 2) >> (8 * (i & 3)))
                      : "0123456789abcdef"[(draw_at(stream, i >> 3) >> (4 * (i & 7))) & 15];
    }
    column.data<StringView>()[row] = StringView(text, length);
  }
}

static void fill_timestamps(const FieldPlan& field, const Rows& rows, Column& column) {
  const int64_t per_ms = field.type.ticks_per_second() / 1000;
  for (uint32_t row = 0; row < row_count(rows); ++row) {
    const uint32_t key = rows.keys[row];
    const int64_t past = field.max_past_ms == 0
                             ? 0
                             : below_wide(draw(key, field.draw), draw(key, field.draw + 1),
                                          field.max_past_ms);
    column.data<int64_t>()[row] = (rows.now_ms - past) * per_ms;
  }
}

static void fill_days(const Rows& rows, bool time, Column& column) {
  const int64_t days = (rows.now_ms >= 0 ? rows.now_ms : rows.now_ms - kMsADay + 1) / kMsADay;
  const int64_t value = time ? rows.now_ms - days * kMsADay : days;
  for (uint32_t row = 0; row < row_count(rows); ++row) put(column, row, value);
}

static void make_nulls(Column& column, uint32_t first_draw, double rate, const Rows& rows) {
  for (uint32_t row = 0; rate > 0 && row < row_count(rows); ++row) {
    const uint32_t u = draw(rows.keys[row], first_draw + kIsNullDraw);
    if (static_cast<double>(u) / 4294967296.0 < rate) column.set_null(row);
  }
}

ColumnPtr generate(const FieldPlan& field, const Rows& rows) {
  auto arena = std::make_shared<Arena>();
  auto column = std::make_shared<Column>();
  column->type = field.type;
  column->physical = field.type.physical();
  column->length = row_count(rows);
  const uint32_t width = physical_width(column->physical);
  if (width != 0) column->values = std::make_shared<Buffer>(size_t{column->length} * width);
  switch (field.kind) {
    case Kind::kRow:
      for (const FieldPlan& child : field.children) {
        column->children.push_back(generate(child, rows));
      }
      break;
    case Kind::kSequence: fill_sequence(field, rows, *column, *arena); break;
    case Kind::kInteger: fill_integers(field, rows, *column); break;
    case Kind::kReal: fill_reals(field, rows, *column); break;
    case Kind::kBoolean:
      for (uint32_t row = 0; row < row_count(rows); ++row) {
        column->data<uint8_t>()[row] = draw(rows.keys[row], field.draw) & 1;
      }
      break;
    case Kind::kText: fill_text(field, rows, *column, *arena); break;
    case Kind::kDate: fill_days(rows, false, *column); break;
    case Kind::kTime: fill_days(rows, true, *column); break;
    case Kind::kTimestamp: fill_timestamps(field, rows, *column); break;
  }
  const bool text = column->physical == Physical::kString || column->physical == Physical::kBytes;
  if (text) column->owners.push_back(arena);
  for (const auto& [draw, rate] : field.above) make_nulls(*column, draw, rate, rows);
  make_nulls(*column, field.draw, field.null_rate, rows);
  return column;
}

}  // namespace millrace::datagen
