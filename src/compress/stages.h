// The order in which a network loses what it is to lose, so that what came before stays: whole channels while batch norms
// are there to adapt, then single weights, then binary values, then binary weights; then batch norms are folded, weights are
// clustered, and values are trained for codes. Each stage is an edit of the graph and a training of what comes out.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "compile/calibrate.h"
#include "compress/methods.h"
#include "edit/saliency.h"
#include "ir/graph.h"
#include "train/recipe.h"

namespace dimple::compress {

// What an edit needs to know of the data.
struct StageTools {
  compile::CalibrationSet pictures;
  std::function<edit::Gradients(const ir::Graph&)> gradients;
  std::function<double(const ir::Graph&)> time;  // of one face
  std::function<void(const std::string&)> say;
};

struct Stage {
  std::string name, what;
  std::function<ir::Graph(const ir::Graph&, const StageTools&)> begin;
  std::function<void(train::Recipe&)> adapt;
  bool trains = true;
};

std::vector<Stage> plan_stages(const Methods&);

}  // namespace dimple::compress
