#include "workflow/val.h"

#include <fmt/format.h>

#include <variant>

#include "host/error.h"
#include "plot/terminal.h"
#include "show_layers.h"
#include "verb.h"

namespace dimple::cli {

using host::Exit;
using host::Style;
using workflow::CompareReport;
using workflow::ValReport;

namespace {

// As people would call it: precision is that of the class that is looked for.
std::string title_of(const std::string& name, const std::vector<std::string>& classes) {
  if (name == "accuracy_deduplicated") return "accuracy, deduplicated";
  if (name == "balanced_accuracy") return "balanced accuracy";
  if (name == "f1_macro") return "F1, macro";
  if (name == "auc") return "AUC, " + classes.back();
  if (name == "precision" || name == "recall") return name + ", " + classes.back();
  return name;
}

std::string figure_line(const std::string& name, const evaluate::Figure& figure) {
  return fmt::format("  {:24} {:.4f}   95 % {:.4f} .. {:.4f}\n", name, figure.value, figure.interval.low,
                     figure.interval.high);
}

std::string class_table(const ValReport& report, const host::Terminal& terminal) {
  std::vector<std::vector<std::string>> rows;
  for (size_t i = 0; i < report.classes.size(); ++i) {
    const metrics::ClassFigures& f = report.figures.raw.per_class[i];
    rows.push_back({report.classes[i], std::to_string(f.support), fmt::format("{:.3f}", f.precision),
                    fmt::format("{:.3f}", f.recall), fmt::format("{:.3f}", f.f1), plot::bar(f.f1, 20, terminal)});
  }
  return plot::table({{"expression"}, {"pictures", true}, {"precision", true}, {"recall", true}, {"F1", true}, {""}},
                     rows, terminal);
}

std::string slice_table(const ValReport& report, const host::Terminal& terminal) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [group, values] : report.figures.slices) {
    for (const auto& [value, slice] : values) {
      const metrics::Interval& range = slice.balanced_accuracy.interval;
      rows.push_back({group, value, std::to_string(slice.count), fmt::format("{:.3f}", slice.accuracy.value),
                      fmt::format("{:.3f}", slice.balanced_accuracy.value),
                      fmt::format("{:.3f} .. {:.3f}", range.low, range.high),
                      fmt::format("{:.3f}", slice.f1_macro.value)});
    }
  }
  return plot::table({{"group"},
                      {"value"},
                      {"pictures", true},
                      {"accuracy", true},
                      {"balanced", true},
                      {"95 %", true},
                      {"macro F1", true}},
                     rows, terminal);
}

std::string unknown_lines(const ValReport& report) {
  if (!report.unknown) return "";
  std::string text;
  for (const auto& [label, pictures] : report.unknown->pictures)
    text += fmt::format("{} pictures show {}, which {} has no answer for: {}\n", pictures, label, report.model,
                        report.unknown->are == "wrong" ? "they count as misread" : "they are left out");
  return text + "\n";
}

std::string corruption_table(const workflow::CorruptionReport& report, const host::Terminal& terminal) {
  std::vector<std::vector<std::string>> rows;
  const auto add = [&](const std::string& name, const auto& values, const char* format) {
    rows.push_back({name});
    for (const double value : values) rows.back().push_back(fmt::format(fmt::runtime(format), value));
  };
  for (const workflow::CorruptionFigures& kind : report.kinds) add(kind.kind, kind.accuracy, "{:.3f}");
  add("relative error, mean", report.relative_error, "{:.2f}");
  return plot::table({{fmt::format("accuracy, {:.3f} as they are", report.clean)},
                      {"strength 1", true},
                      {"2", true},
                      {"3", true},
                      {"4", true},
                      {"5", true}},
                     rows, terminal);
}

std::string crop_table(const std::vector<workflow::CropFigures>& crops, const host::Terminal& terminal) {
  std::vector<std::vector<std::string>> rows;
  for (const workflow::CropFigures& crop : crops)
    rows.push_back({crop.change, fmt::format("{}", crop.amount), fmt::format("{:.3f}", crop.accuracy)});
  return plot::table({{"crop"}, {"amount", true}, {"accuracy", true}}, rows, terminal);
}

int show_comparison(Invocation& call, const CompareReport& c) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, figure] : c.comparison.difference)
    rows.push_back({title_of(name, c.first.classes), fmt::format("{:.4f}", c.first.figures[name].value),
                    fmt::format("{:.4f}", c.second.figures[name].value), fmt::format("{:+.4f}", figure.value),
                    fmt::format("{:+.4f} .. {:+.4f}", figure.interval.low, figure.interval.high)});
  const metrics::McNemar& m = c.comparison.mcnemar;
  call.print(fmt::format("{} ({}, {}): {} pictures\n\n", c.first.data, c.first.protocol, c.first.split,
                         c.first.figures.raw.count));
  call.print(unknown_lines(c.first) + unknown_lines(c.second));
  call.print(plot::table({{""}, {c.first.model, true}, {c.second.model, true}, {"difference", true}, {"95 %", true}},
                         rows, call.out()));
  call.print(
      fmt::format("\nright where the other is wrong: {} and {} pictures; by luck alone as uneven as that: "
                  "p = {:.3g} (McNemar, {})\n",
                  m.only_first, m.only_second, m.p, m.exact ? "exact" : "mid-p"));
  call.print_report(c);
  return 0;
}

}  // namespace

int run_val(Invocation& call) {
  workflow::ValRequest request;
  if (!call.parse<std::variant<ValReport, CompareReport>>(request, "what")) return 0;
  request = workflow::sorted_out(request);
  if (!request.against.empty() && !request.fail_under.empty())
    throw host::Error(Exit::usage, "--fail-under is a gate for one model, and two are compared", "run val for each");
  if (!request.against.empty()) return show_comparison(call, workflow::compare(request, call.task()));
  const ValReport report = workflow::val(request, call.task());
  const host::Terminal& terminal = call.out();
  if (!call.common().quiet) {
    call.print(fmt::format("{} on {} ({}, {}): {} pictures, {:.1f} s, {} threads\n\n",
                           styled(terminal, Style::bold, report.model), report.data, report.protocol, report.split,
                           report.figures.raw.count, report.seconds, report.threads));
    call.print(unknown_lines(report));
    for (const auto& [name, figure] : report.figures.figures)
      call.print(figure_line(title_of(name, report.classes), figure));
    call.print(fmt::format("  {:24} {:.4f}\n\n", "calibration error", report.figures.raw.ece));
    call.print(class_table(report, terminal));
    call.print("\n" + plot::confusion_table(report.classes, report.figures.raw.confusion, terminal));
    if (!report.figures.slices.empty()) call.print("\n" + slice_table(report, terminal));
    if (report.corruptions) call.print("\n" + corruption_table(*report.corruptions, terminal));
    if (!report.crops.empty()) call.print("\n" + crop_table(report.crops, terminal));
    if (!report.layers.empty()) call.print(layer_table(report.layers, terminal));
    if (!report.folder.empty()) {
      call.print("\n" + styled(terminal, Style::dim, fmt::format("written to {}/", report.folder)) + "\n");
    }
  }
  call.print_report(report);
  if (!report.missed.empty()) {
    std::string gates;
    for (const std::string& gate : report.missed) gates += (gates.empty() ? "" : "; ") + gate;
    throw host::Error(Exit::gate, "a gate failed: " + gates);
  }
  if (!inference::layers_agree(report.layers))
    throw host::Error(Exit::gate, "layers differ", "the table above says which");
  return 0;
}

}  // namespace dimple::cli
