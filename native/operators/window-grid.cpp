#include "operators/window-grid.h"

namespace millrace {
namespace {

Result<WindowKind> kind_of(std::string_view name) {
  if (name == "tumble") return WindowKind::kTumble;
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

// Zones that never shift.
bool is_utc(std::string_view zone) {
  return zone == "UTC" || zone == "Z" || zone == "GMT" || zone == "Etc/UTC" || zone == "Etc/GMT";
}

}  // namespace

Result<WindowSpec> decode_window(const plan::Value& node) {
  MR_TRY_ASSIGN(const plan::Value* window, node.member("window"));
  WindowSpec spec;
  MR_TRY_ASSIGN(const std::string_view kind, window->string_at("kind"));
  MR_TRY_ASSIGN(spec.kind, kind_of(kind));
  MR_TRY_ASSIGN(spec.size, window->int_at("sizeMs"));
  MR_TRY_ASSIGN(spec.step, window->int_at("slideMs"));
  MR_TRY_ASSIGN(spec.offset, window->int_at("offsetMs"));
  MR_TRY_ASSIGN(spec.rowtime, window->optional_index_at("rowtime"));
  MR_TRY_ASSIGN(spec.window_start, window->optional_index_at("windowStart"));
  MR_TRY_ASSIGN(spec.window_end, window->optional_index_at("windowEnd"));
  if (spec.kind == WindowKind::kTumble) spec.step = spec.size;
  MR_TRY(check(spec));
  const plan::Value* zone = window->find("zone");
  if (zone != nullptr && !zone->is_null()) {
    MR_TRY_ASSIGN(const std::string_view name, zone->as_string());
    if (!is_utc(name)) {
      return Status::error("MR2104", std::string("native: windows in the zone ").append(name));
    }
  }
  if (spec.rowtime < 0 && spec.window_end < 0) {
    return Status::error("MR2104", "native: windows over processing time");
  }
  return spec;
}

}  // namespace millrace
