// A graph as the steps of a forward pass, made once: which operators run one by one, and which of them a batch norm
// takes into its own passes, so that what one writes the next still finds in the cache. Net walks the steps; this file
// knows no libtorch. As text, a line for each step:
//
//   a = conv2d(input) -> batch_norm -> relu
//   b = depthwise_conv2d(a) weight=signs -> batch_norm -> add(a) -> relu6
//   c = dense(b) weight=rounded frozen -> codes
//
// In front stands the value that the step writes, by the name of its node. A value between two arrows is not written.
//
// How weights and values are rounded follows from the graph alone: from weights of few bits (ir/packed_weight.h), and
// from values that are trained for codes (ir::ValueType), whose writer multiplies with rounded weights too.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ir/graph.h"

namespace dimple::nn {

inline constexpr ir::Value kNoRange = -1;

// What an operator multiplies with: made from the learned weight in each pass. The operator does not know. A new form is
// an alternative here, a word in plan.cc and a line in run_plan.cc.
struct LearnedWeight {};
struct RoundedWeight {  // nn/fake_quantise.h
  int channel_axis;     // which axis of the weight counts output channels
  ir::Value in_range;   // whose scale the input's codes have, for the bias; kNoRange: they are no codes
};
struct SignWeight {  // nn/signs.h
  int channel_axis;
};
struct BitWeight {};  // signs that stand still; their scales are learned
struct CodedWeight {  // codes that stand still; their codebook is learned
  bool rounded;       // to s8 entries
  ir::Value in_range;
};
using WeightForm = std::variant<LearnedWeight, RoundedWeight, SignWeight, BitWeight, CodedWeight>;

// An operator, what it reads, and the node whose parameters it takes.
struct Operation {
  size_t node;
  ir::Op op;
  std::vector<ir::Value> in;
  WeightForm weight;
  bool frozen = false;  // its parameters stand still; a batch norm uses what it gathered
};

// The value that a step writes is rounded to codes (nn/fake_quantise.h), on the scale of the value `range`: its own, or
// the one that it takes its codes from.
struct Rounding {
  ir::Value range;
  int32_t zero_point;
  bool keeps_codes = false;  // of an operator that chooses or averages codes
};

struct OperatorStep {
  Operation run;
  ir::Value out;
  std::optional<Rounding> rounding = {};
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
  std::optional<Rounding> rounding = {};
};

using Step = std::variant<OperatorStep, NormStep>;
using Plan = std::vector<Step>;

struct PlanOptions {
  bool fuse = true;          // false: a step for each node, so that each value is written
  std::vector<bool> frozen;  // by node; empty: none
};

// The value whose codes this one has: itself, or what an operator that keeps codes reads.
ir::Value range_of(const ir::Graph&, ir::Value);

Plan plan_steps(const ir::Graph&, const PlanOptions& = {});

std::string print(const Plan&, const ir::Graph&);

}  // namespace dimple::nn
