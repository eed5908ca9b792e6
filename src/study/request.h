// What is asked for when many trainings become one table.
#pragma once
#include <string>

namespace dimple::study {

struct StudyRequest {
  std::string study, out, folds, seeds, only;
  bool table = false;

  // False: a lone training is asked for.
  bool is_given() const { return !study.empty() || !folds.empty() || !seeds.empty(); }

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("study", self.study,
      "a TOML file with many trainings: base and axes (docs/training.md); goes on from what is there");
    f("out", self.out, "folder of the study's results; their table stands beside it, OUT.md (default: below --runs)");
    f("folds", self.folds, "a study over folds: all, or 0,3");
    f("seeds", self.seeds, "a study over seeds: 1,2,3");
    f("only", self.only, "of a study, the members whose name holds this");
    f("table", self.table, "of a study, print the table of what is there; nothing is run");
  }
};

}  // namespace dimple::study
