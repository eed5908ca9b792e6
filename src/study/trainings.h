// dimple train with --study, --folds or --seeds: every member is a training with a run folder of its own, tested once.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "host/task.h"
#include "study/study_verb.h"
#include "train/ranks.h"
#include "train/request.h"

namespace dimple::study {

// What is asked for when many trainings become one table.
struct StudyRequest : StudyFlags {
  std::string folds, seeds;

  // False: a lone training is asked for.
  bool is_given() const { return StudyFlags::is_given() || !folds.empty() || !seeds.empty(); }

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    StudyFlags::visit(self, f);
    f("folds", self.folds, "a study over folds: all, or 0,3");
    f("seeds", self.seeds, "a study over seeds: 1,2,3");
  }
};

// A training of a study: its run folder, and what its result file holds beside the member's name and settings;
// {"unfinished": true} when it was stopped.
struct TrainedMember {
  std::string folder;
  host::Json result;
};

// Trains in runs/train/<member>, or goes on with what is there; a folder that cannot be gone on with is left as it is,
// beside the new one.
TrainedMember train_member(const Member& member, const std::filesystem::path& runs, const std::string& built_from,
                           const train::Rank& rank, const host::Task& task);

// Settings, weakest first: a training's own defaults, the study's base, what of `training` was asked for on this call
// (`given`: the names of those fields), the axes.
StudyReport train_study(const StudyRequest& request, const train::TrainRequest& training,
                        const std::vector<std::string>& given, const train::Rank& rank, const host::Task& task);

}  // namespace dimple::study
