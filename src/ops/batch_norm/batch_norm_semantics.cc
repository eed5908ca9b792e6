#include "ir/semantics.h"

namespace dimple::ops {

// gamma and beta are learned; mean and variance are gathered.
ir::ParameterSpecs parameter_specs(const BatchNorm&, std::span<const Shape> in) {
  const int64_t channels = in[0].channels;
  return {{"weight", {3, channels}, ir::Init::batch_norm, 0, channels},
          {"bias", {channels}, ir::Init::zeros, 0, channels}};
}

// One multiply and one add per element, which folding takes away; counted as none, as the field does.
int64_t multiply_adds(const BatchNorm&, std::span<const Shape>, const Shape&) { return 0; }

}  // namespace dimple::ops
