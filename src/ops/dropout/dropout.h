// What is dropped in training. At inference both are the identity and are removed.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

// Zeroes a share of the elements and scales the rest up.
struct Dropout {
  static constexpr const char* kName = "dropout";
  static constexpr uint16_t kNumber = 12;
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;
  static constexpr IntegerForm kInteger = IntegerForm::same_codes;
  static constexpr ChannelRule kChannels = ChannelRule::apart;
  static constexpr Identity kIdentity = Identity::always;
  static constexpr bool kKeepsFactors = true;

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

// "Stochastic depth": zeroes a whole picture's branch with probability `rate` and scales the others up.
struct DropPath {
  static constexpr const char* kName = "drop_path";
  static constexpr uint16_t kNumber = 27;
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;
  static constexpr IntegerForm kInteger = IntegerForm::same_codes;
  static constexpr ChannelRule kChannels = ChannelRule::apart;
  static constexpr Identity kIdentity = Identity::always;
  static constexpr bool kKeepsFactors = true;

  float rate = 0.2f;

  constexpr bool operator==(const DropPath&) const = default;

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
