#include <fmt/format.h>

#include "plot/terminal.h"
#include "verb.h"
#include "workflow/benchmark.h"

namespace dimple::cli {
namespace {

std::string millions(int64_t count) {
  return count > 0 ? fmt::format("{:.3f} M", static_cast<double>(count) / 1e6) : "";
}

std::string speed(int64_t multiply_adds, double us) {
  return multiply_adds > 0 ? fmt::format("{:.1f}", static_cast<double>(multiply_adds) / us / 1000) : "";
}

}  // namespace

int run_benchmark(Invocation& call) {
  workflow::BenchmarkRequest request;
  if (!call.parse<workflow::BenchmarkReport>(request, "model")) return 0;
  const workflow::BenchmarkReport report = workflow::benchmark(request, call.task());
  std::vector<std::vector<std::string>> rows;
  for (const profile::LayerTime& layer : report.time.layers)
    rows.push_back({layer.layer, layer.output, layer.kernel, millions(layer.multiply_adds),
                    fmt::format("{:.2f}", layer.p50_us), fmt::format("{:.1f} %", 100 * layer.share),
                    speed(layer.multiply_adds, layer.p50_us)});
  call.print(plot::table(
      {{"layer"}, {"output"}, {"kernel"}, {"multiply-adds", true}, {"us", true}, {"share", true}, {"GMAC/s", true}},
      rows, call.out()));
  const profile::Percentiles& whole = report.time.whole;
  const std::string threads = report.threads == 1 ? "one thread" : fmt::format("{} threads", report.threads);
  call.print(fmt::format("\n{}, {}, {}, {}: {:.1f} us (9 of 10 below {:.1f}, 99 of 100 below {:.1f}; {} runs)\n",
                         report.model, report.precision, report.level, threads, whole.p50_us, whole.p90_us,
                         whole.p99_us, report.time.runs));
  if (report.limit > 0)
    call.print(fmt::format("{}multiply-adds in {:.1f} kB; {:.0f} % of the {:.0f} G a second that this core can do\n",
                           millions(report.time.multiply_adds) + " ",
                           static_cast<double>(report.time.memory_bytes) / 1000, 100 * report.limit_share(),
                           report.limit * 1e-9));
  if (report.rescale_share() > 0)
    call.print(fmt::format("{:.3f} M sums become codes, at the core's limit in {:.0f} % of the time\n",
                           static_cast<double>(report.time.rescaled) / 1e6, 100 * report.rescale_share()));
  call.print_report(report);
  return 0;
}

}  // namespace dimple::cli
