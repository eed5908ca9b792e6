// Batch normalisation over the last axis: y = gamma * (x - mean) / sqrt(variance + epsilon) + beta.
// Weight holds gamma, mean, variance, each [channels]; bias holds beta. Folded away before anything is planned for s8.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct BatchNorm {
  static constexpr const char* kName = "batch_norm";
  static constexpr uint16_t kNumber = 4;
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;
  static constexpr IntegerForm kInteger = IntegerForm::none;
  static constexpr Identity kIdentity = Identity::never;
  static constexpr bool kLinear = false;
  static constexpr Init kInitialWeight = Init::batch_norm;

  float epsilon = 1e-5f;
  float momentum = 0.1f;  // training only: the share of a batch in the gathered mean and variance

  constexpr bool operator==(const BatchNorm&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self& self, F&& f) {
    f("epsilon", self.epsilon);
    f("momentum", self.momentum);
  }

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = in[0];
    return epsilon > 0 && momentum >= 0 && momentum <= 1;
  }
  constexpr Parameters parameters(const Shape* in) const {
    return {.weight = {{Axis::part, 3}, {Axis::out, in[0].channels}}, .bias = in[0].channels};
  }
};

}  // namespace dimple::ops
