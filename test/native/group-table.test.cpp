// Groups of keys against a map.
#include "state/group-table.h"

#include <map>

#include "check.h"
#include "state/hash.h"

using namespace millrace;
using namespace millrace::test;

namespace {

// Keys that come again often, now and then, and hardly ever.
uint64_t random_key(Random& random) {
  switch (random.below(3)) {
    case 0:
      return random.below(50);
    case 1:
      return 65'500 + random.below(70);
    default:
      return uint64_t{random.next()} << random.below(40);
  }
}

}  // namespace

TEST("groups of keys rise in the order of first sight") {
  Random random(7);
  GroupTable table(1);
  std::map<uint64_t, uint32_t> expected;
  for (int round = 0; round < 200; ++round) {
    EncodedKeys keys;
    for (int i = 0; i < 40; ++i) {
      keys.words.push_back(random_key(random));
      keys.hashes.push_back(hash_words(&keys.words.back(), 1));
    }
    uint32_t groups[40];
    const uint32_t before = table.size();
    table.find_or_insert(keys, 40, groups);
    uint32_t next = before;
    for (int i = 0; i < 40; ++i) {
      const auto [held, is_new] = expected.try_emplace(keys.words[i], next);
      if (is_new) ++next;
      CHECK(groups[i] == held->second);
      CHECK(table.find(&keys.words[i], keys.hashes[i]) == groups[i]);
    }
    CHECK(table.size() == next);
    if (round % 10 == 3) expected[keys.words[0]] = table.replace(expected[keys.words[0]]);
    if (round % 50 == 20) {
      std::vector<uint32_t> kept;
      std::map<uint64_t, uint32_t> left;
      for (const auto& [key, group] : expected) {
        if (random.below(2) == 0) continue;
        left[key] = static_cast<uint32_t>(kept.size());
        kept.push_back(group);
      }
      table.keep(kept);
      expected = std::move(left);
    }
    if (round == 120) {
      table.clear();
      expected.clear();
    }
  }
}

TEST("the null of a 64-bit key and 0 are two keys") {
  GroupTable table(1);
  const uint64_t zero = 0;
  const uint32_t number = table.find_or_insert(&zero, hash_words(&zero, 1));
  const uint32_t null = table.find_or_insert(&zero, ~hash_words(&zero, 1));
  CHECK(number != null);
  CHECK(table.find(&zero, hash_words(&zero, 1)) == number);
}
