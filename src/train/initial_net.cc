#include "train/initial_net.h"

#include "edit/stochastic_depth.h"
#include "edit/surgery.h"
#include "host/sha256.h"
#include "ir/initialise.h"
#include "model/state_dict.h"
#include "train/freeze.h"
#include "zoo/architectures.h"

namespace dimple::train {

InitialNet make_initial_net(const Recipe& recipe, const data::Dataset& set) {
  InitialNet net;
  net.graph = zoo::make(recipe.arch,
                        {{set.height, set.width, set.channels}, static_cast<int>(set.labels.size()), recipe.width});
  if (recipe.batch_norms) edit::add_batch_norms(net.graph);
  if (recipe.drop_path > 0 && edit::set_stochastic_depth(net.graph, recipe.drop_path) == 0)
    throw host::Error(host::Exit::usage, recipe.arch + " has no shortcuts beside branches that could be left out",
                      "leave --drop-path at 0");
  ir::initialise(net.graph, recipe.seed);
  frozen_nodes(net.graph, recipe, 0);  // throws for a wrong --freeze
  return net;
}

void load_initial_weights(InitialNet& net, const Recipe& recipe, const host::Task& task) {
  if (recipe.init.empty()) return;
  net.transfer = model::transfer(model::load_state_dict(recipe.init), net.graph);
  net.init_sha256 = host::sha256_file(recipe.init);
  task.progress().say(model::print(*net.transfer));
}

}  // namespace dimple::train
