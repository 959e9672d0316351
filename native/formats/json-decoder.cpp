#include "formats/json-decoder.h"

#include <algorithm>
#include <limits>

#include "formats/text-parse.h"

namespace millrace::json {

// Hands on what is not kOk.
#define MR_JSON_TRY(expression)                          \
  do {                                                   \
    const Outcome mr_outcome = (expression);             \
    if (mr_outcome != Outcome::kOk) [[unlikely]] return mr_outcome; \
  } while (false)

static const std::string kNoPath;

std::string RecordDecoder::error() const { return fault_; }

Outcome RecordDecoder::malformed(const Cursor& cursor) {
  fault_ = "malformed JSON at byte " + std::to_string(cursor.at - record_ + 1);
  return Outcome::kMalformed;
}

// Under ignore-parse-errors the value stays NULL.
Outcome RecordDecoder::bad_field(const ValuePlan& plan, uint32_t row) {
  if (plan.column != nullptr) plan.column->clear(row);
  if (options_.ignore_parse_errors) return Outcome::kOk;
  fault_ = "field " + plan.path + " cannot be read";
  return Outcome::kBadField;
}

void RecordDecoder::start(uint32_t max_rows) {
  row_ = 0;
  arena_ = std::make_shared<Arena>();
  for (auto& column : columns_) column->start(max_rows);
}

Batch RecordDecoder::finish(const std::vector<std::shared_ptr<const void>>& buffers) {
  std::vector<std::shared_ptr<const void>> owners = buffers;
  owners.push_back(arena_);
  Batch batch;
  batch.row_count = row_;
  for (auto& column : columns_) batch.columns.push_back(column->finish(row_, owners));
  return batch;
}

Outcome RecordDecoder::decode(std::string_view record) {
  record_ = record.data();
  Cursor cursor{record.data(), record.data() + record.size()};
  if (record.starts_with("\xef\xbb\xbf")) cursor.at += 3;
  const char first = next_byte(cursor);
  if (first == '{') [[likely]] return decode_row(cursor);
  return first == '[' && options_.takes_arrays ? decode_array(cursor) : malformed(cursor);
}

Outcome RecordDecoder::decode_row(Cursor& cursor) {
  for (auto& column : columns_) column->ensure(row_);
  ++cursor.at;
  const Outcome outcome = object(root_, cursor, row_, 1, kNoPath);
  if (outcome == Outcome::kOk) [[likely]] {
    ++row_;
    return outcome;
  }
  for (auto& column : columns_) column->clear(row_);
  return outcome;
}

Outcome RecordDecoder::decode_array(Cursor& cursor) {
  ++cursor.at;
  if (next_byte(cursor) == ']') return Outcome::kOk;
  while (true) {
    if (next_byte(cursor) != '{') return malformed(cursor);
    MR_JSON_TRY(decode_row(cursor));
    const char next = next_byte(cursor);
    if (next == ']') return Outcome::kOk;
    if (next != ',') return malformed(cursor);
    ++cursor.at;
  }
}

Member* RecordDecoder::find_member(ObjectPlan& plan, const Text& name) {
  const size_t count = plan.members.size();
  const std::string_view text = name.escaped ? resolved(name) : name.raw();
  for (size_t tried = 0, at = plan.hint; tried < count; ++tried, ++at) {
    if (at >= count) at = 0;
    Member& member = plan.members[at];
    if (member.name.size() != text.size() ||
        std::memcmp(member.name.data(), text.data(), text.size()) != 0) {
      continue;
    }
    plan.hint = at + 1;
    return &member;
  }
  return nullptr;
}

// One member, read or skipped. Most come in the order of the columns, so the name that is
// expected next is compared first.
Outcome RecordDecoder::member(ObjectPlan& plan, Cursor& cursor, uint32_t row, int depth,
                              size_t& read) {
  if (next_byte(cursor) != '"') return malformed(cursor);
  Member* found = nullptr;
  if (read < plan.members.size() && plan.hint < plan.members.size()) {
    Member& expected = plan.members[plan.hint];
    if (expected.quoted_length != 0 &&
        starts_with(cursor.at, expected.quoted.data(), expected.quoted_length)) {
      cursor.at += expected.quoted_length;
      ++plan.hint;
      found = &expected;
    }
  }
  if (found == nullptr) {
    Text name;
    ++cursor.at;
    if (!scan_string(cursor, name) || next_byte(cursor) != ':') return malformed(cursor);
    ++cursor.at;
    if (read < plan.members.size()) found = find_member(plan, name);
  }
  if (found == nullptr) return skip_value(cursor, depth) ? Outcome::kOk : malformed(cursor);
  ++read;
  return value(*found->value, cursor, row, depth);
}

// The cursor stands behind the opening brace.
Outcome RecordDecoder::object(ObjectPlan& plan, Cursor& cursor, uint32_t row, int depth,
                              const std::string& path) {
  size_t read = 0;
  plan.hint = 0;
  if (depth > kMaxDepth) return malformed(cursor);
  if (next_byte(cursor) == '}') {
    ++cursor.at;
  } else {
    while (true) {
      MR_JSON_TRY(member(plan, cursor, row, depth, read));
      const char next = next_byte(cursor);
      if (next != ',' && next != '}') return malformed(cursor);
      ++cursor.at;
      if (next == '}') break;
    }
  }
  if (read >= plan.members.size() || !options_.fail_on_missing_field) return Outcome::kOk;
  fault_ = "a field is missing" + (path.empty() ? "" : " in " + path);
  return Outcome::kBadField;
}

static void set_null(ValuePlan& plan, uint32_t row) {
  if (plan.column != nullptr) {
    plan.column->clear(row);
  } else {
    for (Member& member : plan.object->members) set_null(*member.value, row);
  }
  if (plan.again != nullptr) set_null(*plan.again, row);
}

Outcome RecordDecoder::value(ValuePlan& plan, Cursor& cursor, uint32_t row, int depth) {
  if (next_byte(cursor) == 'n') {
    if (!scan_word(cursor, "null")) return malformed(cursor);
    set_null(plan, row);
    return Outcome::kOk;
  }
  if (plan.again != nullptr) {
    Cursor copy = cursor;
    MR_JSON_TRY(value(*plan.again, copy, row, depth));
  }
  return present_value(plan, cursor, row, depth);
}

Outcome RecordDecoder::present_value(ValuePlan& plan, Cursor& cursor, uint32_t row, int depth) {
  switch (plan.type.physical()) {
    case Physical::kI64:
    case Physical::kI32:
      if (plan.type.root == TypeRoot::kBigint || plan.type.root == TypeRoot::kInteger) {
        return integer(plan, cursor, row, depth);
      }
      return scalar(plan, cursor, row, depth);
    case Physical::kString: return text(plan, cursor, row, depth);
    case Physical::kArray: return array(plan, cursor, row, depth);
    case Physical::kMap: return map(plan, cursor, row, depth);
    case Physical::kRow: {
      if (*cursor.at != '{') {
        if (!skip_value(cursor, depth)) return malformed(cursor);
        return bad_field(plan, row);
      }
      ++cursor.at;
      if (plan.column != nullptr) {
        plan.column->clear(row);
        plan.column->mark(row);
      }
      return object(*plan.object, cursor, row, depth + 1, plan.path);
    }
    default: return scalar(plan, cursor, row, depth);
  }
}

// INT of up to 9 and BIGINT of up to 18 digits at once, everything else the long way.
Outcome RecordDecoder::integer(ValuePlan& plan, Cursor& cursor, uint32_t row, int depth) {
  const char* at = cursor.at;
  const bool negative = *at == '-';
  if (negative) ++at;
  const char* begin = at;
  uint64_t magnitude = 0;
  const bool is_long = plan.type.root == TypeRoot::kBigint;
  const char* most = std::min(cursor.end, begin + (is_long ? 18 : 9));
  while (at < most && static_cast<uint8_t>(*at - '0') < 10) {
    magnitude = magnitude * 10 + static_cast<uint64_t>(*at++ - '0');
  }
  const bool simple = at > begin && at < cursor.end && (*at == ',' || *at == '}') &&
                      (*begin != '0' || at - begin == 1);
  if (!simple) return scalar(plan, cursor, row, depth);
  cursor.at = at;
  const auto number = static_cast<int64_t>(magnitude);
  if (is_long) plan.column->set<int64_t>(row, negative ? -number : number);
  else plan.column->set(row, static_cast<int32_t>(negative ? -number : number));
  return Outcome::kOk;
}

std::string_view RecordDecoder::resolved(const Text& text) {
  scratch_.clear();
  append_unescaped(scratch_, text.raw());
  return scratch_.view();
}

// STRING: a view of the text, a copy where it has escapes; other values as JSON text.
Outcome RecordDecoder::text(ValuePlan& plan, Cursor& cursor, uint32_t row, int depth) {
  if (*cursor.at == '"') [[likely]] {
    Text found;
    ++cursor.at;
    if (!scan_string(cursor, found)) return malformed(cursor);
    if (!found.escaped) [[likely]] {
      plan.column->set(row, StringView(found.raw()));
    } else {
      const std::string_view plain = resolved(found);
      plan.column->set(row, arena_->copy(plain.data(), plain.size()));
    }
    return Outcome::kOk;
  }
  std::string_view plain;
  if (*cursor.at == '{' || *cursor.at == '[') {
    scratch_.clear();
    TextBuffer compact;
    if (!append_compact(cursor, compact, depth)) return malformed(cursor);
    plan.column->set(row, arena_->copy(compact.view().data(), compact.size()));
    return Outcome::kOk;
  }
  const char* begin = cursor.at;
  if (!skip_value(cursor, depth)) return malformed(cursor);
  plain = {begin, static_cast<size_t>(cursor.at - begin)};
  plan.column->set(row, arena_->copy(plain.data(), plain.size()));
  return Outcome::kOk;
}

Outcome RecordDecoder::scalar(ValuePlan& plan, Cursor& cursor, uint32_t row, int depth) {
  const char first = *cursor.at;
  const char* begin = cursor.at;
  std::string_view token;
  if (first == '"') {
    Text found;
    ++cursor.at;
    if (!scan_string(cursor, found)) return malformed(cursor);
    token = found.escaped ? resolved(found) : found.raw();
  } else {
    if (!skip_value(cursor, depth)) return malformed(cursor);
    token = {begin, static_cast<size_t>(cursor.at - begin)};
  }
  if (convert(plan, first, token, row)) return Outcome::kOk;
  return bad_field(plan, row);
}

// `first` is the value's first byte: '"' for text, whose escapes are resolved.
bool RecordDecoder::convert(ValuePlan& plan, char first, std::string_view token, uint32_t row) {
  const bool quoted = first == '"';
  const bool number = first == '-' || (first >= '0' && first <= '9');
  switch (plan.type.root) {
    case TypeRoot::kBoolean: {
      const std::string_view word = java_trim(token);
      bool is_true = word.size() == 4;
      for (size_t i = 0; is_true && i < 4; ++i) is_true = (word[i] | 32) == "true"[i];
      plan.column->set<uint8_t>(row, is_true && first != '{' && first != '[');
      return true;
    }
    case TypeRoot::kTinyint:
    case TypeRoot::kSmallint:
    case TypeRoot::kInteger:
    case TypeRoot::kBigint:
      return (quoted || number) && convert_integer(plan, quoted, token, row);
    case TypeRoot::kFloat:
    case TypeRoot::kDouble:
    case TypeRoot::kDecimal:
      return (quoted || number) && convert_number(plan, first, token, row);
    case TypeRoot::kDate:
    case TypeRoot::kTime:
    case TypeRoot::kTimestamp:
    case TypeRoot::kTimestampLtz:
      return quoted && convert_time(plan, token, row);
    case TypeRoot::kBinary:
    case TypeRoot::kVarbinary: {
      if (!quoted) return false;
      char* to = arena_->allocate(token.size());
      const int64_t length = parse_base64(token, to);
      if (length < 0) return false;
      plan.column->set(row, StringView(to, static_cast<size_t>(length)));
      return true;
    }
    default: return false;
  }
}

// Numbers with a fraction are cut for INT and BIGINT and refused for the smaller ones.
bool RecordDecoder::convert_integer(ValuePlan& plan, bool quoted, std::string_view token,
                                    uint32_t row) {
  using Limits = std::numeric_limits<int64_t>;
  const TypeRoot root = plan.type.root;
  const int64_t least = root == TypeRoot::kTinyint ? -128
                        : root == TypeRoot::kSmallint ? -32'768
                        : root == TypeRoot::kInteger ? INT32_MIN : Limits::min();
  const int64_t most = -(least + 1);
  int64_t value = 0;
  if (!parse_integer(quoted ? java_trim(token) : token, least, most, value)) {
    double real = 0;
    const bool cut = !quoted && (root == TypeRoot::kInteger || root == TypeRoot::kBigint) &&
                     token.find_first_of(".eE") != std::string_view::npos;
    if (!cut || !parse_real(token, real)) return false;
    if (!(real >= static_cast<double>(least) && real <= static_cast<double>(most))) return false;
    value = real >= 9223372036854775808.0 ? Limits::max() : static_cast<int64_t>(real);
  }
  switch (root) {
    case TypeRoot::kTinyint: plan.column->set(row, static_cast<int8_t>(value)); break;
    case TypeRoot::kSmallint: plan.column->set(row, static_cast<int16_t>(value)); break;
    case TypeRoot::kInteger: plan.column->set(row, static_cast<int32_t>(value)); break;
    default: plan.column->set(row, value);
  }
  return true;
}

// A decimal that has too many digits is NULL, in Flink too.
bool RecordDecoder::convert_number(ValuePlan& plan, char first, std::string_view token,
                                   uint32_t row) {
  if (plan.type.root == TypeRoot::kDecimal) {
    int128 value = 0;
    bool fits = false;
    const std::string_view text = first == '"' ? java_trim(token) : token;
    if (!parse_decimal(text, plan.type.precision, plan.type.scale, value, fits)) return false;
    if (fits) plan.column->set(row, value);
    else plan.column->clear(row);
    return true;
  }
  double value = 0;
  if (!parse_real(token, value)) return false;
  if (plan.type.root == TypeRoot::kDouble) plan.column->set(row, value);
  else plan.column->set(row, static_cast<float>(value));
  return true;
}

bool RecordDecoder::convert_time(ValuePlan& plan, std::string_view token, uint32_t row) {
  int32_t value = 0;
  switch (plan.type.root) {
    case TypeRoot::kDate:
      if (!parse_date(token, value)) return false;
      break;
    case TypeRoot::kTime:
      if (!parse_time(token, value)) return false;
      break;
    default: return convert_timestamp(plan, token, row);
  }
  plan.column->set(row, value);
  return true;
}

static bool two_digits(const char* at, int64_t& value) {
  const auto high = static_cast<uint8_t>(at[0] - '0'), low = static_cast<uint8_t>(at[1] - '0');
  value = high * 10 + low;
  return high < 10 && low < 10;
}

// HH:mm:ss and .f to .fff at once where the date is that of the value before.
static bool parse_millis_of_day(const char* at, size_t length, int64_t& millis) {
  int64_t hour, minute, second;
  if (!two_digits(at, hour) || !two_digits(at + 3, minute) || !two_digits(at + 6, second)) {
    return false;
  }
  if (hour > 23 || minute > 59 || second > 59 || at[2] != ':' || at[5] != ':') return false;
  millis = ((hour * 60 + minute) * 60 + second) * 1000;
  if (length == 8) return true;
  if (at[8] != '.' || length > 12) return false;
  int64_t unit = 100;
  for (size_t i = 9; i < length; ++i, unit /= 10) {
    const auto digit = static_cast<uint8_t>(at[i] - '0');
    if (digit > 9) return false;
    millis += digit * unit;
  }
  return true;
}

bool RecordDecoder::convert_timestamp(ValuePlan& plan, std::string_view token, uint32_t row) {
  const bool zulu = plan.type.root == TypeRoot::kTimestampLtz;
  const int64_t scale = plan.type.ticks_per_second() / 1000;
  const size_t length = token.size() - (zulu ? 1 : 0);
  const char separator = options_.iso_timestamps ? 'T' : ' ';
  int64_t millis = 0, ticks = 0;
  const bool known = token.size() >= 19 && length >= 19 && length <= 23 &&
                     token[10] == separator && (!zulu || token.back() == 'Z') &&
                     std::memcmp(token.data(), plan.date_text, 10) == 0 &&
                     parse_millis_of_day(token.data() + 11, length - 11, millis);
  if (known) [[likely]] {
    plan.column->set(row, plan.date_ticks + millis * scale);
    return true;
  }
  const auto parse = options_.iso_timestamps ? parse_iso_timestamp : parse_sql_timestamp;
  if (!parse(token, zulu, plan.type.ticks_per_second(), ticks)) return false;
  plan.column->set(row, ticks);
  const int64_t per_day = plan.type.ticks_per_second() * 86'400;
  const bool plain_year = token[0] != '-' && token[0] != '+';
  if (plain_year && token.substr(11, 2) != "24") {
    const int64_t of_day = ((ticks % per_day) + per_day) % per_day;
    std::memcpy(plan.date_text, token.data(), 10);
    plan.date_ticks = ticks - of_day;
  }
  return true;
}

Outcome RecordDecoder::array(ValuePlan& plan, Cursor& cursor, uint32_t row, int depth) {
  if (*cursor.at != '[') {
    if (!skip_value(cursor, depth)) return malformed(cursor);
    return bad_field(plan, row);
  }
  if (depth >= kMaxDepth) return malformed(cursor);
  ++cursor.at;
  // Elements of one array lie side by side: inner ones are appended to other columns.
  ColumnBuilder& elements = plan.column->child(0);
  const uint32_t first = elements.used();
  if (next_byte(cursor) == ']') {
    ++cursor.at;
  } else {
    while (true) {
      MR_JSON_TRY(value(*plan.element, cursor, elements.append(), depth + 1));
      const char next = next_byte(cursor);
      if (next != ',' && next != ']') return malformed(cursor);
      ++cursor.at;
      if (next == ']') break;
    }
  }
  plan.column->set(row, Range{first, elements.used() - first});
  return Outcome::kOk;
}

Outcome RecordDecoder::map(ValuePlan& plan, Cursor& cursor, uint32_t row, int depth) {
  if (*cursor.at != '{') {
    if (!skip_value(cursor, depth)) return malformed(cursor);
    return bad_field(plan, row);
  }
  if (depth >= kMaxDepth) return malformed(cursor);
  ++cursor.at;
  const uint32_t first = plan.column->child(0).used();
  if (next_byte(cursor) == '}') {
    ++cursor.at;
  } else {
    while (true) {
      MR_JSON_TRY(map_entry(plan, cursor, first, depth));
      const char next = next_byte(cursor);
      if (next != ',' && next != '}') return malformed(cursor);
      ++cursor.at;
      if (next == '}') break;
    }
  }
  plan.column->set(row, Range{first, plan.column->child(0).used() - first});
  return Outcome::kOk;
}

// The last of equal keys counts, at the place of the first.
Outcome RecordDecoder::map_entry(ValuePlan& plan, Cursor& cursor, uint32_t first, int depth) {
  ColumnBuilder& keys = plan.column->child(0);
  Text name;
  if (next_byte(cursor) != '"') return malformed(cursor);
  ++cursor.at;
  if (!scan_string(cursor, name) || next_byte(cursor) != ':') return malformed(cursor);
  ++cursor.at;
  const std::string_view raw = name.escaped ? resolved(name) : name.raw();
  const StringView key = name.escaped ? arena_->copy(raw.data(), raw.size()) : StringView(raw);
  for (uint32_t at = first; at < keys.used(); ++at) {
    if (keys.get<StringView>(at) == key) {
      return value(*plan.element, cursor, at, depth + 1);
    }
  }
  const uint32_t at = keys.append();
  keys.set(at, key);
  plan.column->child(1).append();
  return value(*plan.element, cursor, at, depth + 1);
}

}  // namespace millrace::json
