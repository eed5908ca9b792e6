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
    if (below.has_parent_path()) {
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

}  // namespace

int run_export(Invocation& call) {
  workflow::ExportRequest request;
  if (!call.parse<workflow::ExportReport>(request, "model")) return 0;
  const workflow::ExportReport report = workflow::export_model(request, call.task());
  call.print(plot::table({{"file"}, {"bytes", true}, {"sha256"}}, rows_of(report.files, request.out), call.out()));
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
