// A small test runner: TEST("a sentence") { CHECK(...); CHECK_EQUAL(a, b); }
#pragma once

#include <cstdint>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::test {

struct TestCase {
  std::string_view file;
  std::string_view name;
  void (*body)();
};

std::vector<TestCase>& cases();
// Counts a failure of the running test.
void fail(std::string_view file, int line, const std::string& what);

struct Registration {
  Registration(std::string_view file, std::string_view name, void (*body)()) {
    cases().push_back({file, name, body});
  }
};

template <typename A, typename B>
void check_equal(const A& actual, const B& expected, std::string_view file, int line,
                 std::string_view text) {
  if (actual == expected) return;
  fail(file, line, std::string(text) + " differs");
}

// The same numbers in every run.
class Random {
 public:
  explicit Random(uint32_t seed) : state_(seed) {}
  uint32_t next() {
    state_ = state_ * 1664525u + 1013904223u;
    return state_ >> 8;
  }
  uint32_t below(uint32_t end) { return next() % end; }

 private:
  uint32_t state_;
};

}  // namespace millrace::test

#define MR_TEST_JOIN_(a, b) a##b
#define MR_TEST_JOIN(a, b) MR_TEST_JOIN_(a, b)
#define TEST(name)                                                               \
  static void MR_TEST_JOIN(test_body_, __LINE__)();                              \
  static const ::millrace::test::Registration MR_TEST_JOIN(test_entry_, __LINE__)( \
      __FILE__, name, MR_TEST_JOIN(test_body_, __LINE__));                       \
  static void MR_TEST_JOIN(test_body_, __LINE__)()
#define CHECK(condition)                                                   \
  do {                                                                     \
    if (!(condition)) ::millrace::test::fail(__FILE__, __LINE__, #condition); \
  } while (false)
#define CHECK_EQUAL(actual, expected) \
  ::millrace::test::check_equal(actual, expected, __FILE__, __LINE__, #actual)
