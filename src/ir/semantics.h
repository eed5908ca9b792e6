// What an operator learns, and what comes out of it.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ir/graph.h"
#include "ir/traits.h"

namespace dimple::ir {

using ops::Init;

struct ParameterSpec {
  std::string_view role;  // "weight" or "bias"
  std::vector<int64_t> dims;
  Init init = Init::zeros;
  int64_t fan_in = 0;
  int64_t trainable = 0;  // elements that an optimiser moves; batch-norm statistics are not among them
};
using ParameterSpecs = std::vector<ParameterSpec>;

ParameterSpecs parameter_specs(const Op&, std::span<const Shape> inputs);

// The output shape; throws host::Error(Exit::model) when the operator cannot take these inputs.
Shape infer_shape(const Op&, std::span<const Shape> inputs, std::string_view node_name);

}  // namespace dimple::ir
