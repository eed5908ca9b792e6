// AlexNet as torchvision builds it (Krizhevsky's "one weird trick" form, 2014), weights by its names: system C's
// baseline. And the reduced one that system C's walk passed through.
//
// torchvision averages what the last pool leaves to 6x6 whatever its size. Here the head takes what there is: above 6x6
// a window averages it down to 6x6 (the same where the size is a multiple of six; overlapping windows elsewhere), and
// below it stays as it is, with a first dense layer of fewer inputs. A pool that is larger than its picture is left out
// (the third one at 48x48).
#pragma once
#include <array>
#include <string>

#include "ir/graph.h"

namespace dimple::zoo {

struct AlexNet {
  static constexpr const char* kEdits = "block,dense,separate,kernel,merge,pool,stride,narrow,input";
  std::string name = "alexnet";
  ir::Shape input{224, 224, 3};
  int classes = 1000;
  float multiplier = 1;
  std::array<int, 5> width{64, 192, 384, 256, 256};
  int hidden = 4096;
  int pooled = 6;
  float dropout = 0.5f;
};

// The same wires on 64x64 grey with narrow layers: 2.5 M multiply-adds, 5.1 M operations when a multiply and its add
// are counted as two. System C publishes its 5.1 M and not its widths; these are ours.
AlexNet reduced_alexnet();

ir::Graph make(const AlexNet&);

}  // namespace dimple::zoo
