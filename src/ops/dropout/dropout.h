// Training only: zeroes a share of the elements and scales the rest up. At inference it is the identity and is removed.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct Dropout {
  static constexpr const char* kName = "dropout";
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;
  static constexpr IntegerForm kInteger = IntegerForm::same_codes;
  static constexpr Identity kIdentity = Identity::always;

  float rate = 0.5f;

  constexpr bool operator==(const Dropout&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self& self, F&& f) {
    f("rate", self.rate);
  }

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = in[0];
    return rate >= 0 && rate < 1;
  }
};

}  // namespace dimple::ops
