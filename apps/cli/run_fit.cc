// dimple fit
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "host/error.h"
#include "plot/terminal.h"
#include "verb.h"
#include "workflow/fit.h"

namespace dimple::cli {
namespace {

using workflow::Fitting;

// "57.0 of 128.0": with what there is, where there is a limit.
std::string of_limit(const std::optional<int64_t>& bytes, const std::optional<int64_t>& limit) {
  if (!bytes) return "";
  const std::string needed = fmt::format("{:.1f}", static_cast<double>(*bytes) / 1024);
  return limit ? fmt::format("{} of {:.0f}", needed, static_cast<double>(*limit) / 1024) : needed;
}

std::string three_digits(double value) { return fmt::format("{:.{}f}", value, value < 10 ? 2 : value < 100 ? 1 : 0); }

std::string name_of(const Fitting& f) { return f.form.empty() ? f.model : f.model + " as " + f.form; }

// 0.679 of test pictures, 0.679v of validation ones, (0.679) of the same network in floats.
std::string accuracy_text(const Fitting& f) {
  const std::optional<double> known = f.accuracy ? f.accuracy : f.float_accuracy;
  if (!known) return "";
  const std::string text = fmt::format("{:.3f}{}", *known, f.accuracy_on == "validation" ? "v" : "");
  return f.accuracy ? text : "(" + text + ")";
}

// What the marks mean, where there are some.
std::string legend_of(const std::vector<std::vector<std::string>>& rows) {
  const auto marked = [&](char mark) {
    return std::ranges::any_of(rows, [&](const auto& row) { return row[2].find(mark) != std::string::npos; });
  };
  std::string text;
  if (marked('v')) text += "v: on validation pictures, by which it was chosen\n";
  if (marked('(')) text += "(): of the network in floats; what int8 costs was not measured\n";
  return text.empty() ? "" : "\n" + text;
}

std::vector<std::string> row_of(const Fitting& f, const workflow::FitReport& report) {
  return {name_of(f),
          f.classes > 0 ? std::to_string(f.classes) : "",
          accuracy_text(f),
          of_limit(f.ram_bytes, report.ram_limit),
          of_limit(f.flash_bytes, report.flash_limit),
          f.ms ? three_digits(*f.ms) : "",
          f.reasons.empty() ? "fits" : fmt::format("{}", fmt::join(f.reasons, "; "))};
}

}  // namespace

int run_fit(Invocation& call) {
  workflow::FitRequest request;
  if (!call.parse<workflow::FitReport>(request, "models")) return 0;
  const workflow::FitReport report = workflow::fit(request, call.task());
  std::vector<std::vector<std::string>> rows;
  for (const auto& list : {report.fits, report.does_not_fit})
    for (const Fitting& f : list) rows.push_back(row_of(f, report));
  call.print(plot::table({{"model"},
                          {"classes", true},
                          {"accuracy", true},
                          {"KB RAM", true},
                          {"KB flash", true},
                          {"ms est.", true},
                          {""}},
                         rows, call.out()) +
             legend_of(rows));
  call.print_report(report);
  if (!report.fits.empty()) return 0;
  std::string hint;
  if (!report.does_not_fit.empty()) {
    const Fitting& nearest = report.does_not_fit[0];
    hint = fmt::format("the nearest is {}: it {}", name_of(nearest), fmt::join(nearest.reasons, ", and "));
  }
  throw host::Error(host::Exit::gate, "nothing fits " + report.target, hint);
}

}  // namespace dimple::cli
