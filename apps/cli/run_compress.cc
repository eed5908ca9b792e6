// dimple compress
#include <fmt/format.h>

#include "plot/terminal.h"
#include "tell_study.h"
#include "tell_unfinished.h"
#include "verb.h"
#include "workflow/lab/compress.h"

namespace dimple::cli {
namespace {

std::string in_kilobytes(int64_t bytes) { return fmt::format("{:.1f}", static_cast<double>(bytes) / 1000); }

std::vector<std::vector<std::string>> rows_of(const compress::CompressReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const compress::StageReport& stage : report.stages) {
    const compress::Measurement& m = stage.measurement;
    rows.push_back({stage.name, fmt::format("{:.4f}", m.validation_accuracy),
                    m.tested ? fmt::format("{:.4f}", m.accuracy) : "", fmt::format("{}", m.parameters),
                    fmt::format("{:.0f} %", 100 * static_cast<double>(m.zeros) / static_cast<double>(m.parameters)),
                    fmt::format("{:.2f}", static_cast<double>(m.multiply_adds) / 1e6), in_kilobytes(m.weight_bytes),
                    in_kilobytes(m.program_bytes), in_kilobytes(m.zipped_bytes), in_kilobytes(m.arena_bytes),
                    m.here_us > 0 ? fmt::format("{:.0f}", m.here_us) : ""});
  }
  return rows;
}

int tell_compression(Invocation& call, const compress::CompressReport& report) {
  call.print(plot::table({{"stage"},
                          {"validation", true},
                          {"test", true},
                          {"parameters", true},
                          {"zero", true},
                          {"M mult-adds", true},
                          {"kB weights", true},
                          {"kB program", true},
                          {"zipped", true},
                          {"kB arena", true},
                          {"us here", true}},
                         rows_of(report), call.out()));
  call.print(fmt::format("\n{}\n", report.folder));
  call.print_report(report);
  if (!report.finished) return tell_unfinished(call, "compress", report.folder);
  if (!report.missed.empty())
    throw host::Error(host::Exit::gate, report.missed.front(), report.folder + " has the result");
  return 0;
}

}  // namespace

int run_compress(Invocation& call) {
  workflow::CompressRequest request;
  if (!call.parse<workflow::CompressReport>(request, "model")) return 0;
  const workflow::CompressReport report = workflow::compress(request, call.given(), call.task());
  if (const auto* study = std::get_if<study::StudyReport>(&report)) return tell_study(call, *study);
  return tell_compression(call, std::get<compress::CompressReport>(report));
}

}  // namespace dimple::cli
