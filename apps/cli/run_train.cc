// dimple train
#include <fmt/format.h>

#include "tell_study.h"
#include "tell_unfinished.h"
#include "verb.h"
#include "workflow/lab/train.h"

namespace dimple::cli {
namespace {

int tell_training(Invocation& call, const train::TrainReport& report) {
  if (!report.leads) return 0;  // one of several processes, and not the one that reports
  call.print(fmt::format("{}  {} parameters, {:.1f} M multiply-adds, {} threads\n", report.folder, report.parameters,
                         static_cast<double>(report.multiply_adds) / 1e6, report.threads));
  if (!report.epochs.empty() && !report.validated)
    call.print("no validation pictures: the weights of the last epoch were kept, and nothing says how good they are\n");
  else if (!report.epochs.empty())
    call.print(fmt::format("best validation accuracy {:.4f} in epoch {}\n", report.progress.best_val_acc,
                           report.progress.best_epoch));
  call.print_report(report);
  if (const auto* test = std::get_if<train::TestReport>(&report.test))
    call.print(fmt::format("on the test pictures: accuracy {:.4f}, balanced {:.4f}\n", test->figures["accuracy"].value,
                           test->figures["balanced_accuracy"].value));
  return report.finished ? 0 : tell_unfinished(call, "train", report.folder);
}

}  // namespace

int run_train(Invocation& call) {
  workflow::TrainRequest request;
  if (!call.parse<workflow::TrainReport>(request, "data")) return 0;
  const workflow::TrainReport report = workflow::train(request, call.given(), call.task());
  if (const auto* study = std::get_if<study::StudyReport>(&report)) return tell_study(call, *study);
  return tell_training(call, std::get<train::TrainReport>(report));
}

}  // namespace dimple::cli
