// Means over all pixels: kLanes channels are summed up at once, pixel by pixel, as the reference does.
//
// Words of W: those of Rescale and load_codes(codes); of floats Sums, kLanes, load_some, store_some.
#pragma once
#include "base/fixed_point.h"
#include "kernels/vectors/rescale.h"
#include "ops/kernel_call.h"

namespace dimple::kernels::vectors {

template <class W>
DIMPLE_INLINE void global_average_pool_s8(const ops::Call& call) {
  const ops::Tensor& in = call.in[0];
  const int32_t pixels = in.height * in.width, channels = in.channels;
  const auto* codes = static_cast<const int8_t*>(in.data);
  auto* to = static_cast<int8_t*>(call.out.data);
  for (int32_t c = 0; c < channels; c += W::kLanes) {
    const int32_t count = min_of(W::kLanes, channels - c);
    int32_t sums[W::kLanes]{};
    if (count == W::kLanes) {
      typename W::Sums sum = typename W::Sums{} - pixels * in.zero_point;
      for (int32_t i = 0; i < pixels; ++i) sum += W::load_codes(codes + i * channels + c);
      store(sums, sum);
    } else {
      for (int32_t lane = 0; lane < count; ++lane) {
        sums[lane] = -pixels * in.zero_point;
        for (int32_t i = 0; i < pixels; ++i) sums[lane] += codes[i * channels + c + lane];
      }
    }
    for (int32_t lane = 0; lane < count; ++lane)
      to[c + lane] = to_s8(scale_rounded(sums[lane], call.multiplier[0], call.shift[0]) + call.out.zero_point,
                           call.clamp_low, call.clamp_high);
  }
}

template <class W>
DIMPLE_INLINE void global_average_pool_f32(const ops::Call& call) {
  const ops::Tensor& in = call.in[0];
  const int32_t pixels = in.height * in.width, channels = in.channels;
  const auto* values = static_cast<const float*>(in.data);
  auto* to = static_cast<float*>(call.out.data);
  for (int32_t c = 0; c < channels; c += W::kLanes) {
    const int32_t count = min_of(W::kLanes, channels - c);
    typename W::Sums sum{};
    for (int32_t i = 0; i < pixels; ++i) sum += W::load_some(values + i * channels + c, count);
    W::store_some(to + c, sum / static_cast<float>(pixels), count);
  }
}

}  // namespace dimple::kernels::vectors
