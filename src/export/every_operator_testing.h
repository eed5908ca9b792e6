// A net with every operator that other formats have, for tests of what is written there.
#pragma once
#include "compile/pipeline.h"
#include "compile/quantise.h"
#include "export/sample_programs_testing.h"
#include "ir/builder.h"
#include "ir/initialise.h"

namespace dimple::exports {

inline ir::Graph every_operator() {
  ir::Builder g("every", {20, 20, 3});
  auto x = g.relu6(g.conv(g.input(), 8, {.kernel = 3, .stride = 2, .name = "stem"}));
  x = g.add(x, g.relu(g.depthwise(x, {.name = "deep"})));
  x = g.max_pool(x, {.kernel = 3, .stride = 2, .pad = 1});
  x = g.concat({x, g.average_pool(x, {.kernel = 3, .stride = 1, .pad = 1}), g.swish(x)});
  x = g.multiply(g.hard_swish(x), g.hard_sigmoid(g.conv(g.global_average_pool(x), 24, {.kernel = 1, .name = "gate"})));
  x = g.multiply(x, g.sigmoid(g.global_max_pool(x)));
  x = g.relu(g.append(ops::Pad{1, 0, 0, 1}, {x}, "pad"));
  x = g.hard_swish(g.dense(g.flatten(x), 5, "hidden"));
  ir::Graph graph = g.finish(g.dense(x, 3, "scores"));
  ir::initialise(graph, 4);
  return graph;
}

inline ir::Graph every_operator_float() { return compile::optimise(every_operator()); }

inline ir::Graph every_operator_integer() {
  const ir::Graph graph = every_operator();
  const std::vector<int8_t> codes = sample_codes(graph, 4);
  return compile::quantise(graph, {codes, 1.0f / 128});
}

// The same with weights of one, four and five bits.
inline ir::Graph few_bits() {
  ir::Graph graph = every_operator();
  use_signs(graph, "gate");
  use_codes(graph, "stem", DType::c4, 2);
  use_codes(graph, "hidden", DType::c5, 1);
  return graph;
}
inline ir::Graph few_bits_integer() {
  const ir::Graph graph = few_bits();
  const std::vector<int8_t> codes = sample_codes(graph, 4);
  return compile::quantise(graph, {codes, 1.0f / 128});
}

}  // namespace dimple::exports
