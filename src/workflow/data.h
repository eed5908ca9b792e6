// dimple data: which sets can be read, what is in one and what is wrong with it, how it is split, and its decoded form
// for machines without codecs.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "data/duplicates.h"
#include "data/load.h"
#include "host/json.h"
#include "host/task.h"

namespace dimple::workflow {

struct DataRequest {
  std::vector<std::string> what;  // "list", "augment", or "check", "split" or "cache" and the data
  data::LoadOptions load;
  std::string out, by = "subject", name, runs = "runs", recipe;
  int folds = 0;
  float test = 0.2f, validation = 0.1f;
  bool save = true, contact_sheet = false;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("what", self.what, "check, split or cache, and the dataset's file or folder; or list, or augment");
    f("out", self.out,
      "cache, split, augment: the file to write (default: the data's name with .dimpledata; split.csv;"
      " augment.png)");
    f("recipe", self.recipe, "augment: settings of a training whose strengths are shown (default: the usual ones)");
    f("by", self.by, "split: what is kept on one side; subject is all there is");
    f("folds", self.folds, "split: one file for each of so many folds (split.0.csv, ...); 0: a single split");
    f("test", self.test, "split: share of the pictures to test with");
    f("validation", self.validation, "split: share of the pictures to validate with");
    f("contact_sheet", self.contact_sheet, "check: a picture of some of the pictures, into the run folder only");
    f("name", self.name, "check: name of the run (default: the next free number)");
    f("runs", self.runs, "check: folder of all runs");
    f("save", self.save, "check: write no run folder");
    data::LoadOptions::visit(self.load, f, "split_file");
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
  struct GroupRow {
    std::string group;
    std::vector<std::pair<std::string, int64_t>> values;  // most frequent first
  };
  std::vector<GroupRow> groups;
  int64_t pictures = 0, subjects = 0, shared_subjects = 0, doubtful = 0;
  bool votes = false;
  data::DuplicateReport duplicates, similar;
  std::vector<data::BadFile> quarantine;
  std::vector<data::LeftOut> left_out;
  std::string folder;              // of the run
  std::vector<std::string> files;  // the splits or the cache written
  int64_t cache_bytes = 0;
};

DataReport data(const DataRequest& request, const host::Task& task);

host::Json to_json(const DataReport& report);

host::Json list_importers();  // dimple data list

}  // namespace dimple::workflow
