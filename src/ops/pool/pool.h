// The mean or the largest value under a window, channel by channel.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

// The mean under a window. Padding is not counted, or (count_include_pad = 1) counts as so many zeros. Integer form:
// the same scale and zero point on both sides, the sum of codes divided once, to nearest, halves upwards
// (divide_rounded).
struct AveragePool {
  static constexpr const char* kName = "average_pool";
  static constexpr uint16_t kNumber = 9;
  static constexpr int kInputs = 1;
  static constexpr IntegerForm kInteger = IntegerForm::same_codes;
  static constexpr ChannelRule kChannels = ChannelRule::apart;
  static constexpr bool kKeepsFactors = true;

  Window window;
  int32_t count_include_pad = 0;

  constexpr bool operator==(const AveragePool&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self& self, F&& f) {
    Window::visit(self.window, f);
    f("count_include_pad", self.count_include_pad);
  }

  constexpr bool shape(const Shape* in, Shape& out) const {
    out.channels = in[0].channels;
    return (count_include_pad == 0 || count_include_pad == 1) && !window.dilated() && window.slide(in[0], out);
  }
  constexpr Identity identity() const { return window == Window{} ? Identity::always : Identity::never; }
  constexpr bool passes_constants() const { return count_include_pad == 0; }
};

// The largest value under a window; padding never wins. Integer form: the same scale and zero point on both sides.
struct MaxPool {
  static constexpr const char* kName = "max_pool";
  static constexpr uint16_t kNumber = 8;
  static constexpr int kInputs = 1;
  static constexpr IntegerForm kInteger = IntegerForm::same_codes;
  static constexpr ChannelRule kChannels = ChannelRule::apart;
  static constexpr bool kSelects = true;
  static constexpr bool kKeepsFactors = true;

  Window window;

  constexpr bool operator==(const MaxPool&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self& self, F&& f) {
    Window::visit(self.window, f);
  }

  constexpr bool shape(const Shape* in, Shape& out) const {
    out.channels = in[0].channels;
    return !window.dilated() && window.slide(in[0], out);
  }
  constexpr Identity identity() const { return window == Window{} ? Identity::always : Identity::never; }
  constexpr bool passes_constants() const { return true; }
};

}  // namespace dimple::ops
