#include "sources/nexmark-generator.h"

#include <algorithm>
#include <cstring>

#include "sources/random.h"

namespace millrace::nexmark {

using random::below;
using random::draw;

Generator::Generator(const Options& options, std::vector<FieldPlan> fields)
    : options_(options), fields_(std::move(fields)),
      seed_(random::seed_key(static_cast<uint64_t>(options.seed))) {}

int64_t Generator::adjusted(int64_t number) const {
  const int64_t group = options_.out_of_order_group;
  return group == 1 ? number : number / group * group + number * 953 % group;
}

int64_t Generator::time_of(int64_t number, double delay_us) const {
  return options_.base_time_ms +
         static_cast<int64_t>(static_cast<double>(number) * delay_us) / 1000;
}

static double delay_of(const Options& options, const Split& split) {
  return 1'000'000.0 / static_cast<double>(options.first_event_rate) *
         static_cast<double>(split.generators);
}

int64_t Generator::event_time(const Split& split, int64_t emitted) const {
  return time_of(1 + emitted, delay_of(options_, split));
}

Batch Generator::generate(Split& split, uint32_t count) {
  Batch batch;
  batch.row_count = count;
  if (pools_ == nullptr) pools_ = std::make_shared<const Pools>(seed_);
  arena_ = std::make_shared<Arena>();
  delay_us_ = delay_of(options_, split);
  number_events(split, count);
  split.emitted += count;
  for (const FieldPlan& field : fields_) batch.columns.push_back(fill(field, count));
  arena_ = nullptr;
  return batch;
}

// Event numbers start at 1, and so do event ids: the first event of all has the id 2.
void Generator::number_events(const Split& split, uint32_t count) {
  number_.resize(count);
  epoch_.resize(count);
  offset_.resize(count);
  key_.resize(count);
  for (auto& rows : rows_) rows.clear();
  const int64_t total = options_.total_proportion();
  const int64_t auctions_end = options_.person_proportion + options_.auction_proportion;
  int64_t epoch = -1, offset = total - 1;
  for (uint32_t row = 0; row < count; ++row) {
    const int64_t number = adjusted(1 + split.emitted + row);
    const int64_t id = split.first_event_id + number;
    if (options_.out_of_order_group != 1 || row == 0) {
      epoch = id / total;
      offset = id % total;
    } else if (++offset == total) {
      offset = 0;
      ++epoch;
    }
    number_[row] = number;
    epoch_[row] = epoch;
    offset_[row] = static_cast<int32_t>(offset);
    key_[row] = random::record_key(seed_, static_cast<uint64_t>(id));
    const int kind = offset < options_.person_proportion ? 0 : offset < auctions_end ? 1 : 2;
    rows_[kind].push_back(row);
  }
}

ColumnPtr Generator::fill(const FieldPlan& field, uint32_t count) {
  auto column = std::make_shared<Column>();
  column->type = field.type;
  column->physical = field.type.physical();
  column->length = count;
  const uint32_t width = physical_width(column->physical);
  if (width != 0) column->values = std::make_shared<Buffer>(size_t{count} * width);
  if (field.name == FieldName::kEventType) {
    for (int32_t kind = 0; kind < 3; ++kind) {
      for (const uint32_t row : rows_[kind]) column->data<int32_t>()[row] = kind;
    }
    return column;
  }
  column->validity = zeroed_buffer((count + 7) / 8);
  for (const uint32_t row : rows_[static_cast<int>(field.kind)]) {
    set_bit(column->validity->data(), row);
  }
  for (const FieldPlan& child : field.children) column->children.push_back(fill(child, count));
  for (int kind = 0; kind < 3 && width != 0; ++kind) {
    if (kind == static_cast<int>(field.kind)) continue;
    for (const uint32_t row : rows_[kind]) {
      std::memset(column->values->data() + size_t{row} * width, 0, width);
    }
  }
  if (column->physical == Physical::kString) column->owners = {pools_, arena_};
  if (width != 0) fill_values(field, *column);
  return column;
}

void Generator::fill_values(const FieldPlan& field, Column& column) {
  const bool time = field.name == FieldName::kPersonTime ||
                    field.name == FieldName::kAuctionTime || field.name == FieldName::kBidTime;
  if (time) return fill_time(column, field.kind);
  switch (field.kind) {
    case Kind::kPerson: return fill_person(field, column);
    case Kind::kAuction: return fill_auction(field, column);
    case Kind::kBid: return fill_bid(field, column);
  }
}

void Generator::fill_time(Column& column, Kind kind) {
  auto* values = column.data<int64_t>();
  for (const uint32_t row : rows_[static_cast<int>(kind)]) {
    values[row] = time_of(number_[row], delay_us_);
  }
}

// The newest auction when an event is made: its own id for an auction.
int64_t Generator::last_auction(uint32_t row) const {
  const int64_t offset = std::min<int64_t>(offset_[row] - options_.person_proportion,
                                           options_.auction_proportion - 1);
  return epoch_[row] * options_.auction_proportion + offset;
}

int64_t Generator::last_person(uint32_t row) const {
  const int64_t offset = std::min<int64_t>(offset_[row], options_.person_proportion - 1);
  return epoch_[row] * options_.person_proportion + offset;
}

int64_t Generator::near_person(uint32_t row, uint32_t u) const {
  const int64_t count = last_person(row) + 1;
  const int64_t active = std::min(count, kActivePeople);
  return count - active + below(u, static_cast<uint32_t>(active + kIdLead));
}

StringView Generator::extra(uint32_t key, uint32_t size_draw, uint32_t offset_draw,
                            int64_t current_size, int64_t average) const {
  const uint32_t size = extra_size(draw(key, size_draw), current_size, average);
  const uint32_t offset = below(draw(key, offset_draw), kExtraPoolBytes - size);
  return {pools_->extra.data() + offset, size};
}

template <typename F>
static void set_each(const std::vector<uint32_t>& rows, F* values, auto&& value_of) {
  for (const uint32_t row : rows) values[row] = value_of(row);
}

void Generator::fill_bid(const FieldPlan& field, Column& column) {
  const std::vector<uint32_t>& rows = rows_[2];
  auto* numbers = column.data<int64_t>();
  auto* texts = column.data<StringView>();
  const auto hot_auctions = static_cast<uint32_t>(options_.hot_auctions);
  const auto hot_bidders = static_cast<uint32_t>(options_.hot_bidders);
  switch (field.name) {
    case FieldName::kBidAuction:
      return set_each(rows, numbers, [&](uint32_t row) {
        const int64_t last = last_auction(row);
        if (below(draw(key_[row], kHotAuction), hot_auctions) > 0) {
          return kFirstAuctionId + last / kHotBlock * kHotBlock;
        }
        const int64_t least = std::max<int64_t>(last - kInFlightAuctions, 0);
        const auto range = static_cast<uint32_t>(last - least + 1 + kIdLead);
        return kFirstAuctionId + least + below(draw(key_[row], kAuction), range);
      });
    case FieldName::kBidder:
      // The first id is added twice, as by the reference: bidders lie 1000 above persons.
      return set_each(rows, numbers, [&](uint32_t row) {
        if (below(draw(key_[row], kHotBidder), hot_bidders) > 0) {
          return 2 * kFirstPersonId + last_person(row) / kHotBlock * kHotBlock + 1;
        }
        return 2 * kFirstPersonId + near_person(row, draw(key_[row], kBidder));
      });
    case FieldName::kPrice:
      return set_each(rows, numbers,
                      [&](uint32_t row) { return random_price(draw(key_[row], kPrice)); });
    case FieldName::kChannel:
    case FieldName::kUrl: {
      const bool url = field.name == FieldName::kUrl;
      return set_each(rows, texts, [&](uint32_t row) {
        const uint32_t u = draw(key_[row], kChannel);
        if (below(draw(key_[row], kHotChannel), 2) > 0) {
          const uint32_t hot = below(u, kHotChannels.size());
          return StringView(url ? std::string_view(pools_->hot_urls[hot]) : kHotChannels[hot]);
        }
        const uint32_t channel = below(u, kChannelCount);
        return url ? pools_->url_views[channel] : pools_->channel_views[channel];
      });
    }
    default:
      return set_each(rows, texts, [&](uint32_t row) {
        return extra(key_[row], kBidExtraSize, kBidExtraOffset, 32, options_.bid_size);
      });
  }
}

// An auction lasts 1 ms or more, on average until about as many auctions as are in flight have
// come after it.
int64_t Generator::expires(uint32_t row) const {
  const int64_t time = time_of(number_[row], delay_us_);
  const int64_t events =
      kInFlightAuctions * options_.total_proportion() / options_.auction_proportion;
  const int64_t horizon = time_of(number_[row] + events, delay_us_) - time;
  const uint32_t u = draw(key_[row], kExpires);
  const uint32_t v = draw(key_[row], kExpiresLow);
  return time + 1 + random::below_wide(u, v, std::max<int64_t>(horizon * 2, 1));
}

void Generator::fill_auction(const FieldPlan& field, Column& column) {
  const std::vector<uint32_t>& rows = rows_[1];
  auto* numbers = column.data<int64_t>();
  auto* texts = column.data<StringView>();
  char text[128];
  const auto random_text = [&](uint32_t name, uint32_t max_length) {
    return set_each(rows, texts, [&](uint32_t row) {
      const uint32_t length = random_string(draw(key_[row], name), max_length, ' ', text);
      return arena_->copy(text, length);
    });
  };
  const auto first_bid = [&](uint32_t row) { return random_price(draw(key_[row], kInitialBid)); };
  switch (field.name) {
    case FieldName::kAuctionId:
      return set_each(rows, numbers,
                      [&](uint32_t row) { return kFirstAuctionId + last_auction(row); });
    case FieldName::kItemName: return random_text(kItemName, 20);
    case FieldName::kDescription: return random_text(kDescription, 100);
    case FieldName::kInitialBid: return set_each(rows, numbers, first_bid);
    case FieldName::kReserve:
      return set_each(rows, numbers, [&](uint32_t row) {
        return first_bid(row) + random_price(draw(key_[row], kReserve));
      });
    case FieldName::kExpires:
      return set_each(rows, numbers, [&](uint32_t row) { return expires(row); });
    case FieldName::kSeller:
      return set_each(rows, numbers, [&](uint32_t row) {
        const auto ratio = static_cast<uint32_t>(options_.hot_sellers);
        if (below(draw(key_[row], kHotSeller), ratio) > 0) {
          return kFirstPersonId + last_person(row) / kHotBlock * kHotBlock;
        }
        return kFirstPersonId + near_person(row, draw(key_[row], kSeller));
      });
    case FieldName::kCategory:
      return set_each(rows, numbers, [&](uint32_t row) {
        return kFirstCategoryId + below(draw(key_[row], kCategory), kCategoryCount);
      });
    default:
      return set_each(rows, texts, [&](uint32_t row) {
        const uint32_t name = random_string(draw(key_[row], kItemName), 20, ' ', text);
        const uint32_t about = random_string(draw(key_[row], kDescription), 100, ' ', text);
        return extra(key_[row], kAuctionExtraSize, kAuctionExtraOffset, 48 + name + about,
                     options_.auction_size);
      });
  }
}

uint32_t Generator::email(uint32_t key, char* to) const {
  uint32_t length = random_string(draw(key, kEmailUser), 7, ' ', to);
  to[length++] = '@';
  length += random_string(draw(key, kEmailHost), 5, ' ', to + length);
  std::memcpy(to + length, ".com", 4);
  return length + 4;
}

// Apart, so that a compiler that follows constant lengths into it does not warn in vain.
[[gnu::noinline]] static StringView keep(Arena& arena, const char* text, uint32_t length) {
  return arena.copy(text, length);
}

// Four groups of four digits.
static uint32_t credit_card(uint32_t key, char* to) {
  char* at = to;
  for (uint32_t group = 0; group < 4; ++group) {
    if (group > 0) *at++ = ' ';
    uint32_t digits = below(draw(key, kCard + group), 10'000);
    for (int place = 3; place >= 0; --place, digits /= 10) at[place] = '0' + digits % 10;
    at += 4;
  }
  return static_cast<uint32_t>(at - to);
}

void Generator::fill_person(const FieldPlan& field, Column& column) {
  const std::vector<uint32_t>& rows = rows_[0];
  auto* texts = column.data<StringView>();
  char text[64];
  const auto pick = [&](uint32_t row, uint32_t name, auto& choices) {
    return choices[below(draw(key_[row], name), static_cast<uint32_t>(choices.size()))];
  };
  const auto full_name = [&](uint32_t row) {
    const std::string_view first = pick(row, kFirstName, kFirstNames);
    const std::string_view last = pick(row, kLastName, kLastNames);
    std::memcpy(text, first.data(), first.size());
    text[first.size()] = ' ';
    std::memcpy(text + first.size() + 1, last.data(), last.size());
    return static_cast<uint32_t>(first.size() + 1 + last.size());
  };
  switch (field.name) {
    case FieldName::kPersonId:
      return set_each(rows, column.data<int64_t>(),
                      [&](uint32_t row) { return kFirstPersonId + last_person(row); });
    case FieldName::kName:
      return set_each(rows, texts, [&](uint32_t row) {
        return keep(*arena_, text, full_name(row));
      });
    case FieldName::kEmail:
      return set_each(rows, texts, [&](uint32_t row) {
        return keep(*arena_, text, email(key_[row], text));
      });
    case FieldName::kCreditCard:
      return set_each(rows, texts, [&](uint32_t row) {
        return keep(*arena_, text, credit_card(key_[row], text));
      });
    case FieldName::kCity:
      return set_each(rows, texts, [&](uint32_t row) {
        return StringView(pick(row, kCity, kCities));
      });
    case FieldName::kState:
      return set_each(rows, texts, [&](uint32_t row) {
        return StringView(pick(row, kState, kStates));
      });
    default:
      return set_each(rows, texts, [&](uint32_t row) {
        const size_t size = 8 + full_name(row) + email(key_[row], text) + 19 +
                            pick(row, kCity, kCities).size() + 2;
        return extra(key_[row], kPersonExtraSize, kPersonExtraOffset,
                     static_cast<int64_t>(size), options_.person_size);
      });
  }
}

}  // namespace millrace::nexmark
