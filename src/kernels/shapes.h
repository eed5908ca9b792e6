// Words for the lists of kernels: which calls a kernel takes, and what it asks for.
#pragma once
#include "base/memory.h"
#include "ops/conv2d/conv2d.h"
#include "ops/kernel_call.h"

namespace dimple::kernels {

constexpr bool every_call(const ops::Call&) { return true; }
// A convolution that looks at one pixel at a time: a product of matrices.
inline bool is_pointwise(const ops::Call& call) {
  return ops::attributes_of<ops::Conv2d>(call).window == ops::Window{};
}

constexpr uint32_t no_scratch(const ops::Call&) { return 0; }
// The codes of four pixels in 16 bits, filled up to whole groups of four.
constexpr uint32_t four_pixels_in_16_bits(const ops::Call& call) {
  return 4 * 2 * round_up<uint32_t>(static_cast<uint32_t>(call.in[0].channels), 4);
}

}  // namespace dimple::kernels
