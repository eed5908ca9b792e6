// EmotionNet Nano (system E): residual stages in which every inner layer has a width of its own. 3x3 convolutions with
// a bias, no batch norm, ReLU, additive shortcuts.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "ir/graph.h"

namespace dimple::zoo {

// The known layer table. What a search may change is the widths; how they are wired is the architecture.
struct EmotionNetNano {
  static constexpr const char* kEdits = "block,branch,detour,kernel,stride,shortcut,bridge,narrow,input";
  std::string name = "emotionnet_nano";
  ir::Shape input{48, 48, 3};
  int classes = 7;
  float multiplier = 1;
  std::array<int, 3> trunk{11, 27, 64};                                    // width of the residual path, per stage
  std::array<std::vector<int>, 3> inner{{{9, 8, 7}, {19, 26}, {39, 24}}};  // width inside each residual pair
  int bridge = 36;                                                         // width on the way into the last stage
};

// Near the two sizes that the paper publishes, 137 K and 232 K parameters, by our own widths: those of its variants are
// not known.
EmotionNetNano emotionnet_nano_s();
EmotionNetNano emotionnet_nano_l();

ir::Graph make(const EmotionNetNano&);

}  // namespace dimple::zoo
