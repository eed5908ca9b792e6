// dimple fit
#include <fmt/format.h>
#include <fmt/ranges.h>

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

std::vector<std::string> row_of(const Fitting& f, const workflow::FitReport& report) {
  return {f.form.empty() ? f.model : f.model + " as " + f.form,
          f.classes > 0 ? std::to_string(f.classes) : "",
          f.accuracy ? fmt::format("{:.3f}", *f.accuracy) : "",
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
  call.print(plot::table(
      {{"model"}, {"classes", true}, {"accuracy", true}, {"KB RAM", true}, {"KB flash", true}, {"ms est.", true}, {""}},
      rows, call.out()));
  call.print_report(report);
  if (report.fits.empty()) throw host::Error(host::Exit::gate, "nothing fits " + report.target);
  return 0;
}

}  // namespace dimple::cli
