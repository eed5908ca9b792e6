#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "plot/terminal.h"
#include "verb.h"
#include "workflow/export.h"

namespace dimple::cli {
namespace {

// A row for each file; those in folders of the output (kernels/) are counted.
std::vector<std::vector<std::string>> rows_of(const std::vector<workflow::ExportedFile>& files,
                                              const std::filesystem::path& out) {
  struct Count {
    int files = 0;
    int64_t bytes = 0;
  };
  std::map<std::string, Count> folders;
  std::vector<std::vector<std::string>> rows;
  for (const workflow::ExportedFile& file : files) {
    const std::filesystem::path below = std::filesystem::path(file.path).lexically_relative(out);
    if (below.has_parent_path() && *below.begin() != "..") {
      Count& count = folders[(out / *below.begin() / "").string()];
      ++count.files, count.bytes += file.bytes;
    } else {
      rows.push_back({file.path, std::to_string(file.bytes), file.sha256.substr(0, 16)});
    }
  }
  for (const auto& [folder, count] : folders)
    rows.push_back({folder, std::to_string(count.bytes), fmt::format("{} files", count.files)});
  return rows;
}

std::string steps_table(const std::vector<workflow::ExportedStep>& steps, const host::Terminal& out) {
  std::vector<std::vector<std::string>> rows;
  for (const workflow::ExportedStep& step : steps)
    rows.push_back({step.step, std::to_string(step.changes), fmt::format("{:.1f}", step.milliseconds)});
  return "\n" + plot::table({{"step"}, {"changes", true}, {"ms", true}}, rows, out);
}

std::vector<std::string> loss_cells(const evaluate::PairedAccuracy& a) {
  return {fmt::format("{:.2f} %", 100 * a.accuracy), fmt::format("{:+.2f}", 100 * a.loss),
          fmt::format("{:+.2f} .. {:+.2f}", 100 * a.interval[0], 100 * a.interval[1]),
          fmt::format("{:.2f} %", 100 * a.same_answer)};
}

std::string layers_table(const evaluate::LayerLosses& losses, const host::Terminal& out) {
  std::vector<std::vector<std::string>> rows;
  const auto add = [&](std::vector<std::string> row, const evaluate::PairedAccuracy& a) {
    for (std::string& cell : loss_cells(a)) row.push_back(std::move(cell));
    rows.push_back(std::move(row));
  };
  for (const evaluate::LayerLoss& l : losses.layers)
    add({l.layer, l.op, std::to_string(l.weight_bytes), fmt::format("{:.1f}", l.snr_db)}, l.alone);
  add({"all layers", "", "", ""}, losses.integer);
  return fmt::format(
             "\none layer in int8 at a time: noise on {} calibration pictures, answers on {} validation ones; "
             "float reads {:.2f} % right\n",
             losses.noise_pictures, losses.pictures, 100 * losses.float_accuracy) +
         plot::table({{"layer"},
                      {"op"},
                      {"bytes", true},
                      {"SNR, dB", true},
                      {"right", true},
                      {"points lost", true},
                      {"95 %", true},
                      {"same answer", true}},
                     rows, out);
}

}  // namespace

int run_export(Invocation& call) {
  workflow::ExportRequest request;
  if (!call.parse<workflow::ExportReport>(request, "model")) return 0;
  const workflow::ExportReport report = workflow::export_model(request, call.task());
  call.print(plot::table({{"file"}, {"bytes", true}, {"sha256"}}, rows_of(report.files, request.out), call.out()));
  if (!report.steps.empty()) call.print(steps_table(report.steps, call.out()));
  if (report.layers) call.print(layers_table(*report.layers, call.out()));
  call.print(fmt::format("\n{} {}: {} parameters, {} bytes of weights, {:.2f} M multiply-adds, arena {} bytes\n",
                         report.model, report.dtype, report.parameters, report.weight_bytes,
                         static_cast<double>(report.multiply_adds) / 1e6, report.arena_bytes));
  if (report.pictures > 0)
    call.print(fmt::format("on {} pictures: same answer {:.2f} %, largest difference {:.4f}, RMSE {:.5f}\n",
                           report.pictures, 100 * report.top1_agreement, report.largest_difference, report.rmse));
  call.print_report(report);
  return 0;
}

}  // namespace dimple::cli
