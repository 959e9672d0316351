// Times as text: DATE_FORMAT, FROM_UNIXTIME, CONVERT_TZ; see src/expr/kernels/temporal-write.ts.
#include <algorithm>

#include "kernels/calendar.h"
#include "kernels/pattern-cache.h"
#include "kernels/temporal.h"

namespace millrace {
namespace {

using dates::ClockTime;
using dates::Fault;
using dates::PatternKind;

// The text written last: times that differ only in what the pattern leaves out have the same.
struct LastText {
  uint64_t pattern = 0;  // PatternCache::changes(); 0: nothing was written
  int64_t unit_ms = 0;   // what the smallest field of the pattern counts; 0: below a second
  int64_t unit = 0;
  std::string text;
};

struct WriteState : KernelState {
  LastText last;
  Zone zone;
  bool is_utc = true;
  PatternCache patterns{PatternKind::kTime};
  PatternCache simple_patterns{PatternKind::kSimple};
  PatternCache defaults{PatternKind::kSimple};
  std::string text;
  std::unique_ptr<Zone> from;  // CONVERT_TZ
  std::unique_ptr<Zone> to;
};

Result<std::unique_ptr<KernelState>> prepare(const plan::Value* options, const DataType&,
                                             std::span<const DataType>) {
  auto state = std::make_unique<WriteState>();
  MR_TRY_ASSIGN(state->zone, Zone::of_option(options));
  const plan::Value* zone = options == nullptr ? nullptr : options->find("zone");
  if (zone != nullptr && !zone->is_null()) {
    const auto* name = std::get_if<std::string>(&zone->content());
    state->is_utc = name != nullptr && (*name == "UTC" || *name == "Z" || *name == "GMT");
  }
  return std::unique_ptr<KernelState>(std::move(state));
}

Result<std::unique_ptr<KernelState>> prepare_convert(const plan::Value* options, const DataType&,
                                                     std::span<const DataType>) {
  auto state = std::make_unique<WriteState>();
  for (const auto& [name, zone] : {std::pair{"zone_1", &state->from}, {"zone_2", &state->to}}) {
    if (options == nullptr || options->find(name) == nullptr) {
      return Status::error("MR2104", "zones that are not constant");
    }
    MR_TRY_ASSIGN(Zone decoded, Zone::of_option(options, name));
    *zone = std::make_unique<Zone>(std::move(decoded));
  }
  return std::unique_ptr<KernelState>(std::move(state));
}

// Runs f(row, state.text) -> Fault for each row and stores the text.
template <typename F>
Status write_rows(KernelContext& context, WriteState& state, const Selection& selection,
                  Column& out, F f) {
  TextOutput output(context, out);
  Fault fault;
  bool is_full = false;
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    state.text.clear();
    fault = f(row, state.text);
    if (!fault.empty()) return false;
    is_full = !out_is_null(out, row) && !output.copy(row, state.text);
    return !is_full;
  });
  if (failing < 0) return Status::ok();
  if (is_full) {
    return Status::error("MR3005", "string heap of " + std::to_string(output.total()) + " bytes",
                         selection[0]);
  }
  return Status::error("MR3006", fault, failing);
}

