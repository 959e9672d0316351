// RAND, RAND_INTEGER, UUID. A constant seed makes one java.util.Random for the call; another makes
// a new one for each row, as in Flink.
#include <random>

#include "kernels/registry.h"
#include "kernels/text-output.h"

namespace millrace {

namespace {

// java.util.Random.
class JavaRandom {
 public:
  explicit JavaRandom(int64_t seed) : state_((static_cast<uint64_t>(seed) ^ kFactor) & kMask) {}

  double next_double() {
    const auto high = static_cast<int64_t>(next(26)) << 27;
    return static_cast<double>(high + next(27)) * 0x1.0p-53;
  }
  // In [0, bound); the bound is positive.
  int32_t next_int(int32_t bound) {
    int32_t bits = next(31);
    if ((bound & (bound - 1)) == 0) {
      return static_cast<int32_t>(int64_t{bound} * bits >> 31);
    }
    int32_t value = bits % bound;
    while (int64_t{bits} - value + bound - 1 > INT32_MAX) {
      bits = next(31);
      value = bits % bound;
    }
    return value;
  }

 private:
  static constexpr uint64_t kFactor = 0x5deece66dull;
  static constexpr uint64_t kMask = (uint64_t{1} << 48) - 1;

  int32_t next(int bits) {
    state_ = (state_ * kFactor + 0xb) & kMask;
    return static_cast<int32_t>(static_cast<uint32_t>(state_ >> (48 - bits)));
  }

  uint64_t state_;
};

int64_t any_seed() {
  std::random_device device;
  return static_cast<int64_t>(uint64_t{device()} << 32 | device());
}

struct RandomState : KernelState {
  JavaRandom random{any_seed()};
  std::mt19937_64 bits{static_cast<uint64_t>(any_seed())};
  bool is_seeded = false;
};

Result<std::unique_ptr<KernelState>> prepare(const plan::Value*, const DataType&,
                                             std::span<const DataType>) {
  return std::unique_ptr<KernelState>(std::make_unique<RandomState>());
}

// The generator of a row, where `seed` is its argument, or null.
JavaRandom& random_of(RandomState& state, const Column* seed, uint32_t row) {
  if (seed == nullptr) return state.random;
  if (!seed->constant || !state.is_seeded) {
    state.random = JavaRandom(seed->data<int32_t>()[seed->at(row)]);
    state.is_seeded = true;
  }
  return state.random;
}

Status rand(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  auto& state = static_cast<RandomState&>(*context.state);
  const Column* seed = args.empty() ? nullptr : args[0];
  for_each_row(selection, [&](uint32_t row) {
    out.data<double>()[row] = random_of(state, seed, row).next_double();
  });
  return Status::ok();
}

// RAND_INTEGER([seed,] bound).
Status rand_integer(KernelContext& context, Arguments args, const Selection& selection,
                    Column& out) {
  auto& state = static_cast<RandomState&>(*context.state);
  const Column* seed = args.size() < 2 ? nullptr : args[0];
  const Column& bounds = *args.back();
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const int32_t bound = bounds.data<int32_t>()[bounds.at(row)];
    if (bound <= 0) return false;
    out.data<int32_t>()[row] = random_of(state, seed, row).next_int(bound);
    return true;
  });
  if (failing < 0) return Status::ok();
  return Status::error("MR3006", "RAND_INTEGER: bound must be positive", failing);
}

// Version 4: 122 random bits.
Status uuid(KernelContext& context, Arguments, const Selection& selection, Column& out) {
  auto& state = static_cast<RandomState&>(*context.state);
  constexpr char kHex[] = "0123456789abcdef";
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const uint64_t words[2] = {(state.bits() & ~uint64_t{0xf000}) | 0x4000,
                               (state.bits() & ~(uint64_t{3} << 62)) | uint64_t{2} << 62};
    char text[36];
    size_t at = 0;
    for (int digit = 0; digit < 32; ++digit) {
      if (digit == 8 || digit == 12 || digit == 16 || digit == 20) text[at++] = '-';
      text[at++] = kHex[words[digit / 16] >> (60 - 4 * (digit % 16)) & 15];
    }
    return output.copy(row, {text, at});
  });
}

constexpr Kernel kKernels[] = {
    {"rand", rand, prepare, true, false, true},
    {"rand_integer", rand_integer, prepare, true, false, true},
    {"uuid", uuid, prepare, true, false, true},
};

}  // namespace

std::span<const Kernel> random_kernels() { return kKernels; }

}  // namespace millrace
