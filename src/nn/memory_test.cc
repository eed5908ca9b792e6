#include "nn/memory.h"

#include <gtest/gtest.h>

#include <thread>

#include "nn/torch.h"

namespace dimple::nn {
namespace {

bool is_aligned(const torch::Tensor& t) { return reinterpret_cast<uintptr_t>(t.data_ptr()) % 64 == 0; }

TEST(Memory, WhatIsGivenBackIsHandedOutAgain) {
  keep_memory();
  const void* before = torch::empty({100, 1000}).data_ptr();
  EXPECT_EQ(torch::empty({100, 1000}).data_ptr(), before);
  EXPECT_EQ(torch::empty({100, 999}).data_ptr(), before);  // nearly the same size
}

TEST(Memory, StepsThatAskForTheSameTakeNothingMoreFromTheSystem) {
  keep_memory();
  const auto step = [] {
    std::vector<torch::Tensor> all;
    for (int64_t n = 1; n < 30; ++n) all.push_back(torch::ones({n, 10007}));
  };
  step();
  const KeptMemory before = kept_memory();
  for (int i = 0; i < 20; ++i) step();
  EXPECT_EQ(kept_memory().reserved, before.reserved);
  EXPECT_EQ(kept_memory().handed_out, before.handed_out);
}

TEST(Memory, ZerosAreZeroInABlockThatWasUsedBefore) {
  keep_memory();
  torch::full({64, 1024}, 7.0f);
  EXPECT_EQ(torch::zeros({64, 1024}).abs().max().item<float>(), 0.0f);
}

TEST(Memory, BlocksAreAlignedAndDoNotOverlap) {
  keep_memory();
  std::vector<torch::Tensor> all;
  for (int64_t n : {1, 5000, 12345, 1 << 20, 40 << 20, 3 << 20, 4097})
    all.push_back(torch::full({n}, static_cast<float>(n)));
  for (const torch::Tensor& t : all) {
    EXPECT_TRUE(is_aligned(t));
    EXPECT_EQ(t.min().item<float>(), static_cast<float>(t.numel()));
    EXPECT_EQ(t.max().item<float>(), static_cast<float>(t.numel()));
  }
}

TEST(Memory, OneThreadMayGiveBackWhatAnotherTook) {
  keep_memory();
  const size_t before = kept_memory().handed_out;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([t] {
      torch::Tensor kept;
      for (int64_t i = 0; i < 200; ++i) {
        torch::Tensor other = torch::full({5000 + 977 * (i % 13)}, static_cast<float>(t));
        if (i % 3 == 0) kept = other;
        ASSERT_EQ(kept.sum().item<float>(), static_cast<float>(t) * static_cast<float>(kept.numel()));
      }
      std::thread([last = std::move(kept)]() mutable { last.reset(); }).join();
    });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(kept_memory().handed_out, before);
}

}  // namespace
}  // namespace dimple::nn
