// The current time: from the task clock, sampled once a batch; see
// src/expr/kernels/temporal-now.ts.
#include "kernels/temporal.h"

namespace millrace {
namespace {

using calendar::floor_div;
using calendar::kMsPerDay;

template <typename T>
Status fill(int64_t value, const Selection& selection, Column& out) {
  T* to = out.data<T>();
  for_each_row(selection, [&](uint32_t row) { to[row] = static_cast<T>(value); });
  return Status::ok();
}

Status current_timestamp(KernelContext& context, Arguments, const Selection& selection,
                         Column& out) {
  return fill<int64_t>(context.now_ms, selection, out);
}

Status local_timestamp(KernelContext& context, Arguments, const Selection& selection,
                       Column& out) {
  return fill<int64_t>(zone_of(context).to_local(context.now_ms), selection, out);
}

Status current_date(KernelContext& context, Arguments, const Selection& selection, Column& out) {
  const int64_t local = zone_of(context).to_local(context.now_ms);
  return fill<int32_t>(floor_div(local, kMsPerDay), selection, out);
}

Status local_time(KernelContext& context, Arguments, const Selection& selection, Column& out) {
  const int64_t second = floor_div(zone_of(context).to_local(context.now_ms), 1000) * 1000;
  return fill<int32_t>(calendar::floor_mod(second, kMsPerDay), selection, out);
}

Status current_unix_timestamp(KernelContext& context, Arguments, const Selection& selection,
                              Column& out) {
  return fill<int64_t>(floor_div(context.now_ms, 1000), selection, out);
}

constexpr Kernel kKernels[] = {
    {"current_timestamp", current_timestamp, prepare_zone, false},
    {"local_timestamp", local_timestamp, prepare_zone, false},
    {"current_date", current_date, prepare_zone, false},
    {"local_time", local_time, prepare_zone, false},
    {"current_unix_timestamp", current_unix_timestamp, prepare_zone, false},
};

}  // namespace

std::span<const Kernel> temporal_now_kernels() { return kKernels; }

}  // namespace millrace
