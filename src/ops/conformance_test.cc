// What every kernel of the list owes, whatever it computes: the reference's answer and the promises that the planner
// and the executor rely on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <set>
#include <thread>

#include "base/memory.h"
#include "format/program.h"
#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

constexpr uint32_t kSeed = 20240611;

// Cases of each operator in each form: DIMPLE_KERNEL_ROUNDS asks for more.
uint32_t rounds() {
  const char* more = std::getenv("DIMPLE_KERNEL_ROUNDS");
  return more != nullptr ? static_cast<uint32_t>(std::strtoul(more, nullptr, 10)) : 40;
}

// Calls f(case) with random cases of every operator in every form that it has; a failure names seed and kernel.
template <class F>
void for_random_cases(F f) {
  for (size_t form = 0; form < std::size(kForms<Conv2d>); ++form) {
#define DIMPLE_X(Type, name)                                                                                      \
  if (const Types types = kForms<Type>[form]; kernels::reference(OpCode::name, types)) {                          \
    for (uint32_t seed = kSeed; seed < kSeed + rounds(); ++seed) {                                                \
      SCOPED_TRACE(std::string(#name) + " " + dimple::name_of(types.in) + " x " + dimple::name_of(types.weight) + \
                   ", seed " + std::to_string(seed));                                                             \
      Random random(seed);                                                                                        \
      f(random_case<Type>(OpCode::name, types, random));                                                          \
      if (::testing::Test::HasFailure()) return;                                                                  \
    }                                                                                                             \
  }
    DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
  }
}

// Calls f(kernel) for each kernel that can run here and takes the case.
template <class F>
void for_kernels(const KernelCase& k, F f) {
  for (const kernels::KernelInfo* kernel : kernels_for(k)) {
    SCOPED_TRACE(kernel->name);
    f(*kernel);
  }
}

void expect_same(const KernelCase& k, const std::vector<uint8_t>& expected, const std::vector<uint8_t>& got) {
  if (k.out.dtype != DType::f32) {
    EXPECT_EQ(expected, got);
    return;
  }
  const std::vector<float> wanted = from_bytes<float>(expected), found = from_bytes<float>(got),
                           allowed = tolerances(k, wanted);
  ASSERT_EQ(wanted.size(), found.size());
  for (size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(wanted[i], found[i], allowed[i]) << "output " << i;
}

TEST(Kernels, EveryVariantGivesTheReferenceAnswer) {
  for_random_cases([](const KernelCase& k) {
    const std::vector<uint8_t> expected = run(k, reference_of(k));
    for_kernels(k, [&](const kernels::KernelInfo& kernel) { expect_same(k, expected, run(k, kernel)); });
  });
}

TEST(Kernels, GiveTheSameBitsTwice) {
  for_random_cases([](const KernelCase& k) {
    for_kernels(k, [&](const kernels::KernelInfo& kernel) { EXPECT_EQ(run(k, kernel), run(k, kernel)); });
  });
}

TEST(Kernels, TwoThreadsOnHalvesGiveTheBitsOfOne) {
  for_random_cases([](const KernelCase& k) {
    const int32_t rows = k.out.shape.height;
    if (rows < 2) return;
    for_kernels(k, [&](const kernels::KernelInfo& kernel) {
      std::vector<std::vector<uint8_t>> in = k.input_bytes();
      std::vector<uint8_t> to(k.out.size_bytes());
      const DimpleCall call = k.call(in, to.data());
      std::thread other([&] { run_call(k, kernel, call, {0, rows / 2}); });
      run_call(k, kernel, call, {rows / 2, rows});
      other.join();
      EXPECT_EQ(to, run(k, kernel));
    });
  });
}

TEST(Kernels, WriteTheRowsTheyAreGivenAndNoOthers) {
  for_random_cases([](const KernelCase& k) {
    if (k.out.shape.height < 3) return;
    const auto row = static_cast<std::ptrdiff_t>(k.out.size_bytes()) / k.out.shape.height;
    for_kernels(k, [&](const kernels::KernelInfo& kernel) {
      std::vector<uint8_t> expected = run(k, kernel);
      std::fill(expected.begin(), expected.begin() + row, kMark);
      std::fill(expected.begin() + 2 * row, expected.end(), kMark);
      EXPECT_EQ(run(k, kernel, Range{1, 2}), expected);
    });
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
    const std::vector<uint8_t> expected = run(k, reference_of(k));
    for_kernels(k, [&](const kernels::KernelInfo& kernel) {
      for (int input = 0; input < k.inputs; ++input) {
        if (k.in[input].shape.elements() < k.out.shape.elements()) continue;
        std::vector<std::vector<uint8_t>> in = k.input_bytes();
        std::vector<uint8_t>& shared = in[static_cast<size_t>(input)];
        const DimpleCall call = k.call(in, shared.data());
        run_call(k, kernel, call, all_rows(call.out));
        shared.resize(k.out.size_bytes());
        expect_same(k, expected, shared);
      }
    });
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
    const std::vector<uint8_t> expected = run(k, reference_of(k));
    in_front = round_up<size_t>(in_front, format::kAlign);  // as the planner does
    for_kernels(k, [&](const kernels::KernelInfo& kernel) {
      std::vector<uint8_t> memory(max_of(in_front + k.in[0].size_bytes(), k.out.size_bytes()));
      std::memcpy(memory.data() + in_front, k.in[0].bytes.data(), k.in[0].bytes.size());
      std::vector<std::vector<uint8_t>> unused(1);
      DimpleCall call = k.call(unused, memory.data());
      call.in[0].data = memory.data() + in_front;
      run_call(k, kernel, call, all_rows(call.out));
      memory.resize(k.out.size_bytes());
      expect_same(k, expected, memory);
    });
  });
}

TEST(Kernels, AFloatOrAnIntegerOneIsThereWhereTheHeaderSaysSo) {
#define DIMPLE_X(Type, name)                                                                                \
  EXPECT_EQ(kernels::reference(OpCode::name, Types{}) != nullptr, Type::kInteger != IntegerForm::converts); \
  EXPECT_EQ(kernels::reference(OpCode::name, integer_types<Type>()) != nullptr, Type::kInteger != IntegerForm::none);
  DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
}

TEST(Kernels, OnlyThoseThatRescaleHaveScales) {
  for_random_cases([](const KernelCase& k) {
    const IntegerForm form = with_operator(k.op, []<class T>(const T&) { return T::kInteger; });
    EXPECT_EQ(!k.multiplier.empty(), k.types.weight != DType::f32 && form == IntegerForm::scales);
  });
}

TEST(Kernels, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const kernels::KernelInfo& kernel : kernels::all_kernels())
    EXPECT_TRUE(names.insert(kernel.name).second) << kernel.name;
}

// What another machine would run is known here as well: only `run` is missing.
TEST(Kernels, AreListedForEveryInstructionSet) {
  for (const kernels::KernelInfo& kernel : kernels::all_kernels()) {
    EXPECT_NE(kernel.fits, nullptr) << kernel.name;
    EXPECT_NE(kernel.scratch_bytes, nullptr) << kernel.name;
    EXPECT_TRUE(kernel.run != nullptr || kernel.isa != kernels::Isa::portable) << kernel.name;
  }
}

}  // namespace
}  // namespace dimple::ops
