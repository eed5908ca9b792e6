#include "workflow/compare.h"

#include <algorithm>

#include "host/error.h"
#include "inference/opened_model.h"

namespace dimple::workflow {

CompareReport compare(const ValRequest& request, const host::Task& task) {
  ValRequest one = request, other = request;
  other.model = request.against;
  one.against.clear(), other.against.clear();
  if (!request.name.empty()) one.name += "-first", other.name += "-second";
  const auto known = [&](const std::string& model) {
    std::vector<std::string> labels = inference::open_model(model, request.max_macs).labels;
    std::ranges::sort(labels);
    return labels;
  };
  if (request.unknown == "skip" && known(one.model) != known(other.model))
    throw host::Error(host::Exit::usage,
                      "the two models know different classes: --unknown skip would judge each on others",
                      "--unknown wrong judges both on all");
  CompareReport report{val(one, task), val(other, task), {}};
  report.comparison =
      evaluate::compare(report.first.answers, report.second.answers, report.first.together, request.resamples);
  return report;
}

}  // namespace dimple::workflow
