// Runs fuzz targets: a seeded loop over damaged seeds.
//
//     millrace_fuzz [--target NAME] [--seconds N | --runs N] [--seed N]
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>

#include "../check.h"
#include "target.h"

namespace millrace::fuzz {
namespace {

constexpr unsigned kSecondsPerInput = 60;

const Target* find(std::string_view name) {
  for (const Target& target : targets()) {
    if (target.name == name) return &target;
  }
  return nullptr;
}

// Numbers that lengths, counts and offsets break at.
constexpr uint32_t kEdges[] = {0,          1,          0x7f,       0x80,      0xff,
                               0xffff,     0x7fffffff, 0x80000000, 0xffffffff};

void damage(std::string& input, test::Random& random, const std::vector<std::string>& seeds) {
  const auto place = [&] { return random.below(static_cast<uint32_t>(input.size())); };
  if (input.empty()) input.push_back('\0');
  switch (random.below(8)) {
    case 0: input[place()] = static_cast<char>(random.next()); break;
    case 1: input[place()] ^= static_cast<char>(1u << random.below(8)); break;
    case 2: input.resize(place()); break;
    case 3: input.erase(place(), 1 + random.below(8)); break;
    case 4: input.insert(place(), 1 + random.below(8), static_cast<char>(random.next())); break;
    case 5: {  // a part of another seed
      const std::string& other = seeds[random.below(static_cast<uint32_t>(seeds.size()))];
      if (other.empty()) break;
      const uint32_t from = random.below(static_cast<uint32_t>(other.size()));
      input.insert(place(), other, from, 1 + random.below(64));
      break;
    }
    case 6: {
      const uint32_t edge = kEdges[random.below(std::size(kEdges))];
      const uint32_t at = place();
      std::memcpy(input.data() + at, &edge, std::min<size_t>(4, input.size() - at));
      break;
    }
    default: {  // a part of itself again
      const uint32_t from = place();
      input.insert(place(), std::string(input, from, 1 + random.below(32)));
    }
  }
}

// The input at hand, kept for the report of a crash.
std::string current;

void save_current() {
  const std::string path = "crash-" + std::to_string(::getpid());
  std::ofstream(path, std::ios::binary) << current;
  std::cerr << "input written to " << path << "\n";
}

extern "C" void __sanitizer_set_death_callback(void (*)(void)) __attribute__((weak));

void too_slow(int) {
  save_current();
  constexpr char kText[] = "an input takes too long\n";
  if (::write(STDERR_FILENO, kText, sizeof(kText) - 1) < 0) std::_Exit(2);
  std::_Exit(1);
}

struct Limits {
  uint64_t runs = 2'000;
  uint64_t seconds = 0;  // 0 = by runs
  uint32_t seed = 1;
};

void run(const Target& target, const Limits& limits) {
  const std::vector<std::string> seeds = target.seeds();
  test::Random random(limits.seed);
  const auto started = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() -
                                                            started).count();
  };
  uint64_t runs = 0;
  for (; limits.seconds > 0 ? elapsed() < static_cast<int64_t>(limits.seconds)
                            : runs < limits.runs; ++runs) {
    current = seeds[runs % seeds.size()];
    const uint32_t changes = runs < seeds.size() ? 0 : 1 + random.below(4);
    for (uint32_t change = 0; change < changes; ++change) damage(current, random, seeds);
    ::alarm(kSecondsPerInput);
    target.run(Bytes(reinterpret_cast<const uint8_t*>(current.data()), current.size()));
  }
  ::alarm(0);
  std::cout << "ok    " << target.name << ": " << runs << " inputs, " << elapsed() << " s"
            << std::endl;
}

int run_all(int count, char** arguments) {
  Limits limits;
  std::string_view wanted;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view option = arguments[i];
    if (option == "--target") wanted = arguments[i + 1];
    if (option == "--seconds") limits.seconds = std::strtoull(arguments[i + 1], nullptr, 10);
    if (option == "--runs") limits.runs = std::strtoull(arguments[i + 1], nullptr, 10);
    if (option == "--seed") {
      limits.seed = static_cast<uint32_t>(std::strtoul(arguments[i + 1], nullptr, 10));
    }
  }
  if (!wanted.empty() && find(wanted) == nullptr) {
    std::cerr << "no such target: " << wanted << "\n";
    return 1;
  }
  std::signal(SIGALRM, too_slow);
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(save_current);
  for (const Target& target : targets()) {
    if (wanted.empty() || target.name == wanted) run(target, limits);
  }
  return 0;
}

}  // namespace
}  // namespace millrace::fuzz

int main(int count, char** arguments) { return millrace::fuzz::run_all(count, arguments); }
