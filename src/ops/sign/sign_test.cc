#include "ops/sign/sign.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

TEST(Sign, IsPlusOneFromTheShiftedZeroOn) {
  KernelCase k = make_case(OpCode::sign, DType::f32, Sign{}, {{1, 2, 2}});
  k.in[0].bytes = to_bytes<float>({0, 0.5f, -0.25f, 0.25f});
  k.bias = to_bytes<float>({0, -0.5f});
  EXPECT_THAT(answer<float>(k), testing::ElementsAre(1, 1, -1, -1));
}

TEST(Sign, SetsTheBitOfEveryCodeThatReachesTheThresholdOfItsChannel) {
  KernelCase k = make_case(OpCode::sign, DType::s8, Sign{}, {{1, 256, 64}});
  std::vector<int8_t> codes;
  std::vector<int32_t> thresholds;
  for (int code = -128; code < 128; ++code) codes.insert(codes.end(), 64, static_cast<int8_t>(code));
  for (int32_t c = 0; c < 64; ++c) thresholds.push_back(-128 + 256 * c / 63);  // always, ..., never
  k.in[0].bytes = to_bytes(codes), k.bias = to_bytes(thresholds);
  const std::vector<uint32_t> words = answer<uint32_t>(k);
  for (size_t i = 0; i < codes.size(); ++i)
    EXPECT_EQ(words[i / 32] >> (i % 32) & 1, codes[i] >= thresholds[i % 64] ? 1u : 0u) << i;
}

}  // namespace
}  // namespace dimple::ops
