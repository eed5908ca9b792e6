// What every kernel of the list owes, whatever it computes: the reference's answer and the promises that the planner
// and the executor rely on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

constexpr uint32_t kSeed = 20240611;
constexpr int kRounds = 40;

// Calls f(case) with random cases of every operator and dtype that has kernels; a failure names seed and kernel.
template <class F>
void for_random_cases(F f) {
  for (const DType dtype : {DType::f32, DType::s8}) {
#define DIMPLE_X(Type, name)                                                                              \
  if (!runtime::kernels_of(OpCode::name, dtype).empty()) {                                                \
    for (uint32_t seed = kSeed; seed < kSeed + kRounds; ++seed) {                                         \
      SCOPED_TRACE(std::string(#name) + " " + dimple::name_of(dtype) + ", seed " + std::to_string(seed)); \
      Random random(seed);                                                                                \
      f(random_case<Type>(OpCode::name, dtype, random));                                                  \
      if (::testing::Test::HasFailure()) return;                                                          \
    }                                                                                                     \
  }
    DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
  }
}

// Float variants may add up in another order; they say so by standing within this of the reference, relative to 1.
void expect_same(const KernelCase& k, const std::vector<uint8_t>& expected, const std::vector<uint8_t>& got) {
  if (k.out.dtype == DType::s8)
    EXPECT_EQ(expected, got);
  else
    EXPECT_THAT(from_bytes<float>(got), testing::Pointwise(testing::FloatNear(1e-3f), from_bytes<float>(expected)));
}

TEST(Kernels, EveryVariantGivesTheReferenceAnswer) {
  for_random_cases([](const KernelCase& k) {
    const std::vector<uint8_t> expected = run(k, runtime::find_reference_kernel(k.op, k.dtype));
    for (const runtime::KernelEntry& variant : runtime::kernels_of(k.op, k.dtype)) {
      SCOPED_TRACE(variant.name);
      expect_same(k, expected, run(k, variant.run));
    }
  });
}

TEST(Kernels, GiveTheSameBitsTwice) {
  for_random_cases([](const KernelCase& k) {
    for (const runtime::KernelEntry& variant : runtime::kernels_of(k.op, k.dtype))
      EXPECT_EQ(run(k, variant.run), run(k, variant.run)) << variant.name;
  });
}

bool works_in_place(OpCode code) {
  return with_operator(code, []<class T>(const T&) {
    return requires { T::kInPlace; };
  });
}

// On every input that is no smaller than the output.
TEST(Kernels, ElementwiseOnesWorkInPlace) {
  for_random_cases([](const KernelCase& k) {
    if (!works_in_place(k.op)) return;
    const std::vector<uint8_t> expected = run(k, runtime::find_reference_kernel(k.op, k.dtype));
    for (const runtime::KernelEntry& variant : runtime::kernels_of(k.op, k.dtype)) {
      for (int input = 0; input < k.inputs; ++input) {
        if (k.in[input].shape.elements() < k.out.shape.elements()) continue;
        std::vector<std::vector<uint8_t>> in = k.input_bytes();
        std::vector<uint8_t>& shared = in[static_cast<size_t>(input)];
        const DimpleCall call = k.call(in, shared.data());
        variant.run(&call);
        shared.resize(k.out.size_bytes());
        expect_same(k, expected, shared);
      }
    }
  });
}

// First input row that the rows from `row` on still read, or -1 when the operator makes no promise.
int32_t first_row_read(const KernelCase& k, int32_t row) {
  return with_operator(k.op, [&]<class T>(const T&) {
    if constexpr (reads_rows_in_order<T>()) {
      const RowStep step = row_step(format::load_attributes<T>(k.attributes.data()));
      return max_of(0, row * step.stride - step.pad);
    } else {
      return -1;
    }
  });
}

// The planner lets an output begin so far in front of its input that each row it writes ends before the first input row
// that is still to be read.
TEST(Kernels, MayWriteOverInputRowsThatAreReadAlready) {
  for_random_cases([](const KernelCase& k) {
    if (first_row_read(k, 0) < 0) return;
    const size_t in_row = k.in[0].size_bytes() / static_cast<size_t>(k.in[0].shape.height);
    const size_t out_row = k.out.size_bytes() / static_cast<size_t>(k.out.shape.height);
    size_t in_front = 0;
    for (int32_t row = 0; row < k.out.shape.height; ++row) {
      const size_t free_bytes = static_cast<size_t>(first_row_read(k, row)) * in_row;
      const size_t end = static_cast<size_t>(row + 1) * out_row;
      if (end > free_bytes) in_front = max_of(in_front, end - free_bytes);
    }
    const std::vector<uint8_t> expected = run(k, runtime::find_reference_kernel(k.op, k.dtype));
    for (const runtime::KernelEntry& variant : runtime::kernels_of(k.op, k.dtype)) {
      SCOPED_TRACE(variant.name);
      std::vector<uint8_t> memory(max_of(in_front + k.in[0].size_bytes(), k.out.size_bytes()));
      std::memcpy(memory.data() + in_front, k.in[0].bytes.data(), k.in[0].bytes.size());
      std::vector<std::vector<uint8_t>> unused(1);
      DimpleCall call = k.call(unused, memory.data());
      call.in[0].data = memory.data() + in_front;
      variant.run(&call);
      memory.resize(k.out.size_bytes());
      expect_same(k, expected, memory);
    }
  });
}

TEST(Kernels, EveryOperatorHasAFloatOrAnIntegerOne) {
  for (int op = 0; op < kOpCount; ++op) {
    const auto code = static_cast<OpCode>(op);
    EXPECT_TRUE(runtime::find_kernel(code, DType::f32) || runtime::find_kernel(code, DType::s8)) << op;
  }
}

TEST(Kernels, AnIntegerOneIsThereWhereTheHeaderSaysSo) {
  for (int op = 0; op < kOpCount; ++op) {
    const auto code = static_cast<OpCode>(op);
    const IntegerForm form = with_operator(code, []<class T>(const T&) { return T::kInteger; });
    EXPECT_EQ(runtime::kernels_of(code, DType::s8).empty(), form == IntegerForm::none) << op;
  }
}

TEST(Kernels, OnlyThoseThatRescaleHaveScales) {
  for_random_cases([](const KernelCase& k) {
    const IntegerForm form = with_operator(k.op, []<class T>(const T&) { return T::kInteger; });
    EXPECT_EQ(!k.multiplier.empty(), k.dtype == DType::s8 && form == IntegerForm::scales);
  });
}

TEST(Kernels, EachIsListedOnceAndNextToItsKin) {
  const auto all = runtime::all_kernels();
  size_t found = 0;
  for (int op = 0; op < kOpCount; ++op)
    for (const DType dtype : {DType::f32, DType::s8}) {
      const auto variants = runtime::kernels_of(static_cast<OpCode>(op), dtype);
      found += variants.size();
      if (!variants.empty()) {
        EXPECT_STREQ(variants[0].variant, "ref");
      }
    }
  EXPECT_EQ(found, all.size());
}

}  // namespace
}  // namespace dimple::ops
