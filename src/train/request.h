// One training, as it is asked for: what it learns from and is tested on, its recipe, and its session.
#pragma once
#include <string>

#include "data/load.h"
#include "train/recipe.h"

namespace dimple::train {

// Where the data lies on this machine. The same data may lie elsewhere on another: what is compared is its checksum.
struct DataPaths {
  std::string data, votes, test_data;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("data", self.data, "what to learn from: a dataset's file or folder, or a tensor cache; several, by commas, pool");
    f("votes", self.votes, "FER+ votes, row by row with the csv (default: fer2013new.csv beside it)");
    f("test_data", self.test_data, "other data to test on, for --test (default: the data's own test split)");
  }
};

// How it is read, split and tested: a result follows from it as from the recipe.
struct DataSettings {
  data::ReadOptions load;
  std::string protocol, test_protocol;
  int fold = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    data::ReadOptions::visit(self.load, f);
    f("protocol", self.protocol,
      "fer2013, ferplus, ckplus, smile or own: what is trained on, what is held back (default: the data's own)");
    f("fold", self.fold, "which fold is held back, from 0 (protocols with folds)");
    f("test_protocol", self.test_protocol, "protocol of --test-data");
  }
};

// What a run folder's args.toml holds.
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
// this call, how pictures are decoded, and where the data lies now.
TrainRequest resumed_request(const TrainRequest& asked);

}  // namespace dimple::train
