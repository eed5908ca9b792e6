// The largest value under a window; padding never wins. Integer form: the same scale and zero point on both sides.
#pragma once
#include "ops/shape.h"

namespace dimple::ops {

struct MaxPool {
  static constexpr const char* kName = "max_pool";
  static constexpr int kInputs = 1;

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
  constexpr ParameterCounts parameters(const Shape*) const { return {}; }
};

}  // namespace dimple::ops
