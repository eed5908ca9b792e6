// H x W x C becomes H x W x 1: the mean or the largest channel of every pixel.
#pragma once
#include "ops/fixed_scale.h"
#include "ops/traits.h"

namespace dimple::ops {

// The mean over the channels.
//
// Integer form: one scale, multiplier[0] * 2^-shift[0] = in.scale / (out.scale * channels)  (make_fixed_scale), and
//   out = clamp(scale_rounded(sum of (in - zero_in)) + zero_out)
// At most kMaxExtent channels of 255 stay below 2^31.
struct ChannelMean : NoAttributes {
  static constexpr const char* kName = "channel_mean";
  static constexpr uint16_t kNumber = 24;
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;
  static constexpr IntegerForm kInteger = IntegerForm::scales;
  static constexpr ChannelRule kChannels = ChannelRule::gathered;
  static constexpr Identity kIdentity = Identity::never;

  constexpr bool operator==(const ChannelMean&) const = default;

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = {in[0].height, in[0].width, 1};
    return true;
  }
  constexpr Parameters parameters(const Shape*) const { return {.scales = 1}; }
  template <class Append>
  constexpr void plan_scales(const Shape* in, const RealScales& scales, Append&& append) const {
    append(make_fixed_scale(double{scales.in[0]} / scales.out / in[0].channels));
  }
};

// The largest channel. Integer form: the same scale and zero point on both sides.
struct ChannelMax : NoAttributes {
  static constexpr const char* kName = "channel_max";
  static constexpr uint16_t kNumber = 25;
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;
  static constexpr IntegerForm kInteger = IntegerForm::same_codes;
  static constexpr ChannelRule kChannels = ChannelRule::gathered;
  static constexpr Identity kIdentity = Identity::never;
  static constexpr bool kSelects = true;

  constexpr bool operator==(const ChannelMax&) const = default;

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = {in[0].height, in[0].width, 1};
    return true;
  }
};

}  // namespace dimple::ops
