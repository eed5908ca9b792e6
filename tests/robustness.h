// What a test of robustness has tried, in numbers: a line of its output, the properties `what` and `tried` that
// tests/robustness.py adds up, and a row (class,tried,wrong) of the csv that DIMPLE_ROBUSTNESS_OUT names.
#pragma once
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace dimple::tests {

// How many expectations of the running test have failed so far.
inline int failures_so_far() {
  const testing::TestResult& result = *testing::UnitTest::GetInstance()->current_test_info()->result();
  int failures = 0;
  for (int part = 0; part < result.total_part_count(); ++part) failures += result.GetTestPartResult(part).failed();
  return failures;
}

class Tally {
 public:
  explicit Tally(std::string name) : name_(std::move(name)) {}  // without commas

  // One try; whatever expectation fails in it makes it a wrong one.
  template <class Try>
  void add(Try&& one) {
    const int before = failures_so_far();
    one();
    ++tried_, wrong_ += failures_so_far() > before;
  }

  // `calls`: of how many there were; 0: the question means nothing.
  void record(long calls = 0) const {
    printf("%s: %ld tried", name_.c_str(), tried_);
    if (calls > 0) printf(" of %ld", calls);
    printf(", %ld wrong\n", wrong_);
    const char* out = std::getenv("DIMPLE_ROBUSTNESS_OUT");
    if (out == nullptr) return;
    const bool is_new = !std::filesystem::exists(out);
    std::ofstream(out, std::ios::app) << (is_new ? "class,tried,wrong\n" : "") << name_ << ',' << tried_ << ','
                                      << wrong_ << '\n';
  }

 private:
  std::string name_;
  long tried_ = 0, wrong_ = 0;
};

}  // namespace dimple::tests
