// dimple data: what is in a dataset, and its decoded form for machines without codecs.
#pragma once
#include <string>
#include <vector>

#include "data/duplicates.h"
#include "host/json.h"
#include "host/progress.h"

namespace dimple::workflow {

struct DataRequest {
  std::vector<std::string> what;  // "check DATA" or "cache DATA"
  std::string out, votes, recipe;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("what", self.what, "check or cache, and the dataset's file or folder; or augment");
    f("out", self.out, "the file to write: cache (default: the data's name with .dimpledata), augment (augment.png)");
    f("recipe", self.recipe, "augment: settings of a training whose strengths are shown (default: the usual ones)");
    f("votes", self.votes, "FER+ votes csv (default: fer2013new.csv beside the data)");
  }
};

struct DataReport {
  std::string name, sha256, size;
  std::vector<std::string> classes;
  struct SplitRow {
    std::string split;
    std::vector<int64_t> count;  // by class
    int64_t pictures = 0;
  };
  std::vector<SplitRow> splits;
  int64_t pictures = 0, subjects = 0, doubtful = 0;
  bool votes = false;
  data::DuplicateReport duplicates;
  std::string cache;  // the file written
  int64_t cache_bytes = 0;
};

DataReport data(const DataRequest& request, host::Progress& progress);

host::Json to_json(const DataReport& report);

}  // namespace dimple::workflow
