#include "kernels/point-set.h"

#include <algorithm>
#include <span>
#include <utility>

namespace millrace {
namespace {

struct Named {
  std::string_view name;
  std::vector<uint32_t> ranges;
};

// \p{Alpha} and kin: of ASCII alone, as in Java.
const std::vector<Named>& ascii_sets() {
  static const std::vector<Named> sets = {
      {"Lower", {0x61, 0x7a}},
      {"Upper", {0x41, 0x5a}},
      {"ASCII", {0, 0x7f}},
      {"Alpha", {0x41, 0x5a, 0x61, 0x7a}},
      {"Digit", {0x30, 0x39}},
      {"Alnum", {0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a}},
      {"Punct", {0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e}},
      {"Graph", {0x21, 0x7e}},
      {"Print", {0x20, 0x7e}},
      {"Blank", {0x09, 0x09, 0x20, 0x20}},
      {"Cntrl", {0, 0x1f, 0x7f, 0x7f}},
      {"XDigit", {0x30, 0x39, 0x41, 0x46, 0x61, 0x66}},
      {"Space", {0x09, 0x0d, 0x20, 0x20}},
  };
  return sets;
}

// Ranges in any order, overlapping or not, as a set.
PointSet set_of(std::span<const uint32_t> ranges) {
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  for (size_t i = 0; i + 1 < ranges.size(); i += 2) pairs.emplace_back(ranges[i], ranges[i + 1]);
  std::sort(pairs.begin(), pairs.end());
  PointSet result;
  for (const auto& [first, last] : pairs) {
    if (!result.empty() && first <= result.back() + 1) {
      result.back() = std::max(result.back(), last);
    } else {
      result.insert(result.end(), {first, last});
    }
  }
  return result;
}

PointSet moved(PointSet set, uint32_t by) {
  for (uint32_t& point : set) point += by;
  return set;
}

// A category, or all of those that begin with one letter.
std::optional<PointSet> category(std::string_view name) {
  PointSet ranges;
  for (size_t i = 0; i < unicode::kCategoryCount; ++i) {
    const unicode::Category& one = unicode::kCategories[i];
    const bool is_part = name.size() == 1 && one.name.size() == 2 && one.name[0] == name[0];
    if (one.name != name && !is_part) continue;
    ranges.insert(ranges.end(), one.ranges, one.ranges + one.count);
  }
  if (ranges.empty()) return std::nullopt;
  return set_of(ranges);
}

}  // namespace

PointSet united(const PointSet& a, const PointSet& b) {
  PointSet ranges = a;
  ranges.insert(ranges.end(), b.begin(), b.end());
  return set_of(ranges);
}

PointSet complement(const PointSet& set) {
  PointSet result;
  uint32_t next = 0;
  for (size_t i = 0; i < set.size(); i += 2) {
    if (set[i] > next) result.insert(result.end(), {next, set[i] - 1});
    next = set[i + 1] + 1;
  }
  if (next <= kMaxPoint) result.insert(result.end(), {next, kMaxPoint});
  return result;
}

PointSet intersection(const PointSet& a, const PointSet& b) {
  return complement(united(complement(a), complement(b)));
}

PointSet with_both_cases(const PointSet& set) {
  const PointSet upper = intersection(set, {0x41, 0x5a});
  const PointSet lower = intersection(set, {0x61, 0x7a});
  return united(united(set, moved(upper, 32)), moved(lower, uint32_t{0} - 32));
}

std::optional<PointSet> escaped_set(uint32_t letter) {
  switch (letter) {
    case 'd': return PointSet{0x30, 0x39};
    case 'w': return PointSet{0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a};
    case 's': return PointSet{0x09, 0x0d, 0x20, 0x20};
    case 'h':
      return PointSet{0x09,   0x09,   0x20,   0x20,   0xa0,   0xa0,   0x1680, 0x1680, 0x180e,
                      0x180e, 0x2000, 0x200a, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000};
    case 'v': return PointSet{0x0a, 0x0d, 0x85, 0x85, 0x2028, 0x2029};
    case 'D': case 'W': case 'S': case 'H': case 'V':
      return complement(*escaped_set(letter + ('a' - 'A')));
    default: return std::nullopt;
  }
}

std::optional<PointSet> named_set(std::string_view name) {
  for (const Named& set : ascii_sets()) {
    if (set.name == name) return set.ranges;
  }
  if (name == "IsAlphabetic") return category("Alphabetic");
  for (const std::string_view prefix : {"Is", "general_category=", "gc="}) {
    if (!name.starts_with(prefix)) continue;
    name.remove_prefix(prefix.size());
    break;
  }
  return name.size() > 2 || name == "C" ? std::nullopt : category(name);
}

const PointSet& word_set() {
  static const PointSet set = united({0x5f, 0x5f}, united(*category("L"), *category("Nd")));
  return set;
}

}  // namespace millrace
