#include "workflow/lab/train.h"

namespace dimple::workflow {

TrainReport train(const train::TrainRequest& request, const std::vector<std::string>& given, const host::Task& task) {
  TrainReport report;
  if (study::asks_for_study(request))
    report.study = study::train_study(request, given, task);
  else
    report.training = train::train(request, task);
  return report;
}

}  // namespace dimple::workflow
