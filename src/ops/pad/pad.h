// Zeros around the picture; a negative side takes rows or columns away instead. Integer form: the zero point; the same
// scale and zero point on both sides.
#pragma once
#include "base/fixed_point.h"
#include "ops/traits.h"

namespace dimple::ops {

struct Pad {
  static constexpr const char* kName = "pad";
  static constexpr uint16_t kNumber = 14;
  static constexpr int kInputs = 1;
  static constexpr IntegerForm kInteger = IntegerForm::same_codes;
  static constexpr ChannelRule kChannels = ChannelRule::apart;
  static constexpr bool kKeepsFactors = true;

  int32_t top = 0, left = 0, bottom = 0, right = 0;

  constexpr bool operator==(const Pad&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self& self, F&& f) {
    f("top", self.top);
    f("left", self.left);
    f("bottom", self.bottom);
    f("right", self.right);
  }

  constexpr bool shape(const Shape* in, Shape& out) const {
    const int32_t sides[] = {top, left, bottom, right};
    for (const int32_t v : sides)
      if (v < -1024 || v > 1024) return false;
    // Some of the picture stays.
    if (in[0].height + min_of<int32_t>(top, 0) + min_of<int32_t>(bottom, 0) < 1) return false;
    if (in[0].width + min_of<int32_t>(left, 0) + min_of<int32_t>(right, 0) < 1) return false;
    out = {in[0].height + top + bottom, in[0].width + left + right, in[0].channels};
    return true;
  }
  constexpr Identity identity() const { return *this == Pad{} ? Identity::always : Identity::never; }
  constexpr RowStep rows() const { return {1, top}; }
  constexpr bool crops() const { return top < 0 || left < 0 || bottom < 0 || right < 0; }
};

}  // namespace dimple::ops
