#include "selftest/kernel_check.h"

#include <gtest/gtest.h>

#include "host/aligned_bytes.h"
#include "kernels/shapes.h"
#include "selftest/kernel_cases_testing.h"

namespace dimple::selftest {
namespace {

using kernels::KernelInfo;

constexpr uint32_t kMemoryBytes = 1 << 20;

KernelCheck check_here(const KernelInfo& kernel, const std::vector<uint8_t>& cases,
                       uint32_t memory_bytes = kMemoryBytes) {
  const host::AlignedBytes input(cases);
  host::AlignedBytes memory(memory_bytes);
  return check_kernel(kernel, {input.data(), input.size()}, {memory.data(), memory.size()});
}

const KernelInfo& reference_sigmoid() { return *kernels::reference(ops::OpCode::sigmoid, kernels::f32_f32_f32); }
const KernelInfo& reference_convolution() { return *kernels::reference(ops::OpCode::conv2d, kernels::s8_s8_s8); }

// The reference, but for one bit of one pixel.
void almost_right(const DimpleCall* call, DimpleRange rows) {
  reference_convolution().run(call, rows);
  if (call->out.width > 3) static_cast<int8_t*>(call->out.data)[3] ^= 1;
}

// The reference of floats, off by a thousandth and a little more.
void almost_right_floats(const DimpleCall* call, DimpleRange rows) {
  reference_sigmoid().run(call, rows);
  static_cast<float*>(call->out.data)[0] += 1.001e-3f;
}

TEST(KernelCheck, FindsNothingAgainstTheKernelsOfThisMachine) {
  const std::vector<uint8_t> cases = random_kernel_cases(1, 40, kernels::isas_here());
  for (const KernelInfo& kernel : kernels::all_kernels()) {
    if (kernel.run == nullptr || !kernels::isas_here().has(kernel.isa)) continue;
    const KernelCheck found = check_here(kernel, cases);
    EXPECT_EQ(found.status, Status::ok) << kernel.name;
    EXPECT_EQ(found.differ, 0u) << kernel.name;
    EXPECT_TRUE(found.cases > 5 || kernel.op != ops::OpCode::conv2d) << kernel.name;
  }
}

TEST(KernelCheck, NoticesOneBit) {
  KernelInfo wrong = reference_convolution();
  wrong.run = almost_right;
  const KernelCheck found = check_here(wrong, random_kernel_cases(1, 40, kernels::isas_here()));
  EXPECT_EQ(found.status, Status::ok);
  EXPECT_GT(found.differ, 0u);
  EXPECT_LT(found.differ, found.cases);  // narrow outputs come out right
}

TEST(KernelCheck, NoticesAFloatBeyondTheBound) {
  CasesWriter cases;
  ops::Random random(1);
  for (int i = 0; i < 10; ++i) cases.add(ops::random_case<ops::Sigmoid>(ops::OpCode::sigmoid, DType::f32, random));
  const std::vector<uint8_t> written = cases.finish();
  EXPECT_EQ(check_here(reference_sigmoid(), written).differ, 0u);
  KernelInfo wrong = reference_sigmoid();
  wrong.run = almost_right_floats;
  const KernelCheck found = check_here(wrong, written);
  EXPECT_EQ(found.cases, 10u);
  EXPECT_EQ(found.differ, 10u);
}

TEST(KernelCheck, SaysWhenMemoryIsShortOrThereAreNoCases) {
  const std::vector<uint8_t> cases = random_kernel_cases(1, 40, kernels::isas_here());
  EXPECT_EQ(check_here(reference_convolution(), cases, 64).status, Status::memory_too_small);
  EXPECT_EQ(check_here(reference_convolution(), {1, 2, 3}).status, Status::truncated);
  EXPECT_EQ(check_here(reference_convolution(), std::vector<uint8_t>(64)).status, Status::bad_magic);
  EXPECT_EQ(check_here(reference_convolution(), {cases.begin(), cases.end() - 16}).status, Status::truncated);
}

}  // namespace
}  // namespace dimple::selftest
