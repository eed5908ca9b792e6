// A graph as a planned program: order fixed, every buffer at its place, every scale a fixed-point number.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "compile/liveness.h"
#include "image/preprocess.h"
#include "ir/graph.h"
#include "target/target.h"

namespace dimple::compile {

// What a program says of itself beside the plan.
struct ProgramFacts {
  std::string name;
  std::vector<std::string> labels;                                       // one for each output, or none
  image::Preprocess preprocess{.width = 0, .height = 0, .channels = 0};  // width 0: it does not say

  bool operator==(const ProgramFacts&) const = default;
};

// What of these facts does not fit the graph, in words; "" when all fits: names would be put on the wrong numbers, or
// pictures come in other codes than were learned.
std::string misfit(const ir::Graph&, const ProgramFacts&);

struct PlanOptions {
  SharingOptions sharing;
  // For one chip: its kernels' scratch is planned, weights lie as they want them, and RAM and flash must suffice.
  // Null: for every machine.
  const target::Target* target = nullptr;
  // Tensors that are there a few rows at a time, where that makes the arena smaller. Their layers cannot be looked at.
  bool stripes = false;
};

// The bytes of a program file (format/program.h), f32 or s8 as the graph is. A graph that ends in scores gets its
// probabilities first (end_in_probabilities).
// Throws host::Error(Exit::model) for a graph that is invalid, too large for the format or the target, or has no
// kernel.
std::vector<uint8_t> plan(const ir::Graph&, const ProgramFacts& = {}, const PlanOptions& = {});

// What is needed of a chip's RAM: the memory of an open session (runtime/executor.h) on a 32-bit machine, and the stack.
int64_t ram_needed(std::span<const uint8_t> program, const target::Target&);

}  // namespace dimple::compile
