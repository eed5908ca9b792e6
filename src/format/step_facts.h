// What the operator of a step says about it, in numbers. Code that is compiled once for each operator stands here alone:
// a firmware that reads any program holds all of it.
#pragma once
#include "base/dtype.h"
#include "ops/op_list.h"

namespace dimple::format {

struct StepFacts {
  bool fits = false;  // as many inputs as it takes, and an output of these shapes: without it, nothing else counts
  ops::Activation activation = ops::Activation::none;
  ops::Shape out;
  ops::Parameters parameters;
};

struct OperatorFacts {
  ops::OpCode code;
  ops::IntegerForm form;
  bool is_binary, is_coded;
  Types integer_types;
  uint8_t attribute_words;
  void (*describe)(const uint32_t* attributes, const ops::Shape* in, int inputs, StepFacts& to);

  // Whether the operator has a form of these types: floats, codes, weights of few bits.
  bool has(const Types& types) const;
  StepFacts of(const uint32_t* attributes, const ops::Shape* in, int inputs) const;
};

const OperatorFacts& facts_of(ops::OpCode);

}  // namespace dimple::format
