#include "workflow/fit.h"

#include <fmt/format.h>

#include <algorithm>

#include "compile/lower.h"
#include "host/byte_size.h"
#include "host/error.h"
#include "host/json.h"
#include "model/store.h"
#include "profile/estimate.h"
#include "profile/needs.h"
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
    throw Error(Exit::usage, "--ms needs a --target whose clock and costs are known",
                "dimple fit --target moto-g6 --ms 10");
  return chip;
}

std::optional<double> accuracy_of(const std::string& name) {
  const host::Json card = model::stored_card(name);
  if (card.is_null()) return {};
  return card["model"]["accuracy"].get<double>();
}

std::string kilobytes(int64_t bytes) { return fmt::format("{} KB", (bytes + 1023) / 1024); }

Fitting judge(const std::string& name, const FitRequest& request, const target::Target& chip) {
  Fitting f{.model = name, .accuracy = accuracy_of(name)};
  const inference::OpenedModel model = open_network({.model = name});
  std::vector<uint8_t> program = model.program;
  std::optional<double> us;
  try {
    if (model.graph) program = profile::plan_without_limits(*model.graph, chip);
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

}  // namespace

FitReport fit(const FitRequest& request, const host::Task& task) {
  const target::Target chip = chip_of(request);
  FitReport report{.target = chip.name};
  if (chip.ram_bytes > 0) report.ram_limit = chip.ram_bytes;
  if (chip.program_bytes > 0) report.flash_limit = chip.program_bytes;
  if (request.ms > 0) report.ms_limit = request.ms;
  for (const std::string& name : request.models.empty() ? model::stored_models() : request.models) {
    task.stop_if_cancelled();
    Fitting f = judge(name, request, chip);
    (f.reasons.empty() ? report.fits : report.does_not_fit).push_back(std::move(f));
  }
  std::ranges::stable_sort(report.fits, [](const Fitting& a, const Fitting& b) {
    return std::pair(-a.accuracy.value_or(0), *a.flash_bytes) < std::pair(-b.accuracy.value_or(0), *b.flash_bytes);
  });
  return report;
}

}  // namespace dimple::workflow
