#include "kernels/json-document.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "kernels/utf8.h"

namespace millrace::json {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_name_part(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         static_cast<uint8_t>(c) >= 0x80;
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// Largest exponent that a decimal may be written with.
constexpr int64_t kMaxExponent = 1'000'000'000;

// sign, digits without leading zeros, and scale: value = digits / 10^scale.
struct Decimal {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  int64_t scale = 0;
};

Decimal split(std::string_view number) {
  Decimal decimal;
  decimal.negative = number.front() == '-';
  if (number.front() == '-' || number.front() == '+') number.remove_prefix(1);
  const size_t mark = number.find_first_of("eE");
  int64_t exponent = 0;
  if (mark != std::string_view::npos) {
    std::string_view text = number.substr(mark + 1);
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    std::from_chars(text.data(), text.data() + text.size(), exponent);
    number = number.substr(0, mark);
  }
  const size_t point = number.find('.');
  decimal.whole = number.substr(0, point);
  if (point != std::string_view::npos) decimal.fraction = number.substr(point + 1);
  decimal.scale = static_cast<int64_t>(decimal.fraction.size()) - exponent;
  return decimal;
}

bool exponent_fits(std::string_view number) {
  const size_t mark = number.find_first_of("eE");
  if (mark == std::string_view::npos) return true;
  int64_t exponent = 0;
  std::string_view text = number.substr(mark + 1);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  const auto read = std::from_chars(text.data(), text.data() + text.size(), exponent);
  return read.ec == std::errc() && exponent < kMaxExponent && exponent > -kMaxExponent;
}

}  // namespace

void append_decimal(std::string_view number, std::string& out) {
  const Decimal decimal = split(number);
  std::string_view whole = decimal.whole, fraction = decimal.fraction;
  while (whole.size() > 0 && whole.front() == '0') whole.remove_prefix(1);
  if (whole.empty()) {
    while (fraction.size() > 1 && fraction.front() == '0') fraction.remove_prefix(1);
  }
  if (whole.empty() && fraction.empty()) fraction = "0";
  const bool is_zero = whole.empty() && fraction == "0";
  if (decimal.negative && !is_zero) out.push_back('-');
  const size_t start = out.size();
  out.append(whole).append(fraction);
  const auto digits = static_cast<int64_t>(out.size() - start);
  const int64_t scale = decimal.scale;
  const int64_t adjusted = digits - 1 - scale;
  if (scale == 0) return;
  if (scale > 0 && adjusted >= -6) {
    const int64_t before = digits - scale;
    if (before > 0) {
      out.insert(start + static_cast<size_t>(before), 1, '.');
    } else {
      out.insert(start, "0." + std::string(static_cast<size_t>(-before), '0'));
    }
    return;
  }
  if (digits > 1) out.insert(start + 1, 1, '.');
  if (adjusted == 0) return;
  out.append(adjusted > 0 ? "E+" : "E").append(std::to_string(adjusted));
}

bool key_less(std::string_view a, std::string_view b) {
  const size_t shared = std::min(a.size(), b.size());
  for (size_t i = 0; i < shared; ++i) {
    const auto x = static_cast<uint8_t>(a[i]), y = static_cast<uint8_t>(b[i]);
    if (x == y) continue;
    // Surrogates stand below U+E000, though the characters they make come last in UTF-8.
    if (x >= 0xf0 && y >= 0xee && y < 0xf0) return true;
    if (y >= 0xf0 && x >= 0xee && x < 0xf0) return false;
    return x < y;
  }
  return a.size() < b.size();
}

void write_string(std::string_view text, std::string& out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  out.push_back('"');
  for (const char c : text) {
    switch (c) {
      case '"': out.append("\\\""); break;
      case '\\': out.append("\\\\"); break;
      case '\b': out.append("\\b"); break;
      case '\f': out.append("\\f"); break;
      case '\n': out.append("\\n"); break;
      case '\r': out.append("\\r"); break;
      case '\t': out.append("\\t"); break;
      default:
        if (static_cast<uint8_t>(c) >= 0x20) {
          out.push_back(c);
        } else {
          out.append("\\u00").append(1, kHex[(c >> 4) & 15]).append(1, kHex[c & 15]);
        }
    }
  }
  out.push_back('"');
}

bool Document::parse(std::string_view text) {
  at_ = text.data();
  end_ = at_ + text.size();
  nodes_.clear();
  text_.clear();
  uint32_t root = 0;
  return read_value(0, root);
}

void Document::skip_blanks() {
  while (!at_end() && is_blank(*at_)) ++at_;
}

bool Document::read_value(uint32_t depth, uint32_t& index) {
  skip_blanks();
  if (at_end() || depth > kMaxDepth) return false;
  index = static_cast<uint32_t>(nodes_.size());
  nodes_.emplace_back();
  switch (*at_) {
    case '{': return read_members(depth, index);
    case '[': return read_items(depth, index);
    case 't': return read_word("true", Kind::kTrue, index);
    case 'f': return read_word("false", Kind::kFalse, index);
    case 'n': return read_word("null", Kind::kNull, index);
    case '"': {
      uint32_t start = 0, length = 0;
      if (!read_string(start, length)) return false;
      nodes_[index].kind = Kind::kString;
      nodes_[index].text = start;
      nodes_[index].length = length;
      return true;
    }
    default: return read_number(depth, index);
  }
}

bool Document::read_members(uint32_t depth, uint32_t object) {
  nodes_[object].kind = Kind::kObject;
  ++at_;
  skip_blanks();
  if (!at_end() && *at_ == '}') return ++at_, true;
  for (uint32_t last = kNone;;) {
    skip_blanks();
    uint32_t key = 0, length = 0, child = 0;
    if (at_end() || *at_ != '"' || !read_string(key, length)) return false;
    skip_blanks();
    if (at_end() || *at_++ != ':') return false;
    if (!read_value(depth + 1, child)) return false;
    nodes_[child].key = key;
    nodes_[child].key_length = length;
    (last == kNone ? nodes_[object].first : nodes_[last].next) = child;
    last = child;
    skip_blanks();
    if (at_end() || (*at_ != ',' && *at_ != '}')) return false;
    if (*at_++ == '}') return true;
  }
}

bool Document::read_items(uint32_t depth, uint32_t array) {
  nodes_[array].kind = Kind::kArray;
  ++at_;
  skip_blanks();
  if (!at_end() && *at_ == ']') return ++at_, true;
  for (uint32_t last = kNone;;) {
    uint32_t child = 0;
    if (!read_value(depth + 1, child)) return false;
    (last == kNone ? nodes_[array].first : nodes_[last].next) = child;
    last = child;
    skip_blanks();
    if (at_end() || (*at_ != ',' && *at_ != ']')) return false;
    if (*at_++ == ']') return true;
  }
}

bool Document::read_string(uint32_t& start, uint32_t& length) {
  start = static_cast<uint32_t>(text_.size());
  for (++at_; !at_end(); ++at_) {
    const char c = *at_;
    if (c == '"') {
      ++at_;
      length = static_cast<uint32_t>(text_.size()) - start;
      return true;
    }
    if (static_cast<uint8_t>(c) < 0x20) return false;
    if (c != '\\') {
      text_.push_back(c);
    } else if (!read_escape()) {
      return false;
    }
  }
  return false;
}

bool Document::read_unit(uint32_t& unit) {
  unit = 0;
  for (int i = 0; i < 4; ++i) {
    if (++at_ >= end_) return false;
    const int digit = hex_digit(*at_);
    if (digit < 0) return false;
    unit = unit * 16 + static_cast<uint32_t>(digit);
  }
  return true;
}

// Stands on the backslash; ends on the last character of the escape.
bool Document::read_escape() {
  if (++at_ >= end_) return false;
  switch (*at_) {
    case '"': case '\\': case '/': text_.push_back(*at_); return true;
    case 'b': text_.push_back('\b'); return true;
    case 'f': text_.push_back('\f'); return true;
    case 'n': text_.push_back('\n'); return true;
    case 'r': text_.push_back('\r'); return true;
    case 't': text_.push_back('\t'); return true;
    case 'u': break;
    default: return false;
  }
  uint32_t point = 0;
  if (!read_unit(point)) return false;
  const bool is_high = point >= 0xd800 && point < 0xdc00;
  if (is_high && end_ - at_ > 6 && at_[1] == '\\' && at_[2] == 'u') {
    const char* before = at_;
    uint32_t low = 0;
    at_ += 2;
    if (!read_unit(low)) return false;
    if (low >= 0xdc00 && low < 0xe000) {
      point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
    } else {
      at_ = before;
    }
  }
  if (point >= 0xd800 && point < 0xe000) {
    text_.push_back('?');  // a lone surrogate, as Flink writes it
    return true;
  }
  char encoded[4];
  text_.append(encoded, utf8::encode(point, encoded));
  return true;
}

bool Document::read_word(std::string_view word, Kind kind, uint32_t index) {
  const auto left = static_cast<size_t>(end_ - at_);
  if (std::string_view(at_, left).substr(0, word.size()) != word) return false;
  at_ += word.size();
  nodes_[index].kind = kind;
  return at_end() || !is_name_part(*at_);
}

// A number that is the whole value ends at a blank, as Jackson has it.
bool Document::read_number(uint32_t depth, uint32_t index) {
  const char* start = at_;
  if (*at_ == '-') ++at_;
  if (at_end() || !is_digit(*at_)) return false;
  const bool is_zero = *at_ == '0';
  while (!at_end() && is_digit(*at_)) ++at_;
  const char* first = *start == '-' ? start + 1 : start;
  if (is_zero && at_ - first > 1) return false;
  bool is_decimal = false;
  if (!at_end() && *at_ == '.') {
    is_decimal = true;
    if (++at_ == end_ || !is_digit(*at_)) return false;
    while (!at_end() && is_digit(*at_)) ++at_;
  }
  if (!at_end() && (*at_ == 'e' || *at_ == 'E')) {
    is_decimal = true;
    if (++at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    if (at_end() || !is_digit(*at_)) return false;
    while (!at_end() && is_digit(*at_)) ++at_;
  }
  if (!at_end() && (is_name_part(*at_) || *at_ == '.')) return false;
  if (!at_end() && depth == 0 && !is_blank(*at_)) return false;
  const std::string_view number(start, static_cast<size_t>(at_ - start));
  if (number.size() > kMaxNumber || !exponent_fits(number)) return false;
  Node& node = nodes_[index];
  node.kind = is_decimal ? Kind::kDecimal : Kind::kInteger;
  node.text = static_cast<uint32_t>(text_.size());
  append_decimal(number, text_);
  node.length = static_cast<uint32_t>(text_.size()) - node.text;
  return true;
}

bool Document::is_overwritten(uint32_t member) const {
  for (uint32_t i = nodes_[member].next; i != kNone; i = nodes_[i].next) {
    if (nodes_[i].key_length == nodes_[member].key_length && key_of(i) == key_of(member)) {
      return true;
    }
  }
  return false;
}

uint32_t Document::member(uint32_t object, std::string_view key) const {
  uint32_t found = kNone;
  for (uint32_t i = nodes_[object].first; i != kNone; i = nodes_[i].next) {
    if (nodes_[i].key_length == key.size() && key_of(i) == key) found = i;
  }
  return found;
}

void Document::write_members(uint32_t object, std::string& out) {
  const size_t base = members_.size();
  for (uint32_t i = nodes_[object].first; i != kNone; i = nodes_[i].next) members_.push_back(i);
  std::sort(members_.begin() + static_cast<std::ptrdiff_t>(base), members_.end(),
            [&](uint32_t a, uint32_t b) {
              if (key_less(key_of(a), key_of(b))) return true;
              return !key_less(key_of(b), key_of(a)) && a < b;
            });
  const size_t end = members_.size();
  bool is_first = true;
  out.push_back('{');
  for (size_t i = base; i < end; ++i) {
    const uint32_t member = members_[i];
    if (i + 1 < end && key_of(members_[i + 1]) == key_of(member)) continue;
    if (!is_first) out.push_back(',');
    is_first = false;
    write_string(key_of(member), out);
    out.push_back(':');
    write(member, out);
  }
  out.push_back('}');
  members_.resize(base);
}

void Document::write(uint32_t index, std::string& out) {
  switch (nodes_[index].kind) {
    case Kind::kNull: out.append("null"); break;
    case Kind::kFalse: out.append("false"); break;
    case Kind::kTrue: out.append("true"); break;
    case Kind::kInteger:
    case Kind::kDecimal: out.append(text_of(index)); break;
    case Kind::kString: write_string(text_of(index), out); break;
    case Kind::kObject: write_members(index, out); break;
    case Kind::kArray:
      out.push_back('[');
      for (uint32_t i = nodes_[index].first; i != kNone; i = nodes_[i].next) {
        if (i != nodes_[index].first) out.push_back(',');
        write(i, out);
      }
      out.push_back(']');
  }
}

}  // namespace millrace::json
