// Steps that make a float network smaller, one at a time: what a search walks along. Each is a sentence of three words,
// so that a found network is its parent and a list of sentences.
//
//   kind      what it does                                                   to
//   block     a layer that keeps its shape leaves, norm and activation too   -
//   branch    add(x, f(x)) becomes x                                         -
//   detour    add(x, f(x)) becomes f(x)                                      -
//   gate      multiply(x, gate(x)) becomes x                                 -
//   dense     a dense layer in front of another leaves                       -
//   separate  a convolution becomes a depthwise one and one of 1x1           -
//   kernel    a window loses its outer ring                                  its height and width
//   merge     a pool leaves; the pool or convolution before it takes its steps -
//   pool      a pool looks further and takes longer steps                    its window and stride
//   stride    the first window takes longer steps                            its stride
//   shortcut  f(x) becomes add(x, f(x)): no smaller, but easier to train     -
//   bridge    f(x) becomes add(f(x), y), y an earlier value: likewise        counts back to y, from 1
//   narrow    a layer, and all that shortcuts tie to it, loses channels      its channels
//   input     the picture becomes smaller                                    pixels, height and width alike
//
// In this order several can be done to one network: what leaves, what is added, then widths, by when ties are known.
//
// Weights stay where their shape does; of a narrower layer those of the largest filters stay, of a smaller window those
// in the middle. A separated convolution begins as the nearest one that it can be, input channel by input channel; a dense
// layer that reads a smaller picture than before, with the weights that lay nearest. What else is new is absent:
// ir/initialise.h fills it in.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"

namespace dimple::edit {

struct Reduction {
  std::string kind;
  std::string node;  // "input" for the picture
  int32_t to = 0;    // 0 where there is nothing to choose

  bool operator==(const Reduction&) const = default;
};

// "narrow conv2d_3 24", "gate multiply_1", and back. Throws host::Error(Exit::usage) for what is none.
std::string print(const Reduction&);
Reduction parse_reduction(std::string_view text);

struct ReductionOptions {
  std::vector<std::string> kinds = {};  // empty: all
  std::vector<double> shares = {0.75};  // of a layer's channels that narrow keeps, each a reduction of its own
  int multiple = 8;                     // of widths, while they are larger than that
  int smallest_input = 16;
  int fewest_channels = 4;
};

// What can be done to this graph: each of them gives a graph that runs. In the order of kinds above, then of nodes.
std::vector<Reduction> reductions_of(const ir::Graph&, const ReductionOptions& = {});

// Throws host::Error(Exit::usage) where it cannot be done, and says why.
ir::Graph reduce(const ir::Graph&, const Reduction&);

std::vector<std::string> reduction_kinds();

}  // namespace dimple::edit
