// The largest value under a window; padding never wins. Integer form: the same scale and zero point on both sides.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct MaxPool {
  static constexpr const char* kName = "max_pool";
  static constexpr int kInputs = 1;
  static constexpr IntegerForm kInteger = IntegerForm::same_codes;
  static constexpr bool kSelects = true;

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
