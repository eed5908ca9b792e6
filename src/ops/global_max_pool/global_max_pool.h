// The largest value of every channel. Integer form: the same scale and zero point on both sides.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct GlobalMaxPool : NoAttributes {
  static constexpr const char* kName = "global_max_pool";
  static constexpr int kInputs = 1;
  static constexpr IntegerForm kInteger = IntegerForm::same_codes;
  static constexpr Identity kIdentity = Identity::never;
  static constexpr bool kSelects = true;

  constexpr bool operator==(const GlobalMaxPool&) const = default;

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = {1, 1, in[0].channels};
    return true;
  }
  constexpr bool passes_constants() const { return true; }
};

}  // namespace dimple::ops
