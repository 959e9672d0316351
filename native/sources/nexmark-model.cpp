#include "sources/nexmark-model.h"

#include <cmath>
#include <cstdlib>

#include "sources/random.h"

namespace millrace::nexmark {

using random::below;
using random::draw_at;

// Streams of the pools, apart from those of events.
constexpr uint32_t kExtraPoolStream = 0x65787472;
constexpr uint32_t kHotUrlStream = 0x686f7475;
constexpr uint32_t kChannelStream = 0x6368616e;

// "200b", "1 kb", "2mb": Flink's memory sizes, as far as they make sense for one event.
static Result<int64_t> memory_size(const OptionMap& options, std::string_view name,
                                   int64_t fallback) {
  const std::string* text = options.find(name);
  if (text == nullptr) return fallback;
  int64_t value = 0;
  size_t at = 0;
  while (at < text->size() && (*text)[at] >= '0' && (*text)[at] <= '9' && value < (1 << 30)) {
    value = value * 10 + ((*text)[at++] - '0');
  }
  const bool any = at > 0;
  while (at < text->size() && (*text)[at] == ' ') ++at;
  std::string unit = text->substr(at);
  for (char& c : unit) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (unit == "k" || unit == "kb" || unit == "kibibytes") value *= 1024;
  else if (unit == "m" || unit == "mb" || unit == "mebibytes") value *= 1024 * 1024;
  else if (!unit.empty() && unit != "b" && unit != "bytes") value = -1;
  if (!any || value < 0 || value >= kMaxSizeOption) {
    return Status::error("MR2008", std::string(name) + " = " + *text);
  }
  return value;
}

static Status parse_numbers(const OptionMap& from, Options& to) {
  constexpr int64_t kMaxInt = 2'147'483'647;
  constexpr int64_t kMaxSafe = (int64_t{1} << 53) - 1;
  constexpr int64_t kMaxRatio = 1'000'000;
  struct Row {
    const char* name;
    int64_t* target;
    int64_t least, most;
  };
  const Row rows[] = {
      {"seed", &to.seed, 0, kMaxSafe},
      {"base-time", &to.base_time_ms, 0, 253'402'300'799'999},
      {"first-event.rate", &to.first_event_rate, 1, kMaxInt},
      {"person.proportion", &to.person_proportion, 0, kMaxRatio},
      {"auction.proportion", &to.auction_proportion, 0, kMaxRatio},
      {"bid.proportion", &to.bid_proportion, 0, kMaxRatio},
      {"bid.hot-ratio.auctions", &to.hot_auctions, 1, kMaxRatio},
      {"bid.hot-ratio.bidders", &to.hot_bidders, 1, kMaxRatio},
      {"auction.hot-ratio.sellers", &to.hot_sellers, 1, kMaxRatio},
      {"out-of-order-group-size", &to.out_of_order_group, 1, kMaxRatio},
      {"events.num", &to.max_events, 0, 1'000'000'000'000},
      {"stop-at", &to.stop_at, -1, 1'000'000'000'000},
  };
  for (const Row& row : rows) {
    MR_TRY_ASSIGN(*row.target, from.integer(row.name, *row.target, row.least, row.most));
  }
  if (to.total_proportion() == 0) return Status::error("MR2008", "bid.proportion = 0");
  return Status::ok();
}

Result<Options> parse_options(const OptionMap& from) {
  Options to;
  MR_TRY(parse_numbers(from, to));
  MR_TRY_ASSIGN(to.person_size, memory_size(from, "person.avg-size", to.person_size));
  MR_TRY_ASSIGN(to.auction_size, memory_size(from, "auction.avg-size", to.auction_size));
  MR_TRY_ASSIGN(to.bid_size, memory_size(from, "bid.avg-size", to.bid_size));
  MR_TRY_ASSIGN(to.keep_alive, from.flag("keep-alive", false));
  MR_TRY_ASSIGN(to.max_speed, from.flag("max-emit-speed", true));
  if (to.max_events == 0) to.max_events = 1'000'000'000'000;
  return to;
}

Split make_split(const Options& options, int64_t index, int64_t generators) {
  Split split{index, generators, 1, options.max_events, 0};
  const int64_t share = options.max_events / generators;
  split.first_event_id = 1 + index * share;
  const bool last = index == generators - 1;
  split.max_events = last ? options.max_events - share * (generators - 1) : share;
  if (options.stop_at >= 0) {
    const int64_t stop_share = options.stop_at / generators;
    const int64_t stop = last ? options.stop_at - stop_share * (generators - 1) : stop_share;
    if (stop < split.max_events) split.max_events = stop;
  }
  return split;
}

// As the reference's: six letters from one signed number, so that half of the groups run from
// 'a' down to 'H' and hold '\\', '[', ']', '^', '_' and '`' too.
static std::string make_extra_pool(uint32_t stream) {
  std::string pool(kExtraPoolBytes, '\0');
  int32_t rest = 0;
  for (uint32_t i = 0; i < kExtraPoolBytes; ++i) {
    if (i % 6 == 0) rest = static_cast<int32_t>(draw_at(stream, i / 6));
    pool[i] = static_cast<char>('a' + rest % 26);
    rest /= 26;
  }
  return pool;
}

static std::string make_url(uint32_t stream) {
  std::string url = "https://www.nexmark.com/";
  char part[8];
  for (uint32_t i = 0; i < 3; ++i) {
    url.append(part, random_string(draw_at(stream, i), 5, '_', part));
    url += '/';
  }
  return url + "item.htm?query=1";
}

static int64_t reversed_bits_magnitude(uint32_t i) {
  uint32_t reversed = 0;
  for (int bit = 0; bit < 32; ++bit) reversed |= ((i >> bit) & 1u) << (31 - bit);
  return std::abs(static_cast<int64_t>(static_cast<int32_t>(reversed)));
}

Pools::Pools(uint32_t seed) : extra(make_extra_pool(random::mix(seed ^ kExtraPoolStream))) {
  const uint32_t hot = random::mix(seed ^ kHotUrlStream);
  for (uint32_t i = 0; i < hot_urls.size(); ++i) hot_urls[i] = make_url(draw_at(hot, i));
  const uint32_t stream = random::mix(seed ^ kChannelStream);
  channels.reserve(kChannelCount);
  urls.reserve(kChannelCount);
  for (uint32_t i = 0; i < kChannelCount; ++i) {
    const uint32_t key = draw_at(stream, i);
    channels.push_back("channel-" + std::to_string(i));
    urls.push_back(make_url(key));
    if (below(draw_at(key, 3), 10) > 0) {
      urls.back() += "&channel_id=" + std::to_string(reversed_bits_magnitude(i));
    }
    channel_views.emplace_back(channels.back());
    url_views.emplace_back(urls.back());
  }
}

uint32_t random_string(uint32_t field_key, uint32_t max_length, char special, char* to) {
  const uint32_t length = 3 + below(draw_at(field_key, 0), max_length - 3);
  for (uint32_t i = 0; i < length; ++i) {
    const uint32_t u = draw_at(field_key, i + 1);
    to[i] = ((u >> 16) * 13) >> 16 == 0 ? special
                                        : static_cast<char>('a' + (((u & 0xffff) * 26) >> 16));
  }
  uint32_t begin = 0, end = length;
  while (end > begin && to[end - 1] == ' ') --end;
  while (begin < end && to[begin] == ' ') ++begin;
  if (begin > 0) std::memmove(to, to + begin, end - begin);
  return end - begin;
}

// 10^(6u) as a product of two table entries and a linear rest: plain IEEE products only, so
// that both engines get the same bits without a power function.
struct PriceTables {
  double high[1024];
  double middle[2048];
  PriceTables() {
    high[0] = 100.0;
    for (int i = 1; i < 1024; ++i) high[i] = high[i - 1] * 1.0135831333340657;
    middle[0] = 1.0;
    for (int i = 1; i < 2048; ++i) middle[i] = middle[i - 1] * 1.000006587770493;
  }
};

int64_t random_price(uint32_t u) {
  static const PriceTables tables;
  const double low = 1.0 + static_cast<double>(u & 0x7ff) * 3.2166742156176534e-09;
  const double price = tables.high[u >> 22] * tables.middle[(u >> 11) & 0x7ff] * low;
  return static_cast<int64_t>(price + 0.5);
}

uint32_t extra_size(uint32_t u, int64_t current_size, int64_t average) {
  if (current_size > average) return 0;
  const int64_t wanted = average - current_size;
  const int64_t delta = (wanted + 2) / 5;  // round(wanted * 0.2): no ties
  return static_cast<uint32_t>(wanted - delta + below(u, static_cast<uint32_t>(2 * delta)));
}

}  // namespace millrace::nexmark
