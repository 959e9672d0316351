// Texts and numbers as times: TO_DATE, TO_TIMESTAMP, TO_TIMESTAMP_LTZ, UNIX_TIMESTAMP; see
// src/expr/kernels/temporal-read.ts.
#include <cmath>

#include "columnar/decimal.h"
#include "kernels/parse-text.h"
#include "kernels/pattern-cache.h"
#include "kernels/temporal.h"

namespace millrace {
namespace {

using calendar::floor_div;
using calendar::kMsPerDay;
using dates::Fault;
using dates::PatternKind;
using dates::ReadTime;

// What Flink shows for TO_DATE of a text that does not follow its pattern.
constexpr int32_t kDateOfNothing = 622'191'233;

struct ReadState : KernelState {
  Zone zone;
  bool has_zone = true;
  PatternCache patterns{PatternKind::kTime};
  PatternCache simple_patterns{PatternKind::kSimple};
};

Result<std::unique_ptr<KernelState>> prepare(const plan::Value* options, const DataType&,
                                             std::span<const DataType>) {
  auto state = std::make_unique<ReadState>();
  MR_TRY_ASSIGN(state->zone, Zone::of_option(options));
  return std::unique_ptr<KernelState>(std::move(state));
}

// The zone is the third argument, which must be constant.
Result<std::unique_ptr<KernelState>> prepare_instant(const plan::Value* options, const DataType&,
                                                     std::span<const DataType> arguments) {
  auto state = std::make_unique<ReadState>();
  const bool is_given = options != nullptr && options->find("zone_2") != nullptr;
  if (arguments.size() > 2 && !is_given) {
    return Status::error("MR2104", "zones that are not constant");
  }
  MR_TRY_ASSIGN(state->zone, Zone::of_option(options, "zone_2"));
  return std::unique_ptr<KernelState>(std::move(state));
}

// TO_DATE(text).
Status to_date(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  for_each_row(selection, [&](uint32_t row) {
    const std::optional<int32_t> days = text::parse_date(text_at(*args[0], row));
    if (days.has_value()) out.data<int32_t>()[row] = *days;
    else out.set_null(row);
  });
  return Status::ok();
}

// Runs f(row) -> Fault for each row.
template <typename F>
Status read_rows(const Selection& selection, F f) {
  Fault fault;
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    fault = f(row);
    return fault.empty();
  });
  return failing < 0 ? Status::ok() : Status::error("MR3006", fault, failing);
}

// TO_DATE(text, pattern): by SimpleDateFormat.
Status to_date_format(KernelContext& context, Arguments args, const Selection& selection,
                      Column& out) {
  auto& state = static_cast<ReadState&>(*context.state);
  return read_rows(selection, [&](uint32_t row) {
    Fault fault = state.simple_patterns.seek(args[1], row);
    if (!fault.empty()) return fault;
    std::optional<dates::SimpleTime> time;
    fault = read_simple_time(state.simple_patterns.pattern(), text_at(*args[0], row), time);
    int32_t days = kDateOfNothing;
    if (time.has_value()) {
      const int64_t ms = time->local_ms - time->offset_ms.value_or(0);
      days = static_cast<int32_t>(floor_div(ms, kMsPerDay));
    }
    out.data<int32_t>()[row] = days;
    return fault;
  });
}

std::optional<ReadTime> read_default(std::string_view text) {
  const std::optional<text::LocalTime> time = text::parse_timestamp(text);
  if (!time.has_value()) return std::nullopt;
  return ReadTime{time->seconds * 1000 + time->nanos / 1'000'000, time->nanos % 1'000'000};
}

// By the row's pattern, else as java.sql.Timestamp; a pattern that is none reads nothing.
std::optional<ReadTime> read_row(ReadState& state, Arguments args, uint32_t row) {
  const std::string_view text = text_at(*args[0], row);
  if (args.size() == 1) return read_default(text);
  if (!state.patterns.seek(args[1], row).empty()) return std::nullopt;
  std::optional<ReadTime> time;
  if (!read_time(state.patterns.pattern(), text, time).empty()) return std::nullopt;
  return time.has_value() ? time : dates::read_sql_timestamp(text);
}

// Ticks within a millisecond, as many digits as the precision has.
int64_t ticks_of_nanos(int32_t nanos_of_ms, const DataType& type) {
  int64_t unit = 1;
  for (int digits = type.precision; digits < 9; ++digits) unit *= 10;
  const int64_t kept = nanos_of_ms / unit * unit;
  return kept / (1'000'000 / ticks_per_ms(type));
}

bool put(const ReadTime& time, const Zone* zone, uint32_t row, Column& out) {
  const int64_t ms = zone == nullptr ? time.ms : zone->to_utc(time.ms);
  const int64_t rest = ticks_of_nanos(time.nanos_of_ms, out.type);
  return join_ticks(ms, rest, ticks_per_ms(out.type), out.data<int64_t>()[row]);
}

// TO_TIMESTAMP(text [, pattern]).
Status to_timestamp(KernelContext& context, Arguments args, const Selection& selection,
                    Column& out) {
  auto& state = static_cast<ReadState&>(*context.state);
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const std::optional<ReadTime> time = read_row(state, args, row);
    if (time.has_value()) return put(*time, nullptr, row, out);
    out.set_null(row);
    return true;
  });
  return failing < 0 ? Status::ok() : out_of_range(failing);
}

