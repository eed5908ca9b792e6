#include "workflow/val.h"

#include <fmt/format.h>

#include "host/error.h"
#include "plot/terminal.h"
#include "verbs.h"

namespace dimple::cli {

using host::Exit;
using host::Style;

namespace {

std::string figure_line(const char* name, const workflow::Figure& figure) {
  return fmt::format("  {:24} {:.4f}   95 % {:.4f} .. {:.4f}\n", name, figure.value, figure.interval.low,
                     figure.interval.high);
}

std::string class_table(const workflow::ValReport& report, const host::Terminal& terminal) {
  std::vector<std::vector<std::string>> rows;
  for (size_t i = 0; i < report.classes.size(); i++) {
    const metrics::ClassFigures& f = report.raw.per_class[i];
    rows.push_back({report.classes[i], std::to_string(f.support), fmt::format("{:.3f}", f.precision),
                    fmt::format("{:.3f}", f.recall), fmt::format("{:.3f}", f.f1), plot::bar(f.f1, 20, terminal)});
  }
  return plot::table({{"expression"}, {"pictures", true}, {"precision", true}, {"recall", true}, {"F1", true}, {""}},
                     rows, terminal);
}

std::string layer_table(const workflow::ValReport& report, const host::Terminal& terminal) {
  std::vector<std::vector<std::string>> rows;
  for (const workflow::LayerDifference& layer : report.differences) {
    rows.push_back({layer.layer, std::to_string(layer.elements), std::to_string(layer.different),
                    fmt::format("{:.6g}", layer.largest)});
  }
  return plot::table({{"layer"}, {"values", true}, {"different", true}, {"largest", true}}, rows, terminal);
}

}  // namespace

int run_val(Invocation& invocation) {
  workflow::ValRequest request;
  if (!invocation.parse(request, "data")) return 0;
  const workflow::ValReport report = workflow::val(request, invocation.progress());
  const host::Terminal& terminal = invocation.out();
  if (!invocation.common().quiet) {
    invocation.print(fmt::format("{} on {} ({}, {}): {} pictures, {:.1f} s, {} threads\n\n",
                                 styled(terminal, Style::bold, report.model), report.data, report.protocol,
                                 report.split, report.raw.count, report.seconds, report.threads));
    invocation.print(figure_line("accuracy", report.accuracy));
    invocation.print(figure_line("accuracy, deduplicated", report.accuracy_deduplicated));
    invocation.print(figure_line("balanced accuracy", report.balanced_accuracy));
    invocation.print(figure_line("F1, macro", report.f1_macro));
    invocation.print(fmt::format("  {:24} {:.4f}\n\n", "calibration error", report.raw.ece));
    invocation.print(class_table(report, terminal));
    invocation.print("\n" + plot::confusion_table(report.classes, report.raw.confusion, terminal));
    if (!report.differences.empty()) invocation.print("\n" + layer_table(report, terminal));
    if (!report.folder.empty()) {
      invocation.print("\n" + styled(terminal, Style::dim, fmt::format("written to {}/", report.folder)) + "\n");
    }
  }
  invocation.print_json(workflow::to_json(report));
  if (!report.missed.empty()) {
    std::string gates;
    for (const std::string& gate : report.missed) gates += (gates.empty() ? "" : "; ") + gate;
    throw host::Error(Exit::gate, "a gate failed: " + gates);
  }
  if (!report.layers_agree) throw host::Error(Exit::gate, "layers differ", "the table above says which");
  return 0;
}

}  // namespace dimple::cli
