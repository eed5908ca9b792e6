// What a training learns from and is tested on.
#pragma once
#include <string>

#include "data/load.h"

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
  data::LoadOptions load;  // without its `votes`: they are one of the paths
  std::string protocol, test_protocol;
  int fold = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    data::LoadOptions::visit(self.load, [&](const char* name, auto& value, const char* help) {
      if (static_cast<const void*>(&value) != &self.load.votes) f(name, value, help);
    });
    f("protocol", self.protocol,
      "fer2013, ferplus, ckplus, smile or own: what is trained on, what is held back (default: the data's own)");
    f("fold", self.fold, "which fold is held back, from 0 (protocols with folds)");
    f("test_protocol", self.test_protocol, "protocol of --test-data");
  }
};

}  // namespace dimple::train
