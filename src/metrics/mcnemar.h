// Two readers of the same rows: is one better, or did it have luck? Only rows that one reads right and the other wrong
// can tell (McNemar).
//
// If both were equally good, each such row would fall to either side like a coin. Below 25 of them p is the exact
// two-sided binomial: it never claims more than it may. From 25 on it is the mid-p form of the same sum, which keeps
// its level in practice and sees smaller differences than the exact test or the chi-square with continuity correction,
// both of which are too cautious.
#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace dimple::metrics {

struct McNemar {
  int64_t only_first = 0, only_second = 0;  // rows that only one of them reads right
  double p = 1;
  bool exact = true;  // false: mid-p

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("only_first_right", self.only_first, "pictures that only the first model reads right");
    f("only_second_right", self.only_second, "pictures that only the second model reads right");
    f("p", self.p, "probability that two equally good models differ as much");
    f("method", std::string(self.exact ? "exact" : "mid-p"), "how p was computed: exact or mid-p");
  }
};

McNemar mcnemar(int64_t only_first, int64_t only_second);

// right_first[i] != 0: the first reader is right about row i.
McNemar mcnemar(std::span<const uint8_t> right_first, std::span<const uint8_t> right_second);

}  // namespace dimple::metrics
