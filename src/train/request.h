// One training, as it is asked for: what a run folder's args.toml holds.
#pragma once
#include <string>

#include "train/data_settings.h"
#include "train/recipe.h"
#include "train/session.h"

namespace dimple::train {

struct TrainRequest {
  DataPaths paths;
  DataSettings data;
  Session session;
  Recipe recipe;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    DataPaths::visit(self.paths, f);
    DataSettings::visit(self.data, f);
    Session::visit(self.session, f);
    Recipe::visit(self.recipe, f);
  }
};

// What a training was asked for, from the run folder it left; earlier versions' folders are understood. Throws
// host::Error(Exit::usage) when it is none.
TrainRequest load_request(const std::string& run_folder);

// The training in the folder that `asked.session.resume` names, with what `asked` may change about it: the limit of
// this call, and where the data lies now.
TrainRequest resumed_request(const TrainRequest& asked);

}  // namespace dimple::train
