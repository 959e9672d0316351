// The Nexmark model: constants, options and the pools that strings are taken from. Semantics are
// those of the reference generator (nexmark/nexmark); randomness is ours, seeded.
// src/connectors/nexmark/model.ts states the same.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "columnar/string_view.h"
#include "sources/source-spec.h"

namespace millrace::nexmark {

constexpr int64_t kFirstAuctionId = 1000;
constexpr int64_t kFirstPersonId = 1000;
constexpr int64_t kFirstCategoryId = 10;
constexpr uint32_t kCategoryCount = 5;
constexpr int64_t kIdLead = 10;
constexpr int64_t kHotBlock = 100;  // hot ids change every 100 auctions or persons
constexpr int64_t kInFlightAuctions = 100;
constexpr int64_t kActivePeople = 1000;
constexpr uint32_t kChannelCount = 10'000;
constexpr uint32_t kExtraPoolBytes = 1024 * 1024;
constexpr uint32_t kMaxSizeOption = kExtraPoolBytes / 2;

enum class Kind : uint8_t { kPerson = 0, kAuction = 1, kBid = 2 };

// Names the draws of an event. Numbers are for ever: they define the data of a seed.
enum Draw : uint32_t {
  kFirstName = 0, kLastName = 1, kEmailUser = 2, kEmailHost = 3, kCard = 4, kCity = 8, kState = 9,
  kPersonExtraSize = 10, kPersonExtraOffset = 11,
  kHotSeller = 16, kSeller = 17, kCategory = 18, kInitialBid = 19, kExpires = 20, kItemName = 21,
  kDescription = 22, kReserve = 23, kAuctionExtraSize = 24, kAuctionExtraOffset = 25,
  kExpiresLow = 26,
  kHotAuction = 32, kAuction = 33, kHotBidder = 34, kBidder = 35, kPrice = 36, kHotChannel = 37,
  kChannel = 38, kBidExtraSize = 39, kBidExtraOffset = 40,
};

struct Options {
  int64_t seed = 0;
  int64_t base_time_ms = 1'436'918'400'000;  // 2015-07-15 00:00:00
  int64_t first_event_rate = 10'000;
  int64_t person_proportion = 1;
  int64_t auction_proportion = 3;
  int64_t bid_proportion = 46;
  int64_t person_size = 200;
  int64_t auction_size = 500;
  int64_t bid_size = 100;
  int64_t hot_auctions = 2;
  int64_t hot_bidders = 4;
  int64_t hot_sellers = 4;
  int64_t out_of_order_group = 1;
  int64_t max_events = 0;  // after events.num and its default
  int64_t stop_at = -1;    // -1 = never
  bool keep_alive = false;
  bool max_speed = true;
  [[nodiscard]] int64_t total_proportion() const {
    return person_proportion + auction_proportion + bid_proportion;
  }
};

// MR2008 for a value out of its range.
[[nodiscard]] Result<Options> parse_options(const OptionMap& options);

// One of n generators that run on parallel time lines.
struct Split {
  int64_t index = 0;
  int64_t generators = 1;
  int64_t first_event_id = 1;
  int64_t max_events = 0;
  int64_t emitted = 0;
};

[[nodiscard]] Split make_split(const Options& options, int64_t index, int64_t generators);

// Text shared by all events of a seed. Views point into it: columns hold it alive.
struct Pools {
  explicit Pools(uint32_t seed);
  std::string extra;                                // kExtraPoolBytes of random letters
  std::array<std::string, 4> hot_urls;
  std::vector<std::string> channels;                // kChannelCount
  std::vector<std::string> urls;
  std::vector<StringView> channel_views;
  std::vector<StringView> url_views;
};

// 3 to max_length - 1 letters, about one in 13 of them `special`, spaces at the ends removed.
// `to` has room for max_length bytes; returns the length.
uint32_t random_string(uint32_t field_key, uint32_t max_length, char special, char* to);

// round(10^(6u) * 100): log-uniform in [100, 1e8].
[[nodiscard]] int64_t random_price(uint32_t u);

// Bytes of padding that bring `current_size` to `average` on average, within 20 %.
[[nodiscard]] uint32_t extra_size(uint32_t u, int64_t current_size, int64_t average);

constexpr std::array<std::string_view, 6> kStates = {"AZ", "CA", "ID", "OR", "WA", "WY"};
constexpr std::array<std::string_view, 10> kCities = {
    "Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland",
    "Bend", "Redmond", "Seattle", "Kent", "Cheyenne"};
constexpr std::array<std::string_view, 11> kFirstNames = {
    "Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter",
    "Walter"};
constexpr std::array<std::string_view, 9> kLastNames = {
    "Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"};
constexpr std::array<std::string_view, 4> kHotChannels = {"Google", "Facebook", "Baidu", "Apple"};

}  // namespace millrace::nexmark
