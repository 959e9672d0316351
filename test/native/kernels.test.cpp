#include "check.h"
#include "columnar/decimal.h"
#include "kernels/loops.h"
#include "kernels/number-text.h"
#include "kernels/parse-text.h"
#include "kernels/registry.h"
#include "generated/kernels.h"

using namespace millrace;

namespace {

int128 nines(uint32_t digits) {
  return static_cast<int128>(decimal::power_of_ten(digits)) - 1;
}

std::string decimal_text(int128 value, uint32_t scale) {
  char buffer[text::kMaxNumberText];
  return {buffer, text::write_decimal(buffer, value, scale)};
}

std::string double_text(double value) {
  char buffer[text::kMaxNumberText];
  return {buffer, text::write_double(buffer, value)};
}

}  // namespace

TEST("sums of 38 digits are exact or have no value") {
  const decimal::Shape widest{38, 0};
  CHECK(!decimal::add(nines(38), 0, nines(38), 0, widest).has_value());
  CHECK_EQUAL(decimal::add(nines(38), 0, -nines(38), 0, widest).value(), int128{0});
  CHECK_EQUAL(decimal::add(15, 1, 1500, 3, {10, 3}).value(), int128{3000});
  CHECK_EQUAL(decimal::add(-1, 38, 1, 0, {38, 0}).value(), int128{1});
}

TEST("products drop digits half up from 76 digits") {
  CHECK(!decimal::multiply(nines(38), 0, 2, 0, {38, 0}).has_value());
  // (1 - 10^-38)^2 rounds to 1.000000 at six digits.
  CHECK_EQUAL(decimal::multiply(nines(38), 38, nines(38), 38, {38, 6}).value(), int128{1'000'000});
  CHECK_EQUAL(decimal::multiply(-15, 1, 1, 0, {5, 0}).value(), int128{-2});
}

TEST("quotients round half up, beyond 256 bits there is none") {
  CHECK_EQUAL(decimal::divide(1000, 2, 30, 1, {17, 8}).value(), int128{333'333'333});
  CHECK_EQUAL(decimal::divide(-2000, 2, 30, 1, {17, 8}).value(), int128{-666'666'667});
  CHECK(!decimal::divide(nines(38), 0, 1, 38, {38, 38}).has_value());
  CHECK_EQUAL(decimal::divide(nines(38), 0, nines(38), 0, {38, 6}).value(), int128{1'000'000});
}

TEST("a rest has the dividend's sign at the larger scale") {
  CHECK_EQUAL(decimal::modulo(-755, 2, 3, 0, {10, 2}).value(), int128{-155});
  CHECK_EQUAL(decimal::modulo(1, 38, nines(38), 0, {38, 38}).value(), int128{1});
}

TEST("decimals of any scales compare exactly") {
  CHECK_EQUAL(decimal::compare(15, 1, 1500, 3), 0);
  CHECK(decimal::compare(nines(38), 0, 1, 38) > 0);
  CHECK(decimal::compare(-nines(38), 0, -1, 38) < 0);
}

TEST("numbers are spelled as in Java") {
  CHECK_EQUAL(double_text(1e7), std::string("1.0E7"));
  CHECK_EQUAL(double_text(9999999.0), std::string("9999999.0"));
  CHECK_EQUAL(double_text(0.001), std::string("0.001"));
  CHECK_EQUAL(double_text(4.9e-324), std::string("4.9E-324"));
  CHECK_EQUAL(double_text(-0.0), std::string("-0.0"));
  CHECK_EQUAL(decimal_text(-5, 3), std::string("-0.005"));
  CHECK_EQUAL(decimal_text(nines(38), 38), "0." + std::string(38, '9'));
}

TEST("texts are read to the last digit") {
  CHECK_EQUAL(text::parse_integer(" -128 ", -128, 127).value(), int64_t{-128});
  CHECK(!text::parse_integer("128", -128, 127).has_value());
  CHECK(!text::parse_integer("", -128, 127).has_value());
  CHECK_EQUAL(text::parse_integer("1.9", -128, 127).value(), int64_t{1});
  CHECK_EQUAL(text::parse_double("1e400").value() > 1e308, true);
  CHECK_EQUAL(text::parse_double("1e-400").value(), 0.0);
  CHECK(!text::parse_double("1e").has_value());
  CHECK_EQUAL(text::parse_decimal("0.005", {10, 2}).value(), int128{1});
  CHECK(!text::parse_decimal("1e99999999999999999999", {38, 0}).has_value());
  CHECK_EQUAL(text::parse_date("2020-02-29").value(), 18321);
  CHECK(!text::parse_date("2021-02-29").has_value());
  CHECK_EQUAL(text::parse_time("10:11:12.9999").value(), 36'673'000);
  CHECK_EQUAL(text::parse_timestamp("2021-02-30 24:00:00").value().seconds, int64_t{1614556800});
}

TEST("random bytes never read past a text") {
  test::Random random(7);
  const std::string_view alphabet = "0123456789+-.: eETt\xc3";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (uint32_t n = random.next() % 24; n > 0; --n) {
      text += alphabet[random.next() % alphabet.size()];
    }
    const std::string exact(text.data(), text.size());
    (void)text::parse_boolean(exact);
    (void)text::parse_integer(exact, INT64_MIN, INT64_MAX);
    (void)text::parse_double(exact);
    (void)text::parse_decimal(exact, {38, 10});
    (void)text::parse_date(exact);
    (void)text::parse_time(exact);
    (void)text::parse_timestamp(exact);
  }
}

TEST("every kernel of spec/functions.ts is registered and treats nulls as its row says") {
  for (const KernelRow& row : kKernelRows) {
    const Kernel* kernel = find_kernel(row.name);
    CHECK(kernel != nullptr);
    if (kernel != nullptr) CHECK_EQUAL(kernel->propagates_nulls, row.propagates_nulls);
  }
}
