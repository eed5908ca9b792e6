// dimple train
#include <fmt/format.h>

#include "verb.h"
#include "workflow/lab/train.h"

namespace dimple::cli {
namespace {

int tell_study(Invocation& call, const study::StudyReport& report) {
  call.print(report.table);
  call.print_json(report.summary);
  if (!report.finished)
    throw host::Error(call.task().cancelled() ? call.task().cancel_exit() : host::Exit::failed,
                      "stopped; what is done is in " + report.folder, "the same command goes on");
  if (report.failed > 0)
    throw host::Error(host::Exit::failed, fmt::format("{} of the runs failed", report.failed),
                      "the table says why; the same command tries them again");
  return 0;
}

int tell_training(Invocation& call, const train::TrainReport& report) {
  if (!report.leads) return 0;  // one of several processes, and not the one that reports
  call.print(fmt::format("{}  {} parameters, {:.1f} M multiply-adds, {} threads\n", report.folder, report.parameters,
                         static_cast<double>(report.multiply_adds) / 1e6, report.threads));
  if (!report.epochs.empty() && !report.validated)
    call.print("no validation pictures: the weights of the last epoch were kept, and nothing says how good they are\n");
  else if (!report.epochs.empty())
    call.print(fmt::format("best validation accuracy {:.4f} in epoch {}\n", report.best_val_acc, report.best_epoch));
  call.print_json({{"schema", 1},
                   {"folder", report.folder},
                   {"finished", report.finished},
                   {"epochs", report.epochs.size()},
                   {"best_val_acc", report.best_val_acc},
                   {"best_epoch", report.best_epoch},
                   {"nan_skipped", report.nan_skipped},
                   {"rollbacks", report.rollbacks},
                   {"test", report.test}});
  if (!report.test.is_null())
    call.print(fmt::format("on the test pictures: accuracy {:.4f}, balanced {:.4f}\n",
                           report.test.value("accuracy", 0.0), report.test.value("balanced_accuracy", 0.0)));
  if (report.finished) return 0;
  const std::string how = "dimple train --resume " + report.folder;
  if (call.task().cancelled())
    throw host::Error(call.task().cancel_exit(), "stopped; everything is saved", how + " goes on");
  call.print("out of time; " + how + " goes on\n");
  return 0;
}

}  // namespace

int run_train(Invocation& call) {
  workflow::TrainRequest request;
  if (!call.parse(request, "data")) return 0;
  const workflow::TrainReport report = workflow::train(request, call.given(), call.task());
  return report.study ? tell_study(call, *report.study) : tell_training(call, *report.training);
}

}  // namespace dimple::cli
