// What the host knows of an operator beyond its shape rule: its parameters by name, its cost. One overload per
// operator, in the operator's own folder (<op>_semantics.cc); a missing one does not link.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ir/graph.h"

namespace dimple::ir {

enum class Init { zeros, fan_in, batch_norm, quarter };

struct ParameterSpec {
  std::string_view role;  // "weight" or "bias"
  std::vector<int64_t> dims;
  Init init = Init::zeros;
  int64_t fan_in = 0;
  int64_t trainable = 0;  // elements that an optimiser moves; batch-norm statistics are not among them
};
using ParameterSpecs = std::vector<ParameterSpec>;

}  // namespace dimple::ir

namespace dimple::ops {

#define DIMPLE_X(Type, name)                                                      \
  ir::ParameterSpecs parameter_specs(const Type&, std::span<const Shape> inputs); \
  int64_t multiply_adds(const Type&, std::span<const Shape> inputs, const Shape& output);
DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X

}  // namespace dimple::ops

namespace dimple::ir {

ParameterSpecs parameter_specs(const Op&, std::span<const Shape> inputs);
int64_t multiply_adds(const Op&, std::span<const Shape> inputs, const Shape& output);
int input_count(const Op&);

// The output shape; throws host::Error(Exit::model) when the operator cannot take these inputs.
Shape infer_shape(const Op&, std::span<const Shape> inputs, std::string_view node_name);

std::vector<Shape> input_shapes(const Graph&, const Node&);

}  // namespace dimple::ir
