#include "ir/builder.h"

#include <fmt/format.h>

#include "host/error.h"
#include "ir/semantics.h"
#include "ir/verify.h"

namespace dimple::ir {
namespace {

ops::Window window(int kernel, int stride, int pad) { return {kernel, kernel, stride, stride, pad, pad, pad, pad}; }

ops::Window window(const ConvOptions& o) {
  ops::Window w = window(o.kernel, o.stride, o.pad < 0 ? (o.kernel - 1) / 2 * o.dilation : o.pad);
  w.dilation_h = w.dilation_w = o.dilation;
  return w;
}

}  // namespace

Builder::Builder(std::string name, Shape input) {
  graph_.name = std::move(name);
  graph_.input.shape = input;
}

Value Builder::append(Op op, std::vector<Value> inputs, std::string name) {
  Node node{std::move(name), std::move(op), std::move(inputs), graph_.input};
  if (node.name.empty()) {
    const std::string stem(name_of(node.op));
    node.name = fmt::format("{}_{}", stem, ++numbers_[stem]);
  }
  node.type.shape = infer_shape(node.op, input_shapes(graph_, node), node.name);
  graph_.nodes.push_back(std::move(node));
  return graph_.output();
}

Value Builder::conv(Value x, int out_channels, const ConvOptions& o) {
  return append(ops::Conv2d{out_channels, window(o)}, {x}, o.name);
}
Value Builder::depthwise(Value x, const ConvOptions& o) { return append(ops::DepthwiseConv2d{window(o)}, {x}, o.name); }
Value Builder::dense(Value x, int units, const std::string& name) { return append(ops::Dense{units}, {x}, name); }
Value Builder::max_pool(Value x, const PoolOptions& o) {
  return append(ops::MaxPool{window(o.kernel, o.stride, o.pad)}, {x});
}
Value Builder::average_pool(Value x, const PoolOptions& o) {
  return append(ops::AveragePool{window(o.kernel, o.stride, o.pad), o.count_include_pad}, {x});
}

Graph Builder::finish(Value output) {
  if (output != graph_.output()) throw host::Error(host::Exit::model, "a graph ends with the value made last");
  verify(graph_, Constants::may_be_absent);
  return std::move(graph_);
}

}  // namespace dimple::ir
