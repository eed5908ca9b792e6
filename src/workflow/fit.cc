#include "workflow/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "compile/lower.h"
#include "host/byte_size.h"
#include "host/error.h"
#include "model/store.h"
#include "profile/estimate.h"
#include "profile/needs.h"
#include "workflow/found_models.h"
#include "workflow/open_network.h"

namespace dimple::workflow {
namespace {

using host::Error;
using host::Exit;

// A chip of which nothing is known but what the user said; the kernels that every machine runs.
target::Target chip_of(const FitRequest& request) {
  target::Target chip;
  if (request.target.empty()) {
    chip.name = "the chip";
    chip.about = "any chip";
  } else {
    chip = target::find_target(request.target);
  }
  if (!request.ram.empty()) chip.ram_bytes = host::parse_byte_size(request.ram, "--ram");
  if (!request.flash.empty()) chip.program_bytes = host::parse_byte_size(request.flash, "--flash");
  if (request.ms < 0) throw Error(Exit::usage, "--ms must be above 0");
  if (request.ms > 0 && !profile::estimates_time(chip))
    throw Error(Exit::usage, "--ms needs a --target whose times can be estimated: " + profile::how_estimated(chip),
                "dimple fit --target moto-g6 --ms 10");
  return chip;
}

bool is_float(const ir::Graph& graph) {
  return std::ranges::none_of(graph.nodes, [](const ir::Node& node) { return node.type.has_codes(); });
}

std::string kilobytes(int64_t bytes) { return fmt::format("{} KB", (bytes + 1023) / 1024); }

Fitting judge(Fitting f, const std::optional<ir::Graph>& graph, std::vector<uint8_t> program, const FitRequest& request,
              const target::Target& chip) {
  std::optional<double> us;
  try {
    if (graph) program = profile::plan_without_limits(*graph, chip);
    us = profile::estimate_us(chip, program);
  } catch (const Error& error) {
    if (error.exit() != Exit::model) throw;
    f.reasons = {error.what()};
    return f;
  }
  f.ram_bytes = compile::ram_needed(program, chip);
  f.flash_bytes = static_cast<int64_t>(program.size());
  const auto check = [&](const char* what, int64_t needed, int64_t there, std::optional<int64_t>& left) {
    if (there == 0) return;
    if (needed <= there)
      left = there - needed;
    else
      f.reasons.push_back(fmt::format("needs {} of {}, has {}", kilobytes(needed), what, kilobytes(there)));
  };
  check("RAM", *f.ram_bytes, chip.ram_bytes, f.ram_left);
  check("flash", *f.flash_bytes, chip.program_bytes, f.flash_left);
  if (us) f.ms = *us / 1000;
  if (request.ms > 0) {
    if (*f.ms <= request.ms)
      f.ms_left = request.ms - *f.ms;
    else
      f.reasons.push_back(fmt::format("takes {:.1f} ms, may take {}", *f.ms, request.ms));
  }
  return f;
}

// By which factor it is too large or too slow, at the worst limit; without end where it cannot run at all.
double excess_of(const Fitting& f, const FitReport& report) {
  double excess = f.ram_bytes ? 0 : std::numeric_limits<double>::infinity();
  const auto look = [&](const auto& needed, const auto& limit) {
    if (needed && limit) excess = std::max(excess, static_cast<double>(*needed) / static_cast<double>(*limit));
  };
  look(f.ram_bytes, report.ram_limit), look(f.flash_bytes, report.flash_limit), look(f.ms, report.ms_limit);
  return excess;
}

}  // namespace

FitReport fit(const FitRequest& request, const host::Task& task) {
  const target::Target chip = chip_of(request);
  FitReport report{.target = chip.name};
  if (chip.ram_bytes > 0) report.ram_limit = chip.ram_bytes;
  if (chip.program_bytes > 0) report.flash_limit = chip.program_bytes;
  if (request.ms > 0) report.ms_limit = request.ms;
  const auto add = [&](Fitting f) { (f.reasons.empty() ? report.fits : report.does_not_fit).push_back(std::move(f)); };
  const auto add_forms = [&](const std::string& name) {
    task.stop_if_cancelled();
    const KnownAccuracy known = accuracy_of(name);
    const inference::OpenedModel model = open_network({.model = name});
    Fitting form{.model = name, .classes = static_cast<int64_t>(model.labels.size())};
    form.accuracy = known.value, form.accuracy_on = known.on, form.accuracy_from = known.from;
    add(judge(form, model.graph, model.program, request, chip));
    if (!model.graph || !is_float(*model.graph)) return;
    form.form = "int8", form.float_accuracy = std::exchange(form.accuracy, {});
    try {
      add(judge(form, profile::integer_form(*model.graph), {}, request, chip));
    } catch (const Error& error) {
      if (error.exit() != Exit::model) throw;  // it has no integer form
    }
  };
  for (const std::string& name : request.models.empty() ? model::stored_models() : request.models) add_forms(name);
  for (const std::string& file : request.models.empty() ? found_models(request.runs) : std::vector<std::string>()) {
    try {
      add_forms(file);
    } catch (const Error& error) {  // the user did not name it
      task.stop_if_cancelled();
      add({.model = file, .reasons = {error.what()}});
    }
  }
  std::ranges::stable_sort(report.fits, {}, [](const Fitting& f) {  // of equals what was measured comes first
    return std::tuple(-f.classes, -f.accuracy.value_or(f.float_accuracy.value_or(0)), !f.accuracy, *f.flash_bytes);
  });
  std::ranges::stable_sort(report.does_not_fit, {}, [&](const Fitting& f) { return excess_of(f, report); });
  return report;
}

}  // namespace dimple::workflow
