#include "host/processor.h"

#include <gtest/gtest.h>

namespace dimple::host {
namespace {

TEST(Processor, FeaturesAreWordsOfTheirOwn) {
  EXPECT_EQ(fast_features("flags\t\t: fpu avx avx2 avx512f avx512_vnni avx512_bf16\nbugs\t\t: none\n"),
            "avx2 avx512f avx512_vnni avx512_bf16");
  EXPECT_EQ(fast_features("flags : avx512_bf16 amx_bf16 amx_tile"), "avx512_bf16 amx_bf16");
  EXPECT_EQ(fast_features("Features\t: fp asimd bf16"), "asimd bf16");
  EXPECT_EQ(fast_features("flags : sse2 avx512_bf16x"), "");
  EXPECT_EQ(fast_features(""), "");
}

}  // namespace
}  // namespace dimple::host
