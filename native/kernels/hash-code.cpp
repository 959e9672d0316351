// HASH_CODE: Java's hashCode of numbers, texts and times; see src/expr/kernels/hash-code.ts.
#include <bit>
#include <cmath>
#include <limits>

#include "kernels/calendar.h"
#include "kernels/loops.h"
#include "kernels/registry.h"
#include "kernels/text-output.h"
#include "kernels/utf8.h"

namespace millrace {

namespace {

// All sums wrap as Java's int does.
uint32_t hash_long(int64_t value) {
  const auto bits = static_cast<uint64_t>(value);
  return static_cast<uint32_t>(bits ^ (bits >> 32));
}

// There is one NaN.
uint32_t hash_double(double value) {
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  return hash_long(std::bit_cast<int64_t>(value));
}

uint32_t hash_float(float value) {
  if (std::isnan(value)) value = std::numeric_limits<float>::quiet_NaN();
  return std::bit_cast<uint32_t>(value);
}

// BigDecimal.hashCode: the words of the magnitude, highest first, then the scale.
uint32_t hash_decimal(int128 value, uint32_t scale) {
  using Bits = unsigned __int128;
  const Bits magnitude = value < 0 ? -static_cast<Bits>(value) : static_cast<Bits>(value);
  uint32_t hash = 0;
  for (int shift = 96; shift >= 0; shift -= 32) {
    hash = 31 * hash + static_cast<uint32_t>(magnitude >> shift);
  }
  return 31 * (value < 0 ? 0 - hash : hash) + scale;
}

// String.hashCode without its sign.
uint32_t hash_text(std::string_view text) {
  uint32_t hash = 0;
  for (size_t at = 0; at < text.size();) {
    const uint32_t point = utf8::decode(text, at);
    if (point >= 0x10000) {
      hash = 31 * hash + (0xd800 + ((point - 0x10000) >> 10));
      hash = 31 * hash + (0xdc00 + ((point - 0x10000) & 0x3ff));
    } else {
      hash = 31 * hash + point;
    }
  }
  return static_cast<int32_t>(hash) < 0 ? 0 - hash : hash;
}

// TimestampData.hashCode: the milliseconds, then the nanoseconds behind them.
uint32_t hash_timestamp(int64_t ticks, int64_t per_ms) {
  const int64_t nanos = calendar::floor_mod(ticks, per_ms) * (1'000'000 / per_ms);
  return 31 * hash_long(calendar::floor_div(ticks, per_ms)) + static_cast<uint32_t>(nanos);
}

template <typename T, typename F>
Status hash_each(const Column& source, const Selection& selection, Column& out, F hash) {
  unary_loop<int32_t, T>(source, selection, out,
                         [&](const T& value) { return static_cast<int32_t>(hash(value)); });
  return Status::ok();
}

Status hash_code(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  const Column& source = *args[0];
  switch (source.physical) {
    case Physical::kBool:
      return hash_each<uint8_t>(source, selection, out,
                                [](uint8_t value) { return value != 0 ? 1231u : 1237u; });
    case Physical::kI8:
      return hash_each<int8_t>(source, selection, out, [](int8_t value) { return value; });
    case Physical::kI16:
      return hash_each<int16_t>(source, selection, out, [](int16_t value) { return value; });
    case Physical::kI32:
      return hash_each<int32_t>(source, selection, out, [](int32_t value) { return value; });
    case Physical::kI64: {
      if (source.type.root == TypeRoot::kBigint) {
        return hash_each<int64_t>(source, selection, out, hash_long);
      }
      const int64_t per_ms = source.type.ticks_per_second() / 1000;
      return hash_each<int64_t>(source, selection, out, [per_ms](int64_t ticks) {
        return hash_timestamp(ticks, per_ms);
      });
    }
    case Physical::kF32: return hash_each<float>(source, selection, out, hash_float);
    case Physical::kF64: return hash_each<double>(source, selection, out, hash_double);
    case Physical::kI128: {
      const uint32_t scale = source.type.scale;
      return hash_each<int128>(source, selection, out,
                               [scale](int128 value) { return hash_decimal(value, scale); });
    }
    case Physical::kString:
      return hash_each<StringView>(source, selection, out, [](const StringView& text) {
        return hash_text(text.view());
      });
    default: return Status::error("MR9001", "HASH_CODE of a type without one");
  }
}

constexpr Kernel kKernels[] = {
    {"hash_code", hash_code, nullptr, true},
};

}  // namespace

std::span<const Kernel> hash_code_kernels() { return kKernels; }

}  // namespace millrace
