// Sets of code points as sorted, disjoint ranges: first, last, first, last, ...; the same as
// src/expr/regexp/point-set.ts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace millrace {

namespace unicode {

// A general category, or Alphabetic.
struct Category {
  std::string_view name;
  const uint32_t* ranges;
  size_t count;
};
extern const Category kCategories[];
extern const size_t kCategoryCount;

}  // namespace unicode

using PointSet = std::vector<uint32_t>;

constexpr uint32_t kMaxPoint = 0x10ffff;

[[nodiscard]] PointSet united(const PointSet& a, const PointSet& b);
[[nodiscard]] PointSet complement(const PointSet& set);
[[nodiscard]] PointSet intersection(const PointSet& a, const PointSet& b);
// The set with the other case of its ASCII letters: (?i) of Java without (?u).
[[nodiscard]] PointSet with_both_cases(const PointSet& set);
// \d \w \s \h \v by letter, and their complements by capitals; null where the letter is another.
[[nodiscard]] std::optional<PointSet> escaped_set(uint32_t letter);
// The set of \p{name}; nothing where the name is not known.
[[nodiscard]] std::optional<PointSet> named_set(std::string_view name);
// What \b takes for a part of a word: letters and digits of all scripts, and `_`.
[[nodiscard]] const PointSet& word_set();

}  // namespace millrace
