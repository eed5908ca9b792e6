#include "workflow/lab/train.h"

namespace dimple::workflow {

TrainReport train(const train::TrainRequest& request, const std::vector<std::string>& given, host::Progress& progress) {
  TrainReport report;
  if (study::asks_for_study(request))
    report.study = study::train_study(request, given, progress);
  else
    report.training = train::train(request, progress);
  return report;
}

}  // namespace dimple::workflow
