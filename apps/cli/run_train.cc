// dimple train
#include <fmt/format.h>

#include "host/interrupt.h"
#include "verb.h"
#include "workflow/train.h"

namespace dimple::cli {

int run_train(Invocation& call) {
  workflow::TrainRequest request;
  if (!call.parse(request, "data")) return 0;
  host::catch_interrupts();
  const workflow::TrainReport report = workflow::train(request, call.progress());
  if (!report.leads) return 0;  // one of several processes, and not the one that reports
  call.print(fmt::format("{}  {} parameters, {:.1f} M multiply-adds, {} threads\n", report.folder, report.parameters,
                         static_cast<double>(report.multiply_adds) / 1e6, report.threads));
  if (!report.epochs.empty())
    call.print(fmt::format("best validation accuracy {:.4f} in epoch {}\n", report.best_val_acc, report.best_epoch));
  call.print_json({{"schema", 1},
                   {"folder", report.folder},
                   {"finished", report.finished},
                   {"epochs", report.epochs.size()},
                   {"best_val_acc", report.best_val_acc},
                   {"best_epoch", report.best_epoch}});
  if (report.finished) return 0;
  const std::string how = "dimple train --resume " + report.folder;
  if (host::interrupted() != 0)
    throw host::Error(host::interrupted_exit(), "stopped; everything is saved", how + " goes on");
  call.print("out of time; " + how + " goes on\n");
  return 0;
}

}  // namespace dimple::cli
