// One conversion of java.util.Formatter applied to one value; the same as
// src/expr/printf/values.ts.
#include <algorithm>
#include <cmath>

#include "kernels/case-mapping.h"
#include "kernels/printf-format.h"
#include "kernels/utf8.h"

namespace millrace::printf {
namespace {

using Kind = Value::Kind;

size_t units_of(uint32_t point) { return point >= 0x10000 ? 2 : 1; }

size_t count_units(std::string_view text) {
  size_t units = 0;
  for (size_t at = 0; at < text.size();) units += units_of(utf8::decode(text, at));
  return units;
}

// The first UTF-16 units; half of a pair becomes `?`.
std::string cut(std::string_view text, size_t most) {
  size_t units = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t start = at;
    const size_t more = units_of(utf8::decode(text, at));
    if (units + more > most) {
      std::string kept(text.substr(0, start));
      if (units < most) kept += '?';
      return kept;
    }
    units += more;
  }
  return std::string(text);
}

std::string upper(std::string_view text) {
  std::string to(unicode::mapped_bytes_bound(text.size()), '\0');
  to.resize(unicode::to_upper(text, to.data()));
  return to;
}

// Cut to the precision, in upper case if asked for, filled up to the width.
void append_general(const Conversion& conversion, std::string_view text, std::string& to) {
  const std::string kept = conversion.precision < 0
      ? std::string(text) : cut(text, static_cast<size_t>(conversion.precision));
  append_justified(conversion, conversion.is_upper ? upper(kept) : kept, to);
}

void pad_zeros(std::string& digits, int64_t width) {
  const auto size = static_cast<int64_t>(digits.size());
  if (width > size) digits.insert(0, static_cast<size_t>(width - size), '0');
}

// Digits in groups of three if asked for, with zeros up to the width.
std::string magnitude(const Conversion& conversion, std::string digits, int64_t width) {
  if (conversion.has(',')) {
    for (size_t at = std::min(digits.find('.'), digits.size()); at > 3;) {
      at -= 3;
      digits.insert(at, 1, ',');
    }
  }
  if (conversion.has('0')) pad_zeros(digits, width);
  return digits;
}

std::string_view sign_of(const Conversion& conversion, bool is_negative) {
  if (is_negative) return conversion.has('(') ? "(" : "-";
  return conversion.has('+') ? "+" : conversion.has(' ') ? " " : "";
}

// Columns left for the digits between the signs.
int64_t room_of(const Conversion& conversion, bool is_negative, std::string_view sign) {
  const int64_t closing = is_negative && conversion.has('(') ? 1 : 0;
  return int64_t{conversion.width} - closing - static_cast<int64_t>(sign.size());
}

std::string with_sign(const Conversion& conversion, bool is_negative, std::string_view body) {
  std::string text(sign_of(conversion, is_negative));
  text += body;
  if (is_negative && conversion.has('(')) text += ')';
  return text;
}

std::string decimal(const Conversion& conversion, int64_t value) {
  const bool is_negative = value < 0;
  const uint64_t size = is_negative ? 0 - static_cast<uint64_t>(value)
                                    : static_cast<uint64_t>(value);
  const std::string_view sign = sign_of(conversion, is_negative);
  return with_sign(conversion, is_negative,
                   magnitude(conversion, std::to_string(size),
                             room_of(conversion, is_negative, sign)));
}

// %o and %x: the bits of the value in its own width.
std::string bits(const Conversion& conversion, const Value& value) {
  uint64_t rest = static_cast<uint64_t>(value.integer);
  if (value.bits < 64) rest &= (uint64_t{1} << value.bits) - 1;
  const uint32_t shift = conversion.letter == 'o' ? 3 : 4;
  std::string digits;
  do {
    digits.insert(digits.begin(), "0123456789abcdef"[rest & ((1u << shift) - 1)]);
    rest >>= shift;
  } while (rest != 0);
  const std::string head = !conversion.has('#') ? "" : shift == 3 ? "0" : "0x";
  if (conversion.has('0')) {
    pad_zeros(digits, int64_t{conversion.width} - static_cast<int64_t>(head.size()));
  }
  return conversion.is_upper ? upper(head + digits) : head + digits;
}

std::string real(const Conversion& conversion, double value) {
  if (std::isnan(value)) return conversion.is_upper ? "NAN" : "NaN";
  const bool is_negative = std::signbit(value);
  std::string body = "Infinity";
  if (std::isfinite(value)) {
    const RealText text = real_text(conversion, std::fabs(value));
    const int64_t room = room_of(conversion, is_negative, sign_of(conversion, is_negative));
    body = magnitude(conversion, text.mantissa,
                     room - static_cast<int64_t>(text.exponent.size())) + text.exponent;
  }
  const std::string text = with_sign(conversion, is_negative, body);
  return conversion.is_upper ? upper(text) : text;
}

bool append_character(const Conversion& conversion, const Value& value, std::string& to) {
  const bool is_point = value.kind == Kind::kInteger && value.bits <= 32 && value.integer >= 0 &&
                        value.integer <= 0x10ffff;
  if (!is_point) return false;
  const bool is_surrogate = value.integer >= 0xd800 && value.integer <= 0xdfff;
  char bytes[4];
  const uint32_t size =
      utf8::encode(is_surrogate ? '?' : static_cast<uint32_t>(value.integer), bytes);
  append_general(conversion, {bytes, size}, to);
  return true;
}

}  // namespace

void append_justified(const Conversion& conversion, std::string_view text, std::string& to) {
  const size_t units = conversion.width <= 0 ? 0 : count_units(text);
  const auto width = static_cast<size_t>(std::max(conversion.width, 0));
  const size_t blanks = width > units ? width - units : 0;
  if (!conversion.has('-')) to.append(blanks, ' ');
  to += text;
  if (conversion.has('-')) to.append(blanks, ' ');
}

bool append_value(const Conversion& conversion, const Value& value, std::string& to) {
  const bool is_null = value.kind == Kind::kNull;
  if (conversion.letter == 'b') {
    const bool is_boolean = value.kind == Kind::kBoolean;
    append_general(conversion, is_null ? "false" : is_boolean ? value.text : "true", to);
    return true;
  }
  if (conversion.letter == 's' && conversion.has('#')) return false;
  if (is_null || conversion.letter == 's') {
    append_general(conversion, is_null ? "null" : value.text, to);
    return true;
  }
  switch (conversion.letter) {
    case 'c': return append_character(conversion, value, to);
    case 'd':
      if (value.kind != Kind::kInteger) return false;
      append_justified(conversion, decimal(conversion, value.integer), to);
      return true;
    case 'o': case 'x':
      if (value.kind != Kind::kInteger) return false;
      if (conversion.has('(') || conversion.has(' ') || conversion.has('+')) return false;
      append_justified(conversion, bits(conversion, value), to);
      return true;
    default:
      if (value.kind != Kind::kReal) return false;
      append_justified(conversion, real(conversion, value.real), to);
      return true;
  }
}

}  // namespace millrace::printf
