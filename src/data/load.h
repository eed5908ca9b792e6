// One door to all datasets: a file or folder is asked which importer it is for, or is our own tensor cache.
#pragma once
#include <string>
#include <vector>

#include "data/dataset.h"
#include "host/progress.h"

namespace dimple::data {

struct LoadOptions {
  std::string votes;     // FER+ csv; empty: fer2013new.csv beside the csv, if there is one
  std::string doubtful;  // csv of row,flags; empty: doubtful_rows.csv beside the csv, if there is one
  host::Progress* progress = nullptr;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("votes", self.votes, "FER+ votes, row by row with the csv (default: fer2013new.csv beside it)");
    f("doubtful", self.doubtful, "csv `row,flags` of rows not to be trusted (default: doubtful_rows.csv beside it)");
  }
};

struct Importer {
  const char* name;
  const char* what;  // what it reads, for help and for errors
  bool (*recognises)(const std::string& path);
  Dataset (*load)(const std::string& path, const LoadOptions&);
};

// data/datasets/list.cc; a bare trainer has none and reads caches only.
const std::vector<Importer>& importers();

// Throws host::Error(Exit::input).
Dataset load_dataset(const std::string& path, const LoadOptions& options = {});

}  // namespace dimple::data