// TO_TIMESTAMP_LTZ(text [, pattern [, zone]]); by default UTC.
Status to_instant_of_text(KernelContext& context, Arguments args, const Selection& selection,
                          Column& out) {
  auto& state = static_cast<ReadState&>(*context.state);
  bool is_malformed = false;
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const std::optional<ReadTime> time = read_row(state, args, row);
    if (time.has_value()) return put(*time, &state.zone, row, out);
    is_malformed = args.size() == 1;
    if (!is_malformed) out.set_null(row);
    return !is_malformed;
  });
  if (failing < 0) return Status::ok();
  if (!is_malformed) return out_of_range(failing);
  const std::string text(text_at(*args[0], static_cast<uint32_t>(failing)));
  return Status::error("MR3001", "'" + text + "' to TIMESTAMP_LTZ", failing);
}

// Instants of the years 0 to 9999; others are NULL.
constexpr int64_t kLeastMs = -62'167'219'200'000;
constexpr int64_t kGreatestMs = 253'402'300'799'999;

constexpr int64_t kPowers[] = {1,         10,         100,         1'000,        10'000,
                               100'000,   1'000'000,  10'000'000,  100'000'000,  1'000'000'000};

// An integer, or the whole part of a decimal.
int128 whole_at(const Column& column, uint32_t row) {
  const uint32_t index = column.at(row);
  switch (column.physical) {
    case Physical::kI8: return column.data<int8_t>()[index];
    case Physical::kI16: return column.data<int16_t>()[index];
    case Physical::kI32: return column.data<int32_t>()[index];
    case Physical::kI64: return column.data<int64_t>()[index];
    default: {
      const auto scale = static_cast<int128>(decimal::power_of_ten(column.type.scale));
      return column.data<int128>()[index] / scale;
    }
  }
}

// Rounded down to a tick; false where it is beyond all years; 0 for NaN.
bool ticks_of_real(double value, int64_t per_second, int32_t digits, int64_t& ticks) {
  if (std::isnan(value)) {
    ticks = 0;
    return true;
  }
  const double exact =
      std::floor(value * (static_cast<double>(per_second) / static_cast<double>(kPowers[digits])));
  if (!(std::fabs(exact) < 9223372036854775808.0)) return false;
  ticks = static_cast<int64_t>(exact);
  return true;
}

bool ticks_of_whole(int128 value, int64_t per_second, int32_t digits, int64_t& ticks) {
  if (value > INT64_MAX || value < INT64_MIN) return false;
  const int128 exact = value * per_second / kPowers[digits];
  if (exact > INT64_MAX || exact < INT64_MIN) return false;
  ticks = static_cast<int64_t>(exact);
  return true;
}

// TO_TIMESTAMP_LTZ(number [, precision]): units of 10^-precision seconds since 1970.
Status to_instant_of_number(KernelContext&, Arguments args, const Selection& selection,
                            Column& out) {
  const Column& source = *args[0];
  const int64_t per_second = out.type.ticks_per_second();
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const int32_t digits = args.size() > 1 ? args[1]->data<int32_t>()[args[1]->at(row)] : 3;
    if (digits < 0 || digits > 9) return false;
    int64_t ticks = 0;
    bool fits = false;
    const uint32_t index = source.at(row);
    switch (source.physical) {
      case Physical::kF32:
        fits = ticks_of_real(source.data<float>()[index], per_second, digits, ticks);
        break;
      case Physical::kF64:
        fits = ticks_of_real(source.data<double>()[index], per_second, digits, ticks);
        break;
      default: fits = ticks_of_whole(whole_at(source, row), per_second, digits, ticks);
    }
    const int64_t ms = ticks / (per_second / 1000);
    if (fits && ms >= kLeastMs && ms <= kGreatestMs) out.data<int64_t>()[row] = ticks;
    else out.set_null(row);
    return true;
  });
  if (failing < 0) return Status::ok();
  return Status::error("MR3006", "precision of TO_TIMESTAMP_LTZ", failing);
}

// UNIX_TIMESTAMP(text [, pattern]): by SimpleDateFormat in the session zone; Long.MIN_VALUE where
// the text does not follow the pattern.
Status unix_timestamp(KernelContext& context, Arguments args, const Selection& selection,
                      Column& out) {
  auto& state = static_cast<ReadState&>(*context.state);
  const Column* pattern = args.size() > 1 ? args[1] : nullptr;
  return read_rows(selection, [&](uint32_t row) {
    Fault fault = state.simple_patterns.seek(pattern, row);
    if (!fault.empty()) return fault;
    std::optional<dates::SimpleTime> time;
    fault = read_simple_time(state.simple_patterns.pattern(), text_at(*args[0], row), time);
    int64_t seconds = INT64_MIN;
    if (time.has_value()) {
      const int64_t utc_ms = time->offset_ms.has_value()
                                 ? time->local_ms - *time->offset_ms
                                 : state.zone.to_utc_later(time->local_ms);
      seconds = utc_ms / 1000;
    }
    out.data<int64_t>()[row] = seconds;
    return fault;
  });
}

constexpr Kernel kKernels[] = {
    {"to_date", to_date, nullptr, true},
    {"to_date_format", to_date_format, prepare, true},
    {"to_timestamp", to_timestamp, prepare, true},
    {"to_timestamp_ltz", to_instant_of_number, nullptr, true},
    {"to_timestamp_ltz_text", to_instant_of_text, prepare_instant, true},
    {"unix_timestamp", unix_timestamp, prepare, true},
};

}  // namespace

std::span<const Kernel> temporal_read_kernels() { return kKernels; }

}  // namespace millrace
