#include "formats/number-text.h"

#include <algorithm>
#include <charconv>

#include "kernels/number-text.h"

namespace millrace {

void TextBuffer::grow(size_t count) {
  const size_t wanted = std::max({size_ + count, capacity_ * 2, size_t{4096}});
  auto larger = std::make_unique_for_overwrite<char[]>(wanted);
  if (size_ != 0) std::memcpy(larger.get(), data_.get(), size_);
  data_ = std::move(larger);
  capacity_ = wanted;
}

void append_integer(TextBuffer& out, int64_t value) {
  char* at = out.room(20);
  out.advance(static_cast<size_t>(std::to_chars(at, at + 20, value).ptr - at));
}

static void append_padded(TextBuffer& out, const char* digits, uint32_t count, int32_t zeros) {
  out.append(std::string_view(digits, count));
  for (int32_t i = 0; i < zeros; ++i) out.append('0');
}

void append_double(TextBuffer& out, double value) {
  out.advance(text::write_double(out.room(text::kMaxNumberText), value));
}
void append_float(TextBuffer& out, float value) {
  out.advance(text::write_float(out.room(text::kMaxNumberText), value));
}

// Digits of a magnitude, most significant first; at least one.
static uint32_t magnitude_digits(uint128 magnitude, char* digits) {
  char reversed[40];
  uint32_t count = 0;
  do {
    reversed[count++] = static_cast<char>('0' + static_cast<int>(magnitude % 10));
    magnitude /= 10;
  } while (magnitude != 0);
  std::reverse_copy(reversed, reversed + count, digits);
  return count;
}

static uint128 magnitude_of(int128 value) {
  return value < 0 ? -static_cast<uint128>(value) : static_cast<uint128>(value);
}

static void append_digits_plain(TextBuffer& out, const char* digits, uint32_t count,
                                int32_t scale) {
  if (scale <= 0) return append_padded(out, digits, count, -scale);
  const auto fraction = static_cast<uint32_t>(scale);
  if (count <= fraction) {
    out.append("0.");
    for (uint32_t i = count; i < fraction; ++i) out.append('0');
    return out.append(std::string_view(digits, count));
  }
  out.append(std::string_view(digits, count - fraction));
  out.append('.');
  out.append(std::string_view(digits + count - fraction, fraction));
}

void append_plain_decimal(TextBuffer& out, int128 unscaled, int32_t scale) {
  char digits[40];
  if (unscaled < 0) out.append('-');
  append_digits_plain(out, digits, magnitude_digits(magnitude_of(unscaled), digits), scale);
}

void append_short_decimal(TextBuffer& out, int128 unscaled, int32_t scale) {
  if (unscaled == 0) return out.append('0');
  char digits[40];
  if (unscaled < 0) out.append('-');
  uint32_t count = magnitude_digits(magnitude_of(unscaled), digits);
  while (count > 1 && digits[count - 1] == '0') {
    --count;
    --scale;
  }
  const int32_t adjusted = static_cast<int32_t>(count) - 1 - scale;
  if (scale >= 0 && adjusted >= -6) return append_digits_plain(out, digits, count, scale);
  out.append(digits[0]);
  if (count > 1) {
    out.append('.');
    out.append(std::string_view(digits + 1, count - 1));
  }
  out.append(adjusted < 0 ? "E" : "E+");
  append_integer(out, adjusted);
}

static void append_two(TextBuffer& out, int64_t value) {
  out.append(static_cast<char>('0' + value / 10));
  out.append(static_cast<char>('0' + value % 10));
}

static void append_year(TextBuffer& out, int64_t year) {
  if (year < 0) out.append('-');
  if (year > 9999) out.append('+');
  const int64_t magnitude = year < 0 ? -year : year;
  for (int64_t limit = 1000; limit > magnitude && limit > 1; limit /= 10) out.append('0');
  append_integer(out, magnitude);
}

// Proleptic Gregorian calendar, in eras of 400 years that begin in March.
void append_date(TextBuffer& out, int64_t days) {
  const int64_t shifted = days + 719'468;
  const int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const int64_t day_of_era = shifted - era * 146'097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 -
                                            year_of_era / 100);
  const int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  append_year(out, year_of_era + era * 400 + (month <= 2 ? 1 : 0));
  out.append('-');
  append_two(out, month);
  out.append('-');
  append_two(out, day_of_year - (153 * month_from_march + 2) / 5 + 1);
}

void append_time(TextBuffer& out, int64_t nanos_of_day, int32_t digits) {
  const int64_t second = nanos_of_day / 1'000'000'000;
  append_two(out, second / 3600);
  out.append(':');
  append_two(out, second / 60 % 60);
  out.append(':');
  append_two(out, second % 60);
  int64_t nanos = nanos_of_day % 1'000'000'000;
  if (digits < 0) {
    digits = nanos == 0 ? 0 : 9;
    for (int64_t rest = nanos; digits > 0 && rest % 10 == 0; rest /= 10) --digits;
  }
  if (digits == 0) return;
  out.append('.');
  for (int64_t place = 100'000'000; digits > 0; --digits, place /= 10) {
    out.append(static_cast<char>('0' + nanos / place % 10));
  }
}

}  // namespace millrace
