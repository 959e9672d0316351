// PRINTF: texts as java.util.Formatter makes them; see src/expr/kernels/printf.ts.
#include "kernels/calendar.h"
#include "kernels/number-text.h"
#include "kernels/printf-format.h"
#include "kernels/registry.h"
#include "kernels/text-output.h"

namespace millrace {
namespace {

using printf::Conversion;
using printf::Format;
using printf::Value;

// The format of the last row.
struct PrintfState : KernelState {
  bool is_known = false;
  std::string text;
  Format format;

  const Format& of(std::string_view wanted) {
    if (is_known && wanted == text) return format;
    text = wanted;
    format = printf::parse_format(wanted);
    is_known = true;
    return format;
  }
};

Result<std::unique_ptr<KernelState>> prepare(const plan::Value*, const DataType&,
                                             std::span<const DataType>) {
  return std::unique_ptr<KernelState>(std::make_unique<PrintfState>());
}

void append_padded(int64_t number, size_t digits, std::string& to) {
  const std::string text = std::to_string(number);
  if (text.size() < digits) to.append(digits - text.size(), '0');
  to += text;
}

// LocalDateTime.toString: seconds that are zero are left out, fractions come in groups of three.
std::string timestamp_text(int64_t ticks, int64_t per_second) {
  const int64_t seconds = calendar::floor_div(ticks, per_second);
  const int64_t nanos = calendar::floor_mod(ticks, per_second) * (1'000'000'000 / per_second);
  const int64_t second = calendar::floor_mod(seconds, 86'400);
  const calendar::Date date = calendar::date_of(calendar::floor_div(seconds, 86'400));
  std::string text = date.year < 0 ? "-" : date.year > 9999 ? "+" : "";
  append_padded(std::abs(date.year), 4, text);
  append_padded(date.month, 2, text += '-');
  append_padded(date.day, 2, text += '-');
  append_padded(second / 3600, 2, text += 'T');
  append_padded(second / 60 % 60, 2, text += ':');
  if (second % 60 == 0 && nanos == 0) return text;
  append_padded(second % 60, 2, text += ':');
  if (nanos == 0) return text;
  text += '.';
  if (nanos % 1'000'000 == 0) append_padded(nanos / 1'000'000, 3, text);
  else if (nanos % 1000 == 0) append_padded(nanos / 1000, 6, text);
  else append_padded(nanos, 9, text);
  return text;
}

Value integer(int64_t number, int32_t bits) {
  return {Value::Kind::kInteger, number, bits, 0, std::to_string(number)};
}

Value real(double number, size_t size, const char* text) {
  return {Value::Kind::kReal, 0, 0, number, std::string(text, size)};
}

Value other(std::string_view text) {
  return {Value::Kind::kOther, 0, 0, 0, std::string(text)};
}

// Dates and times are their numbers of days and milliseconds, as Flink holds them.
Value value_of(const Column& column, uint32_t row) {
  if (column.is_null(row)) return {};
  const uint32_t at = column.at(row);
  char text[text::kMaxNumberText];
  switch (column.physical) {
    case Physical::kBool: {
      const bool is_true = column.data<uint8_t>()[at] != 0;
      return {Value::Kind::kBoolean, 0, 0, 0, is_true ? "true" : "false"};
    }
    case Physical::kI8: return integer(column.data<int8_t>()[at], 8);
    case Physical::kI16: return integer(column.data<int16_t>()[at], 16);
    case Physical::kI32: return integer(column.data<int32_t>()[at], 32);
    case Physical::kI64: {
      const int64_t number = column.data<int64_t>()[at];
      const TypeRoot root = column.type.root;
      if (root != TypeRoot::kTimestamp && root != TypeRoot::kTimestampLtz) {
        return integer(number, 64);
      }
      return other(timestamp_text(number, column.type.ticks_per_second()));
    }
    case Physical::kF32: {
      const float number = column.data<float>()[at];
      return real(number, text::write_float(text, number), text);
    }
    case Physical::kF64: {
      const double number = column.data<double>()[at];
      return real(number, text::write_double(text, number), text);
    }
    case Physical::kI128: {
      const size_t size = text::write_decimal(text, column.data<int128>()[at], column.type.scale);
      return other({text, size});
    }
    default: return other(text_at(column, row));
  }
}

// False where Java refuses an argument.
bool print_row(const Format& format, Arguments args, uint32_t row, std::string& to) {
  size_t ordinary = 0;
  size_t last = 0;
  for (const Conversion& piece : format.pieces) {
    switch (piece.letter) {
      case 0: to += piece.text; continue;
      case 'n': to += '\n'; continue;
      case '%': printf::append_justified(piece, "%", to); continue;
      default: break;
    }
    if (piece.argument == 0) last = ++ordinary;
    else if (piece.argument > 0) last = static_cast<size_t>(piece.argument);
    if (last == 0 || last >= args.size()) return false;
    if (!printf::append_value(piece, value_of(*args[last], row), to)) return false;
  }
  return true;
}

Status printf_text(KernelContext& context, Arguments args, const Selection& selection,
                   Column& out) {
  auto& state = static_cast<PrintfState&>(*context.state);
  Status fault = Status::ok();
  std::string built;
  const Status status = build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    if (args[0]->is_null(row) || !fault.is_ok()) {
      out.set_null(row);
      return true;
    }
    const Format& format = state.of(text_at(*args[0], row));
    if (format.state == Format::State::kUnsupported) {
      fault = Status::error("MR2100", "PRINTF with " + format.detail, row);
    }
    built.clear();
    if (format.state != Format::State::kFine || !print_row(format, args, row, built)) {
      out.set_null(row);
      return true;
    }
    return output.copy(row, built);
  });
  return fault.is_ok() ? status : fault;
}

constexpr Kernel kKernels[] = {
    {"printf", printf_text, prepare, false},
};

}  // namespace

std::span<const Kernel> printf_kernels() { return kKernels; }

}  // namespace millrace
