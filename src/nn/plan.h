// A graph as the steps of a forward pass, made once: which operators run one by one, and which of them a batch norm
// takes into its own passes, so that what one writes the next still finds in the cache. Net walks the steps; this file
// knows no libtorch. As text, a line for each step:
//
//   a = conv2d(input) -> batch_norm -> relu
//   b = depthwise_conv2d(a) weight=fake_quantised -> batch_norm -> add(a) -> relu6
//   c = dense(b) frozen
//
// In front stands the value that the step writes, by the name of its node. A value between two arrows is not written.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ir/graph.h"

namespace dimple::nn {

// What an operator multiplies with: made from the learned weight in each pass. The operator does not know. A new form is
// an alternative here, a word in plan.cc and a line in run_plan.cc.
struct LearnedWeight {};
struct FakeQuantisedWeight {  // nn/fake_quantise.h
  int channel_axis;           // which axis of the weight counts output channels
};
using WeightForm = std::variant<LearnedWeight, FakeQuantisedWeight>;

// An operator, what it reads, and the node whose parameters it takes.
struct Operation {
  size_t node;
  ir::Op op;
  std::vector<ir::Value> in;
  WeightForm weight;
  bool frozen = false;  // its parameters stand still; a batch norm uses what it gathered
};

struct OperatorStep {
  Operation run;
  ir::Value out;
};

struct Shortcut {
  ir::Value value;
  ops::Activation then;  // behind the sum
};

// A batch norm with what stands before and behind it: act(norm(in)) or act(norm(convolution(in))); with a shortcut,
// act(that + shortcut). The norm's passes compute the convolution while training, if its slice offers a product
// (nn/product.h: floats on a processor); if not, it runs before the norm.
struct NormStep {
  std::optional<Operation> convolution;
  Operation norm;
  ops::Activation then = ops::Activation::none;
  std::optional<Shortcut> shortcut;
  ir::Value out;
};

using Step = std::variant<OperatorStep, NormStep>;
using Plan = std::vector<Step>;

struct PlanOptions {
  bool fuse = true;                    // false: a step for each node, so that each value is written
  bool fake_quantise_weights = false;  // of convolutions and dense layers
  std::vector<bool> frozen;            // by node; empty: none
};

Plan plan_steps(const ir::Graph&, const PlanOptions& = {});

std::string print(const Plan&, const ir::Graph&);

}  // namespace dimple::nn
