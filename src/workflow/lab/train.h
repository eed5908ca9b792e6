// dimple train: one training, or a study of many.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "study/trainings.h"
#include "train/training.h"

namespace dimple::workflow {

struct TrainRequest {
  train::TrainRequest training;
  study::StudyRequest study;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    train::DataPaths::visit(self.training.paths, f);
    train::DataSettings::visit(self.training.data, f);
    train::Session::visit(self.training.session, f);
    study::StudyRequest::visit(self.study, f);
    train::Recipe::visit(self.training.recipe, f);
  }
};

using TrainReport = std::variant<train::TrainReport, study::StudyReport>;

// `given`: the names of the fields that were asked for on this call; in a study they weigh more than its base.
TrainReport train(const TrainRequest& request, const std::vector<std::string>& given, const host::Task& task);

}  // namespace dimple::workflow
