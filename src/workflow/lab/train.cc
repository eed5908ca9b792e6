#include "workflow/lab/train.h"

namespace dimple::workflow {

TrainReport train(const TrainRequest& request, const std::vector<std::string>& given, const host::Task& task) {
  const train::Rank rank = train::rank_from_environment();
  if (request.study.is_given()) return study::train_study(request.study, request.training, given, rank, task);
  return train::train(request.training, rank, task);
}

}  // namespace dimple::workflow
