#include "kernels/vectors/average_pool.h"

#include <gtest/gtest.h>

namespace dimple::kernels::vectors {
namespace {

struct NoWords {};

TEST(CodeMean, OfEverySumIsTheQuotientRounded) {
  for (int32_t n = 1; n <= kMostTaps; ++n) {
    const CodeMean<NoWords> mean(n);
    EXPECT_LT(mean.multiplier, 1 << 16);
    for (int32_t sum = -128 * n; sum <= 127 * n; ++sum)
      ASSERT_EQ(mean.of(sum), divide_rounded(sum, n)) << sum << " / " << n;
  }
}

}  // namespace
}  // namespace dimple::kernels::vectors
