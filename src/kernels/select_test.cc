#include "kernels/select.h"

#include <gtest/gtest.h>

namespace dimple::kernels {
namespace {

const ops::Conv2d kPointwise{.out_channels = 4},
    kDilated{.out_channels = 4, .window = {.kernel_h = 3, .kernel_w = 3, .dilation_h = 2, .dilation_w = 2}};

const KernelInfo* select_for(IsaSet isas, const ops::Conv2d& op, Layout weights = Layout::plain) {
  ops::Call call{};
  call.attributes = &op;
  return select({ops::OpCode::conv2d, s8_s8_s8, weights, isas}, call);
}

// A host asks this on behalf of a chip, whose kernels it cannot run.
TEST(Select, FindsTheKernelsOfMachinesThatThisOneIsNot) {
  for (const Isa isa : {Isa::avx2, Isa::avx_vnni, Isa::avx512_vnni, Isa::cortex_m_dsp}) {
    const KernelInfo* kernel = select_for(IsaSet().with(isa), kPointwise);
    ASSERT_NE(kernel, nullptr);
    EXPECT_EQ(kernel->isa, isa);
  }
}

TEST(Select, FallsBackToTheReferenceWhereNothingElseFits) {
  const KernelInfo* plain = reference(ops::OpCode::conv2d, s8_s8_s8);
  EXPECT_EQ(select_for({}, kPointwise), plain);
  EXPECT_EQ(select_for(IsaSet().with(Isa::avx2), kDilated), plain);
}

TEST(Select, WeightsThatArePackedAlreadyGoToAKernelThatWantsThemSo) {
  EXPECT_EQ(select_for({}, kPointwise, Layout::out8_in2_s16), nullptr);
  EXPECT_EQ(select_for(IsaSet().with(Isa::cortex_m_dsp), kPointwise, Layout::out8_in2_s16), nullptr);
  EXPECT_EQ(select_for(IsaSet().with(Isa::avx2), kPointwise, Layout::out8_in2_s16)->isa, Isa::avx2);
}

// Those of a Cortex-M4 that have weights in 16 bits stand in front of the others.
TEST(Select, CompactKernelsTakeWeightsAsNarrowAsTheirTypeIs) {
  const IsaSet chip = IsaSet().with(Isa::cortex_m_dsp);
  ops::Call call{};
  call.attributes = &kPointwise;
  const KernelInfo* fast = select({ops::OpCode::conv2d, s8_s8_s8, Layout::plain, chip}, call);
  const KernelInfo* compact = select({ops::OpCode::conv2d, s8_s8_s8, Layout::plain, chip, true}, call);
  EXPECT_EQ(info_of(fast->weights).weight_bytes, 2);
  EXPECT_EQ(info_of(compact->weights).weight_bytes, 1);
  EXPECT_EQ(compact->isa, Isa::cortex_m_dsp);
}

// Some processors have one kind of VNNI, some the other, some both.
TEST(Select, ALevelHoldsWhatTheProcessorHasBelowIt) {
  const IsaSet client = IsaSet().with(Isa::avx2).with(Isa::avx_vnni),
               server = IsaSet().with(Isa::avx2).with(Isa::avx512_vnni), both = client.with(Isa::avx512_vnni);
  EXPECT_EQ(level_of(client), Isa::avx_vnni);
  EXPECT_EQ(level_of(server), Isa::avx512_vnni);
  EXPECT_EQ(level_of(both), Isa::avx512_vnni);
  EXPECT_EQ(up_to(Isa::avx512_vnni, both), both);
  EXPECT_EQ(up_to(Isa::avx512_vnni, server), server);
  EXPECT_EQ(up_to(Isa::avx_vnni, both), client);
  EXPECT_EQ(up_to(Isa::avx2, both), IsaSet().with(Isa::avx2));
  for (const IsaSet& isas : {client, server, both}) EXPECT_EQ(select_for(isas, kPointwise)->isa, level_of(isas));
}

// What can run here was compiled in; of the rest there is no code.
TEST(Select, AKernelHasCodeWhereThisMachineHasItsInstructions) {
  for (const KernelInfo& kernel : all_kernels())
    EXPECT_TRUE(kernel.run != nullptr || !isas_here().has(kernel.isa)) << kernel.name;
#if defined(__x86_64__)
  EXPECT_EQ(select_for(IsaSet().with(Isa::cortex_m_dsp), kPointwise)->run, nullptr);
#endif
}

}  // namespace
}  // namespace dimple::kernels
