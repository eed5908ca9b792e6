// Writes a graph the way a paper writes its table. Nodes are named after their operator and a running number unless a
// name is given; constants come later (ir/initialise.h, or a model file).
#pragma once
#include <string>

#include "ir/graph.h"

namespace dimple::ir {

struct ConvOptions {
  int kernel = 3;
  int stride = 1;
  int pad = -1;  // on every side; -1: (kernel - 1) / 2 * dilation, which keeps the size at stride 1
  std::string name = {};
  int dilation = 1;
};

struct PoolOptions {
  int kernel = 2;
  int stride = 2;
  int pad = 0;
  bool count_include_pad = false;  // average_pool only
};

class Builder {
 public:
  Builder(std::string name, Shape input);

  Value input() const { return kInput; }
  Value conv(Value x, int out_channels, const ConvOptions& = {});
  Value depthwise(Value x, const ConvOptions& = {});
  Value dense(Value x, int units, const std::string& name = {});
  Value batch_norm(Value x, const ops::BatchNorm& options = {}) { return append(options, {x}); }
  Value relu(Value x) { return append(ops::Relu{}, {x}); }
  Value relu6(Value x) { return append(ops::Relu6{}, {x}); }
  Value prelu(Value x) { return append(ops::Prelu{}, {x}); }
  Value hard_swish(Value x) { return append(ops::HardSwish{}, {x}); }
  Value hard_sigmoid(Value x) { return append(ops::HardSigmoid{}, {x}); }
  Value sigmoid(Value x) { return append(ops::Sigmoid{}, {x}); }
  Value sign(Value x) { return append(ops::Sign{}, {x}); }
  Value swish(Value x) { return append(ops::Swish{}, {x}); }
  Value add(Value a, Value b) { return append(ops::Add{}, {a, b}); }
  Value multiply(Value x, Value factor) { return append(ops::Multiply{}, {x, factor}); }
  Value concat(std::vector<Value> values) {
    const ops::Concat op{static_cast<int32_t>(values.size())};
    return append(op, std::move(values));
  }
  Value max_pool(Value x, const PoolOptions& = {});
  Value average_pool(Value x, const PoolOptions& = {});
  Value global_average_pool(Value x) { return append(ops::GlobalAveragePool{}, {x}); }
  Value global_max_pool(Value x) { return append(ops::GlobalMaxPool{}, {x}); }
  Value channel_mean(Value x) { return append(ops::ChannelMean{}, {x}); }
  Value channel_max(Value x) { return append(ops::ChannelMax{}, {x}); }
  Value flatten(Value x) { return append(ops::Flatten{}, {x}); }
  Value dropout(Value x, float rate) { return append(ops::Dropout{rate}, {x}); }
  Value drop_path(Value x, float rate) { return append(ops::DropPath{rate}, {x}); }
  Value softmax(Value x) { return append(ops::Softmax{}, {x}); }

  Value append(Op op, std::vector<Value> inputs, std::string name = {});
  const Shape& shape_of(Value v) const { return graph_.type_of(v).shape; }

  // The graph, whose output is `output`: the last value made.
  Graph finish(Value output);

 private:
  Graph graph_;
  std::map<std::string, int> numbers_;
};

}  // namespace dimple::ir
