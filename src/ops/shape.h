// What an operator must know about a tensor to say what comes out: height, width, channels (NHWC, batch outside).
#pragma once
#include "base/platform.h"
#include "ops/call.h"

namespace dimple::ops {

struct Shape {
  int32_t height = 0, width = 0, channels = 0;

  constexpr int64_t elements() const { return int64_t{height} * width * channels; }
  constexpr bool operator==(const Shape&) const = default;
};

// No tensor of ours is larger; with it, element counts and byte offsets fit 32 bits wherever they are multiplied.
inline constexpr int32_t kMaxExtent = 1 << 20;
inline constexpr int64_t kMaxElements = int64_t{1} << 28;

constexpr bool sane(const Shape& s) {
  return s.height > 0 && s.width > 0 && s.channels > 0 && s.height <= kMaxExtent && s.width <= kMaxExtent &&
         s.channels <= kMaxExtent && s.elements() <= kMaxElements;
}

// No operator takes more inputs; longer lists are built of shorter ones.
inline constexpr int kMaxInputs = DIMPLE_MAX_INPUTS;

// A window that slides: shared by convolutions and pools. Dilation is the distance between two of its taps; only
// convolutions allow one beyond 1.
struct Window {
  int32_t kernel_h = 1, kernel_w = 1, stride_h = 1, stride_w = 1;
  int32_t pad_top = 0, pad_left = 0, pad_bottom = 0, pad_right = 0;
  int32_t dilation_h = 1, dilation_w = 1;

  constexpr bool operator==(const Window&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self& self, F&& f) {
    f("kernel_h", self.kernel_h);
    f("kernel_w", self.kernel_w);
    f("stride_h", self.stride_h);
    f("stride_w", self.stride_w);
    f("pad_top", self.pad_top);
    f("pad_left", self.pad_left);
    f("pad_bottom", self.pad_bottom);
    f("pad_right", self.pad_right);
    f("dilation_h", self.dilation_h);
    f("dilation_w", self.dilation_w);
  }

  constexpr bool padded() const { return pad_top != 0 || pad_left != 0 || pad_bottom != 0 || pad_right != 0; }
  constexpr bool dilated() const { return dilation_h != 1 || dilation_w != 1; }

  // From the first tap to the last.
  constexpr int32_t reach_h() const { return (kernel_h - 1) * dilation_h + 1; }
  constexpr int32_t reach_w() const { return (kernel_w - 1) * dilation_w + 1; }

  // False when the window does not fit.
  constexpr bool slide(const Shape& in, Shape& out) const {
    constexpr int32_t kMaxWindow = 1024;
    const int32_t sizes[] = {kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w},
                  pads[] = {pad_top, pad_left, pad_bottom, pad_right};
    for (const int32_t v : sizes)
      if (v < 1 || v > kMaxWindow) return false;
    for (const int32_t v : pads)
      if (v < 0 || v > kMaxWindow) return false;
    // A window that could lie wholly in the padding would average or maximise over nothing. (A dilated one may still
    // have the picture between its taps: its sum is empty.)
    if (pad_top >= reach_h() || pad_bottom >= reach_h() || pad_left >= reach_w() || pad_right >= reach_w())
      return false;
    const int32_t room_h = in.height + pad_top + pad_bottom - reach_h();
    const int32_t room_w = in.width + pad_left + pad_right - reach_w();
    if (room_h < 0 || room_w < 0) return false;
    out.height = room_h / stride_h + 1;
    out.width = room_w / stride_w + 1;
    return true;
  }
};

// Whether bias + sum of `products` terms (code - zero_point) * weight stays below 2^31 for all s8 codes and weights:
// integer kernels add up in 32 bits.
constexpr bool sum_fits(int64_t products, int64_t bias) {
  return products <= 65793 && products * (255 * 128) + (bias < 0 ? -bias : bias) <= INT32_MAX;
}

// A nonlinearity an operator applies as it writes.
enum class Activation : int32_t { none = 0, relu = 1, relu6 = 2 };

constexpr const char* name_of(Activation a) {
  return a == Activation::relu ? "relu" : a == Activation::relu6 ? "relu6" : "none";
}

}  // namespace dimple::ops
