#include "workflow/lab/train.h"

namespace dimple::workflow {

TrainReport train(const TrainRequest& request, const std::vector<std::string>& given, const host::Task& task) {
  TrainReport report;
  if (request.study.is_given())
    report.study = study::train_study(request.study, request.training, given, task);
  else
    report.training = train::train(request.training, task);
  return report;
}

}  // namespace dimple::workflow
