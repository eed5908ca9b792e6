#include "workflow/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <tuple>

#include "compile/lower.h"
#include "host/byte_size.h"
#include "host/error.h"
#include "host/files.h"
#include "host/json.h"
#include "model/store.h"
#include "profile/estimate.h"
#include "profile/needs.h"
#include "workflow/open_network.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;
using host::Error;
using host::Exit;

constexpr const char* kFound = "found.safetensors";  // in the folder of a search

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
  if (!card.is_null()) return card["model"]["accuracy"].get<double>();
  const fs::path report = fs::path(name).parent_path() / "search.json";
  if (fs::path(name).filename() != kFound || !host::file_exists(report)) return {};
  const host::Json search = host::parse_json(host::read_text(report), report.string());
  const host::Json found = host::json_value<host::Json>(search, "found", report.string());
  if (!found.contains("test_accuracy")) return {};
  return host::json_value<double>(found, "test_accuracy", report.string());
}

// What searches left in the folder of all runs, by name.
std::vector<std::string> found_in(const fs::path& runs) {
  std::vector<std::string> files;
  std::error_code no_folder;
  for (fs::directory_iterator run(runs / "search", no_folder), end; !no_folder && run != end; run.increment(no_folder))
    if (host::file_exists(run->path() / kFound)) files.push_back((run->path() / kFound).string());
  std::ranges::sort(files);
  return files;
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
    const std::optional<double> accuracy = accuracy_of(name);
    const inference::OpenedModel model = open_network({.model = name});
    const auto classes = static_cast<int64_t>(model.labels.size());
    add(judge({.model = name, .classes = classes, .accuracy = accuracy}, model.graph, model.program, request, chip));
    if (!model.graph || !is_float(*model.graph)) return;
    try {
      add(judge({.model = name, .form = "int8", .classes = classes}, profile::integer_form(*model.graph), {}, request,
                chip));
    } catch (const Error& error) {
      if (error.exit() != Exit::model) throw;  // it has no integer form
    }
  };
  for (const std::string& name : request.models.empty() ? model::stored_models() : request.models) add_forms(name);
  for (const std::string& file : request.models.empty() ? found_in(request.runs) : std::vector<std::string>()) {
    try {
      add_forms(file);
    } catch (const Error& error) {  // the user did not name it
      task.stop_if_cancelled();
      add({.model = file, .reasons = {error.what()}});
    }
  }
  std::ranges::stable_sort(report.fits, {}, [](const Fitting& f) {
    return std::tuple(-f.classes, -f.accuracy.value_or(0), *f.flash_bytes);
  });
  return report;
}

}  // namespace dimple::workflow
