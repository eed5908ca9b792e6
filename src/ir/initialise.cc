#include "ir/initialise.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "ir/semantics.h"

namespace dimple::ir {
namespace {

// Twelve uniforms summed: near enough to a normal for weights, and, unlike std::normal_distribution, the same bits
// with every standard library.
float normal(std::mt19937_64& random) {
  double sum = 0;
  for (int i = 0; i < 12; ++i) sum += static_cast<double>(random() >> 11) * 0x1.0p-53;
  return static_cast<float>(sum - 6.0);
}

void fill(Tensor& t, const ParameterSpec& spec, std::mt19937_64& random) {
  const auto values = t.as<float>();
  if (spec.init == Init::fan_in) {
    const float deviation = std::sqrt(2.0f / static_cast<float>(spec.fan_in));
    for (float& v : values) v = deviation * normal(random);
  } else if (spec.init == Init::batch_norm) {  // gamma, mean, variance
    const size_t channels = values.size() / 3;
    for (size_t i = 0; i < values.size(); ++i) values[i] = i / channels == 1 ? 0.0f : 1.0f;
  } else {
    std::fill(values.begin(), values.end(), spec.init == Init::quarter ? 0.25f : 0.0f);
  }
}

}  // namespace

void initialise(Graph& graph, uint64_t seed) {
  std::mt19937_64 random(seed);
  for (const Node& node : graph.nodes)
    for (const ParameterSpec& spec : parameter_specs(node.op, input_shapes(graph, node))) {
      const auto [it, added] = graph.constants.try_emplace(node.name + "." + std::string(spec.role));
      if (!added) continue;
      it->second = make_tensor(DType::f32, spec.dims);
      fill(it->second, spec, random);
    }
}

}  // namespace dimple::ir