int64_t unit_of(const dates::Pattern& pattern) {
  int64_t unit_ms = calendar::kMsPerDay;
  for (const dates::PatternItem& item : pattern) {
    switch (item.letter) {
      case 'a': case 'H': case 'k': case 'K': case 'h':
        unit_ms = std::min<int64_t>(unit_ms, 3'600'000);
        break;
      case 'm': unit_ms = std::min<int64_t>(unit_ms, 60'000); break;
      case 's': unit_ms = std::min<int64_t>(unit_ms, 1000); break;
      case 'S': case 'n': case 'A': case 'N': return 0;
      default: break;
    }
  }
  return unit_ms;
}

// Writes a time of java.time.format, or what was written for the time before where that is equal.
Fault write_or_repeat(WriteState& state, int64_t local_ms, int32_t nanos, std::string& to) {
  const dates::Pattern& pattern = state.patterns.pattern();
  LastText& last = state.last;
  if (last.pattern != state.patterns.changes()) {
    last.pattern = 0;
    last.unit_ms = unit_of(pattern);
  }
  const int64_t unit = last.unit_ms == 0 ? 0 : calendar::floor_div(local_ms, last.unit_ms);
  if (last.pattern != 0 && last.unit_ms != 0 && last.unit == unit) {
    to = last.text;
    return {};
  }
  Fault fault = write_time(pattern, PatternKind::kTime, {local_ms, nanos, 0, false}, to);
  if (!fault.empty()) return fault;
  last.pattern = state.patterns.changes();
  last.unit = unit;
  last.text = to;
  return {};
}

// DATE_FORMAT(timestamp, pattern): java.time.format, in the session zone for an instant.
Status date_format(KernelContext& context, Arguments args, const Selection& selection,
                   Column& out) {
  auto& state = static_cast<WriteState&>(*context.state);
  const Column& source = *args[0];
  const int64_t per_ms = ticks_per_ms(source.type);
  const bool is_instant = source.type.root == TypeRoot::kTimestampLtz;
  return write_rows(context, state, selection, out, [&](uint32_t row, std::string& to) {
    Fault fault = state.patterns.seek(args[1], row);
    if (!fault.empty()) return fault;
    const SplitTicks split = split_ticks(source.data<int64_t>()[source.at(row)], per_ms);
    const int64_t local = is_instant ? state.zone.to_local(split.ms) : split.ms;
    const auto nanos = static_cast<int32_t>(split.rest * (1'000'000 / per_ms));
    return write_or_repeat(state, local, nanos, to);
  });
}

Fault write_simple(const dates::Pattern& pattern, int64_t utc_ms, const Zone& zone, bool is_utc,
                   std::string& to) {
  const int64_t offset = zone.offset_at(utc_ms);
  return write_time(pattern, PatternKind::kSimple, {utc_ms + offset, 0, offset, is_utc}, to);
}

// DATE_FORMAT(text, pattern): the text is read and written as SimpleDateFormat does.
Status date_format_text(KernelContext& context, Arguments args, const Selection& selection,
                        Column& out) {
  auto& state = static_cast<WriteState&>(*context.state);
  const Zone utc;
  return write_rows(context, state, selection, out, [&](uint32_t row, std::string& to) {
    Fault fault = state.simple_patterns.seek(args[1], row);
    if (!fault.empty()) return fault;
    std::optional<dates::SimpleTime> time;
    (void)state.defaults.seek(nullptr, row);
    fault = read_simple_time(state.defaults.pattern(), text_at(*args[0], row), time);
    if (time.has_value()) {
      return write_simple(state.simple_patterns.pattern(), time->local_ms, utc, true, to);
    }
    out.set_null(row);
    return fault;
  });
}

// Around the year 5,000,000: days of both engines fit 32 bits to there.
constexpr int64_t kMaxUnixMs = 157'000'000'000'000'000;

// FROM_UNIXTIME(seconds [, pattern]).
Status from_unixtime(KernelContext& context, Arguments args, const Selection& selection,
                     Column& out) {
  auto& state = static_cast<WriteState&>(*context.state);
  const Column& source = *args[0];
  const Column* pattern = args.size() > 1 ? args[1] : nullptr;
  return write_rows(context, state, selection, out, [&](uint32_t row, std::string& to) {
    Fault fault = state.simple_patterns.seek(pattern, row);
    if (!fault.empty()) return fault;
    // Wraps around, as Java's long does.
    const auto seconds = static_cast<uint64_t>(source.data<int64_t>()[source.at(row)]);
    const auto ms = static_cast<int64_t>(seconds * 1000);
    if (ms > kMaxUnixMs || ms < -kMaxUnixMs) return Fault("seconds beyond the year 5000000");
    return write_simple(state.simple_patterns.pattern(), ms, state.zone, state.is_utc, to);
  });
}

// CONVERT_TZ(text, from, to).
Status convert_tz(KernelContext& context, Arguments args, const Selection& selection,
                  Column& out) {
  auto& state = static_cast<WriteState&>(*context.state);
  return write_rows(context, state, selection, out, [&](uint32_t row, std::string& to) {
    std::optional<dates::SimpleTime> time;
    (void)state.defaults.seek(nullptr, row);
    Fault fault = read_simple_time(state.defaults.pattern(), text_at(*args[0], row), time);
    if (time.has_value()) {
      const int64_t utc_ms = state.from->to_utc_later(time->local_ms);
      return write_simple(state.defaults.pattern(), utc_ms, *state.to, false, to);
    }
    out.set_null(row);
    return fault;
  });
}

constexpr Kernel kKernels[] = {
    {"date_format", date_format, prepare, true},
    {"date_format_text", date_format_text, prepare, true},
    {"from_unixtime", from_unixtime, prepare, true},
    {"convert_tz", convert_tz, prepare_convert, true},
};

}  // namespace

std::span<const Kernel> temporal_write_kernels() { return kKernels; }

}  // namespace millrace
