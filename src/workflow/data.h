// dimple data: which sets can be read, what is in one and what is wrong with it, how it is split, and its decoded form
// for machines without codecs.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "data/duplicates.h"
#include "data/load.h"
#include "host/document.h"
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
    f("save", self.save, "write the run folder of a check");
    data::LoadOptions::visit(self.load, f, "split_file");
  }
};

struct SplitCounts {
  int64_t pictures = 0;
  host::Named<int64_t> classes;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("pictures", self.pictures, "of this split");
    f("classes", self.classes, "pictures by class");
  }
};

struct QuarantinedFile {
  std::string file, why;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("file", self.file, "that is no picture of the set");
    f("why", self.why, "what is wrong with it");
  }
};

struct CacheFile {
  std::string path;
  int64_t bytes = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("path", self.path, "tensor cache that was written");
    f("bytes", self.bytes, "its size");
  }
};

struct DataReport {
  std::string name, sha256, size;
  int64_t pictures = 0;
  std::vector<std::string> classes;
  host::Named<SplitCounts> splits;
  host::Named<host::Named<int64_t>> groups;
  int64_t subjects = 0, shared_subjects = 0, doubtful = 0;
  bool votes = false;
  data::DuplicateReport duplicates, similar;
  std::vector<QuarantinedFile> quarantine;
  host::Named<int64_t> left_out;
  std::string folder;
  std::vector<std::string> files;
  std::optional<CacheFile> cache;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("data", self.name, "name of the data set");
    f("sha256", self.sha256, "of its pictures and labels");
    f("size", self.size, "of a picture: WIDTHxHEIGHTxCHANNELS");
    f("pictures", self.pictures, "of all splits");
    f("classes", self.classes, "in the order of their numbers");
    f("splits", self.splits, "train, validation and test, where there are pictures of them");
    f("groups", self.groups, "pictures by group and value, the most frequent value first");
    f("subjects", self.subjects, "people who are known apart");
    f("shared_subjects", self.shared_subjects, "people in more than one split");
    f("votes", self.votes, "people's votes are known");
    f("doubtful", self.doubtful, "rows that are marked as doubtful");
    f("duplicates", self.duplicates, "byte copies");
    f("similar", self.similar, "check: pictures that are all but identical");
    f("quarantine", self.quarantine, "bad files");
    f("left_out", self.left_out, "pictures that are not used, by reason");
    f("folder", self.folder, "check: the run folder");
    f("files", self.files, "split, cache: what was written");
    f("cache", self.cache, "cache: what was written");
  }
};

DataReport data(const DataRequest& request, const host::Task& task);

struct ImporterSummary {
  std::string name, reads, licence;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("name", self.name, "as --importer takes it");
    f("reads", self.reads, "what it reads");
    f("licence", self.licence, "of the data, in few words");
  }
};

struct ImportersReport {
  std::vector<ImporterSummary> importers;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("importers", self.importers, "list: the data sets that can be read");
  }
};

ImportersReport list_importers();  // dimple data list

}  // namespace dimple::workflow
