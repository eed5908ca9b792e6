// What the steps of a program have to do, as numbers that their time depends on.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "format/reader.h"
#include "kernels/kernel.h"

namespace dimple::profile {

struct StepWork {
  std::string layer;   // "004.conv2d"
  std::string kernel;  // that these instruction sets run it with
  std::string output;  // HEIGHTxWIDTHxCHANNELS
  int64_t multiply_adds = 0;
  int64_t products = 0;             // multiply-adds that the kernel does: with the lanes and groups that it fills up
  int64_t inputs = 0, outputs = 0;  // elements
  int64_t pixels = 0;               // of the output: places of the window
  int64_t rows = 0;                 // of the window at all of its places
  int64_t gathered = 0;             // elements under the window at all of its places
  int64_t weights = 0;              // elements
  int64_t weight_bytes = 0;         // that the program holds them in, codebooks included
  int64_t rescaled = 0;             // sums that become codes
};

// Throws host::Error(Exit::model) where these instruction sets have no kernel for a step.
std::vector<StepWork> work_of_steps(const format::Program&, kernels::IsaSet);

// Of the first layer that multiplies.
DType precision_of(const format::Program&);

}  // namespace dimple::profile
