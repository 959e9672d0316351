#include "operators/window-grid.h"

namespace millrace {
namespace {

Result<WindowKind> kind_of(std::string_view name) {
  // A session that rows carry, or whose gap is the size.
  if (name == "tumble" || name == "session") return WindowKind::kTumble;
  if (name == "hop") return WindowKind::kHop;
  if (name == "cumulate") return WindowKind::kCumulate;
  return Status::error("MR9001", std::string("window kind ").append(name));
}

Status check(const WindowSpec& spec) {
  if (spec.size <= 0 || spec.step <= 0) {
    return Status::error("MR2103", std::to_string(spec.size) + " ms");
  }
  if (spec.kind != WindowKind::kTumble && spec.size % spec.step != 0) {
    return Status::error("MR2100", "window size that is no multiple of its slide or step");
  }
  return Status::ok();
}

}  // namespace

Result<WindowSpec> decode_window(const plan::Value& node) {
  MR_TRY_ASSIGN(const plan::Value* window, node.member("window"));
  WindowSpec spec;
  MR_TRY_ASSIGN(const std::string_view kind, window->string_at("kind"));
  MR_TRY_ASSIGN(spec.kind, kind_of(kind));
  spec.is_session = kind == "session";
  MR_TRY_ASSIGN(spec.size, window->int_at("sizeMs"));
  MR_TRY_ASSIGN(spec.step, window->int_at("slideMs"));
  MR_TRY_ASSIGN(spec.offset, window->int_at("offsetMs"));
  MR_TRY_ASSIGN(spec.rowtime, window->optional_index_at("rowtime"));
  MR_TRY_ASSIGN(spec.window_start, window->optional_index_at("windowStart"));
  MR_TRY_ASSIGN(spec.window_end, window->optional_index_at("windowEnd"));
  if (spec.kind == WindowKind::kTumble) spec.step = spec.size;
  MR_TRY(check(spec));
  const plan::Value* zone = window->find("zone");
  const plan::Value* table = window->find("zoneTable");
  if (zone != nullptr && !zone->is_null()) {
    MR_TRY_ASSIGN(spec.zone, Zone::decode(table != nullptr ? *table : *zone));
  }
  return spec;
}

int64_t WindowGrid::progress_at(int64_t watermark) const {
  if (!spec_.zone.has_value() || watermark == kMaxWatermark || watermark == kMinWatermark) {
    return watermark;
  }
  const Zone& zone = *spec_.zone;
  const int64_t local = zone.to_local(watermark);
  const int64_t again = zone.to_utc_later(local);
  if (again <= watermark) return local;
  const int64_t after = zone.offset_at(again);
  int64_t low = watermark;
  int64_t high = again;
  while (high - low > 1) {
    const int64_t middle = low + (high - low) / 2;
    (zone.offset_at(middle) == after ? high : low) = middle;
  }
  return high + after - 1;
}

}  // namespace millrace
