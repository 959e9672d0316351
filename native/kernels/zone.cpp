#include "kernels/zone.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace millrace {
namespace {

// Index of the last element <= value, or -1.
int64_t last_at_or_before(const std::vector<int64_t>& sorted, int64_t value) {
  return std::upper_bound(sorted.begin(), sorted.end(), value) - sorted.begin() - 1;
}

bool read_two(std::string_view& text, int64_t& value) {
  size_t digits = 0;
  value = 0;
  while (digits < 2 && digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    value = value * 10 + (text[digits++] - '0');
  }
  text.remove_prefix(digits);
  return digits > 0;
}

// "+08:00", "+8", "-0530": seconds.
bool read_offset(std::string_view text, int64_t& seconds) {
  const bool negative = text[0] == '-';
  text.remove_prefix(1);
  seconds = 0;
  for (const int64_t unit : {int64_t{3600}, int64_t{60}, int64_t{1}}) {
    int64_t value = 0;
    if (!read_two(text, value)) return false;
    seconds += value * unit;
    if (text.empty()) break;
    if (text[0] == ':') text.remove_prefix(1);
  }
  if (negative) seconds = -seconds;
  return text.empty();
}

bool read_fixed(std::string_view name, int64_t& seconds) {
  for (const std::string_view prefix : {"GMT", "UTC", "UT", "Z"}) {
    if (name.substr(0, prefix.size()) == prefix) {
      name.remove_prefix(prefix.size());
      break;
    }
  }
  seconds = 0;
  if (name.empty()) return true;
  return (name[0] == '+' || name[0] == '-') && read_offset(name, seconds);
}

}  // namespace

Result<Zone> Zone::decode(const plan::Value& option) {
  Zone zone;
  if (const auto* name = std::get_if<std::string>(&option.content())) {
    int64_t seconds = 0;
    if (!read_fixed(*name, seconds)) {
      return Status::error("MR9001", "zone without a table: " + *name);
    }
    zone.first_ = seconds * 1000;
    return zone;
  }
  MR_TRY_ASSIGN(const int64_t first, option.int_at("first"));
  MR_TRY_ASSIGN(const auto at, option.list_at("at"));
  MR_TRY_ASSIGN(const auto offsets, option.list_at("offsets"));
  if (at.size() != offsets.size()) return Status::error("MR9001", "zone table is uneven");
  zone.first_ = first * 1000;
  for (size_t i = 0; i < at.size(); ++i) {
    MR_TRY_ASSIGN(const int64_t second, at[i].as_int());
    MR_TRY_ASSIGN(const int64_t offset, offsets[i].as_int());
    zone.at_.push_back(second * 1000);
    zone.offsets_.push_back(offset * 1000);
  }
  zone.set_local_times();
  return zone;
}

Result<Zone> Zone::of_option(const plan::Value* options, std::string_view name) {
  const plan::Value* option = options == nullptr ? nullptr : options->find(name);
  if (option == nullptr || option->is_null()) return Zone{};
  return decode(*option);
}

void Zone::set_local_times() {
  int64_t before = first_;
  for (size_t i = 0; i < at_.size(); ++i) {
    local_at_.push_back(at_[i] + std::max(before, offsets_[i]));
    before = offsets_[i];
  }
}

int64_t Zone::offset_at(int64_t utc_ms) const {
  const int64_t index = last_at_or_before(at_, utc_ms);
  return index < 0 ? first_ : offsets_[static_cast<size_t>(index)];
}

int64_t Zone::to_utc(int64_t local_ms) const {
  const int64_t index = last_at_or_before(local_at_, local_ms);
  return local_ms - (index < 0 ? first_ : offsets_[static_cast<size_t>(index)]);
}

int64_t Zone::to_utc_later(int64_t local_ms) const {
  const auto next = static_cast<size_t>(last_at_or_before(local_at_, local_ms) + 1);
  if (next < at_.size() && local_ms - offsets_[next] >= at_[next]) {
    return local_ms - offsets_[next];
  }
  return to_utc(local_ms);
}

}  // namespace millrace
