// Runs the tests of the files whose names end in one of the arguments; all without arguments.
#include "check.h"

namespace millrace::test {

static int failures = 0;

std::vector<TestCase>& cases() {
  static std::vector<TestCase> list;
  return list;
}

void fail(std::string_view file, int line, const std::string& what) {
  ++failures;
  std::cout << "    " << file << ":" << line << ": " << what << "\n";
}

static bool is_wanted(const TestCase& test, int count, char** names) {
  if (count < 2) return true;
  for (int i = 1; i < count; ++i) {
    if (test.file.ends_with("/" + std::string(names[i]))) return true;
  }
  return false;
}

static int run(int count, char** names) {
  int ran = 0;
  for (const TestCase& test : cases()) {
    if (!is_wanted(test, count, names)) continue;
    const int before = failures;
    test.body();
    std::cout << (failures == before ? "ok    " : "FAILED ") << test.name << std::endl;
    ++ran;
  }
  std::cout << ran << " tests, " << failures << " failures\n";
  return failures == 0 && ran > 0 ? 0 : 1;
}

}  // namespace millrace::test

int main(int count, char** names) { return millrace::test::run(count, names); }
