// Small random networks for tests: strides, pads, pools, dilation, residual additions, batch norms, every activation,
// attention over channels and over pixels, branches side by side.
#pragma once
#include <random>

#include "ir/builder.h"
#include "ir/initialise.h"

namespace dimple::compile {

class RandomGraph {
 public:
  explicit RandomGraph(uint32_t seed) : random_(seed), seed_(seed) {}

  ir::Graph make() {
    ir::Builder g("random" + std::to_string(seed_), {8 + below(9), 8 + below(9), 1 + below(3)});
    ir::Value x = activate(g, norm(g, g.conv(g.input(), 3 + below(6))));
    for (int blocks = 2 + below(4); blocks > 0; --blocks) x = block(g, x);
    x = below(2) ? g.global_average_pool(x) : g.flatten(x);
    if (below(2)) x = g.dropout(x, 0.5f);
    if (below(2)) x = activate(g, g.dense(x, 5 + below(8)));
    x = g.dense(x, 7);
    if (below(2)) x = g.softmax(x);
    ir::Graph graph = g.finish(x);
    ir::initialise(graph, seed_);
    stir(graph);
    return graph;
  }

  ir::Tensor picture(const ir::Graph& graph) {
    const ops::Shape& s = graph.input.shape;
    ir::Tensor t = ir::make_tensor(graph.input.dtype, {s.height, s.width, s.channels});
    if (graph.input.dtype == DType::s8)
      for (int8_t& v : t.as<int8_t>()) v = static_cast<int8_t>(below(256) - 128);
    else
      for (float& v : t.as<float>()) v = uniform(-1, 1);
    return t;
  }

  std::vector<int8_t> codes(const ir::Graph& graph, int pictures) {
    std::vector<int8_t> all(static_cast<size_t>(graph.input.shape.elements() * pictures));
    for (int8_t& v : all) v = static_cast<int8_t>(below(256) - 128);
    return all;
  }

  int below(int n) { return static_cast<int>(random_() % static_cast<uint32_t>(n)); }
  float uniform(float low, float high) { return low + (high - low) * static_cast<float>(random_() >> 8) / 16777216.0f; }

 private:
  ir::Value norm(ir::Builder& g, ir::Value x) { return below(2) ? g.batch_norm(x) : x; }
  ir::Value activate(ir::Builder& g, ir::Value x) {
    switch (below(9)) {
      case 0:
      case 1: return g.relu(x);
      case 2: return g.relu6(x);
      case 3: return g.prelu(x);
      case 4: return g.hard_swish(x);
      case 5: return g.swish(x);
      default: return x;
    }
  }

  // A factor for each channel (squeeze and excite), or for each pixel.
  ir::Value attend(ir::Builder& g, ir::Value x) {
    if (below(2)) {
      ir::Value seen = below(2) ? g.global_average_pool(x) : g.global_max_pool(x);
      seen = g.conv(g.relu(g.conv(seen, 2 + below(4), {.kernel = 1})), g.shape_of(x).channels, {.kernel = 1});
      return g.multiply(x, below(2) ? g.sigmoid(seen) : g.hard_sigmoid(seen));
    }
    const ir::Value seen = g.concat({g.channel_mean(x), g.channel_max(x)});
    return g.multiply(x, g.sigmoid(g.conv(seen, 1, {.kernel = 3})));
  }

  ir::Value branch(ir::Builder& g, ir::Value x) {
    const int dilation = 1 + below(2);
    const ir::Value pool = g.average_pool(x, {.kernel = 3, .stride = 1, .pad = 1, .count_include_pad = below(2) == 1});
    const ir::Value wide = g.conv(x, 2 + below(3), {.kernel = 3, .dilation = dilation});
    return g.concat({activate(g, wide), pool, g.drop_path(g.depthwise(x, {.kernel = 3, .dilation = dilation}), 0.2f)});
  }

  ir::Value block(ir::Builder& g, ir::Value x) {
    const ops::Shape shape = g.shape_of(x);
    const int stride = shape.height >= 6 && shape.width >= 6 ? 1 + below(2) : 1;
    switch (below(8)) {
      case 0: return activate(g, norm(g, g.conv(x, 2 + below(8), {.kernel = 1 + 2 * below(2), .stride = stride})));
      case 1: return activate(g, norm(g, g.depthwise(x, {.stride = stride})));
      case 2: {
        const ir::Value inner = activate(g, norm(g, g.conv(x, 2 + below(6))));
        return activate(g, g.add(norm(g, g.conv(inner, shape.channels)), x));
      }
      case 3:
        return shape.height < 4 || shape.width < 4
                   ? g.relu(x)
                   : activate(g, g.max_pool(x, {.kernel = 2 + below(2), .stride = 2, .pad = below(2)}));
      case 4:
        return shape.height < 4 || shape.width < 4 ? g.batch_norm(x)
                                                   : g.average_pool(x, {.kernel = 3, .stride = stride, .pad = 1});
      case 5: return attend(g, x);
      case 6: return branch(g, x);
      default:
        if (shape.height > 2 && shape.width > 2 && below(2) == 0)
          x = g.append(ops::Pad{-below(2), -below(2), 1, -1}, {x});
        return g.conv(g.append(ops::Pad{below(2), below(2), below(2), below(2)}, {x}), 2 + below(6), {.kernel = 3});
    }
  }

  // Fresh batch norms are the identity and fresh biases zero: nothing that folds them wrongly would show.
  void stir(ir::Graph& graph) {
    for (auto& [name, tensor] : graph.constants) {
      const auto values = tensor.as<float>();
      const bool batch_norm = name.starts_with("batch_norm");
      const bool slopes = name.starts_with("prelu");
      if (!batch_norm && !slopes && !name.ends_with(".bias")) continue;
      for (float& v : values) v = batch_norm && name.ends_with(".weight") ? uniform(0.5f, 1.5f) : uniform(-0.3f, 0.3f);
    }
  }

  std::mt19937 random_;
  uint32_t seed_;
};

}  // namespace dimple::compile
