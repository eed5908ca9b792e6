#include "nn/precision.h"

#include <gtest/gtest.h>

#include "host/error.h"
#include "zoo/alexnet.h"
#include "zoo/dimple_nano.h"
#include "zoo/ds48.h"
#include "zoo/embedded3.h"

namespace dimple::nn {
namespace {

TEST(Precision, NetsOfDepthwiseConvolutionsStayInFloatsOnAProcessor) {
  EXPECT_FALSE(use_mixed_precision("auto", torch::kCPU, zoo::make(zoo::Ds48{})));
}

TEST(Precision, AutoFollowsTheProcessorAndTheNet) {
  const char* const kAmx = "avx2 avx512f avx512_bf16 amx_bf16";
  const char* const kAvx512 = "avx2 avx512f avx512_vnni avx512_bf16";
  const ir::Graph alexnet = zoo::make(zoo::AlexNet{}), embedded = zoo::make(zoo::Embedded3{});
  for (const ir::Graph& graph : {alexnet, embedded}) {
    EXPECT_TRUE(is_faster_in_bf16(graph, kAmx));
    EXPECT_FALSE(is_faster_in_bf16(graph, "avx2 avx512f"));
    EXPECT_FALSE(is_faster_in_bf16(graph, ""));
  }
  EXPECT_TRUE(is_faster_in_bf16(alexnet, kAvx512));    // its products are libtorch's
  EXPECT_FALSE(is_faster_in_bf16(embedded, kAvx512));  // whose products are our own loops'
  EXPECT_FALSE(is_faster_in_bf16(zoo::make(zoo::Ds48{}), kAmx));
}

TEST(Precision, WhatIsAskedForByNameIsTaken) {
  for (const ir::Graph& graph : {zoo::make(zoo::Ds48{}), zoo::make(zoo::DimpleNano{})}) {
    EXPECT_TRUE(use_mixed_precision("bf16", torch::kCPU, graph));
    EXPECT_FALSE(use_mixed_precision("f32", torch::kCPU, graph));
  }
  EXPECT_THROW(use_mixed_precision("f16", torch::kCPU, zoo::make(zoo::DimpleNano{})), host::Error);
}

TEST(Precision, EndsWithItsScope) {
  ASSERT_FALSE(in_mixed_precision(torch::kCPU));
  {
    const MixedPrecision on(true, torch::kCPU), off(false, torch::kCPU);
    EXPECT_TRUE(in_mixed_precision(torch::kCPU));
  }
  EXPECT_FALSE(in_mixed_precision(torch::kCPU));
}

}  // namespace
}  // namespace dimple::nn
