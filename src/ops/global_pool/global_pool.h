// A whole picture becomes one pixel: the mean or the largest value of every channel.
#pragma once
#include "ops/fixed_scale.h"
#include "ops/traits.h"

namespace dimple::ops {

// The mean of every channel.
//
// Integer form: one scale, multiplier[0] * 2^-shift[0] = in.scale / (out.scale * height * width)  (make_fixed_scale),
// and
//   out = clamp(scale_rounded(sum of (in - zero_in)) + zero_out)
// At most kMaxPixels, so that the sum stays below 2^31.
struct GlobalAveragePool : NoAttributes {
  static constexpr const char* kName = "global_average_pool";
  static constexpr uint16_t kNumber = 10;
  static constexpr int kInputs = 1;
  static constexpr int64_t kMaxPixels = int64_t{1} << 23;  // times 255 fits 31 bits
  static constexpr IntegerForm kInteger = IntegerForm::scales;
  static constexpr ChannelRule kChannels = ChannelRule::apart;
  static constexpr Identity kIdentity = Identity::never;
  static constexpr bool kKeepsFactors = true;

  constexpr bool operator==(const GlobalAveragePool&) const = default;

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = {1, 1, in[0].channels};
    return true;
  }
  constexpr bool passes_constants() const { return true; }
  constexpr Parameters parameters(const Shape*) const { return {.scales = 1}; }
  template <class Append>
  constexpr void plan_scales(const Shape* in, const RealScales& scales, Append&& append) const {
    append(make_fixed_scale(double{scales.in[0]} / scales.out / in[0].height / in[0].width));
  }
};

// The largest value of every channel. Integer form: the same scale and zero point on both sides.
struct GlobalMaxPool : NoAttributes {
  static constexpr const char* kName = "global_max_pool";
  static constexpr uint16_t kNumber = 26;
  static constexpr int kInputs = 1;
  static constexpr IntegerForm kInteger = IntegerForm::same_codes;
  static constexpr ChannelRule kChannels = ChannelRule::apart;
  static constexpr Identity kIdentity = Identity::never;
  static constexpr bool kSelects = true;
  static constexpr bool kKeepsFactors = true;

  constexpr bool operator==(const GlobalMaxPool&) const = default;

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = {1, 1, in[0].channels};
    return true;
  }
  constexpr bool passes_constants() const { return true; }
};

}  // namespace dimple::ops
