#include "workflow/export_int8.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compile/quantise.h"
#include "data/real_pictures.h"
#include "evaluate/layer_losses.h"
#include "host/error.h"
#include "host/suggest.h"
#include "image/normalise.h"

namespace dimple::workflow {
namespace {

using host::Error;
using host::Exit;

// a,b c -> a b c
std::vector<std::string> words_of(const std::vector<std::string>& lists) {
  std::vector<std::string> words;
  for (const std::string& list : lists)
    for (std::string& word : host::comma_separated(list)) words.push_back(std::move(word));
  return words;
}

compile::QuantiseOptions options_of(const ExportRequest& request) {
  compile::QuantiseOptions options;
  if (!request.ptq.empty()) options.steps = words_of(request.ptq);
  options.without = words_of(request.without);
  options.keep_float = words_of(request.keep_float);
  return options;
}

evaluate::LayerLosses measure(const ExportRequest& request, const data::Dataset& set, const model::Model& model,
                              const compile::Quantised& made, const compile::CalibrationSet& calibration,
                              const host::Task& task) {
  std::vector<int32_t> rows, labels;
  for (const int32_t row : data::spread_rows(set, data::Split::validation, request.pictures)) {
    const std::string& shown = set.labels[static_cast<size_t>(set.label[static_cast<size_t>(row)])];
    const auto found = std::ranges::find(model.labels, shown);
    if (found == model.labels.end()) continue;
    rows.push_back(row), labels.push_back(static_cast<int32_t>(found - model.labels.begin()));
  }
  if (rows.empty())
    throw Error(Exit::input, fmt::format("--layer-report: {} has no validation picture of a class that the model knows",
                                         request.data));
  const std::vector<int8_t> codes = data::codes_of(set, rows, model.preprocess.normalise);
  return evaluate::measure_layer_losses(made, model, calibration, {codes, labels}, {}, task);
}

}  // namespace

void check_int8(const ExportRequest& request, const model::Model& model) {
  const bool asked =
      !request.ptq.empty() || !request.without.empty() || !request.keep_float.empty() || !request.layer_report.empty();
  if (!request.int8) {
    if (asked) throw Error(Exit::usage, "--ptq, --without, --keep-float and --layer-report are for --int8");
    return;
  }
  if (model.graph.input.dtype == DType::s8) throw Error(Exit::usage, request.model + " is an integer model already");
  if (request.data.empty())
    throw Error(Exit::usage, "--int8 needs --data", "value ranges are taken from real pictures");
  compile::check_steps(options_of(request));
}

void make_integer(const ExportRequest& request, const data::Dataset& set, const std::string& name, model::Model& model,
                  ExportReport& report, const host::Task& task) {
  const image::Normalise how = model.preprocess.normalise;
  const auto rows = data::spread_rows(set, data::Split::train, request.calibration);
  const auto codes = data::codes_of(set, rows, how);
  const compile::CalibrationSet calibration{codes, image::code_scale(how)};
  compile::QuantiseOptions options = options_of(request);
  options.on_step = [&](const compile::QuantiseReport& step) {
    report.steps.push_back({std::string(step.step), step.changes, step.milliseconds});
  };
  task.progress().start(0, "calibrating");
  const compile::Quantised made = compile::quantise_both(model.graph, calibration, options);
  task.progress().finish();
  report.kept_float = options.keep_float;
  if (!request.layer_report.empty()) {
    report.layers = measure(request, set, model, made, calibration, task);
    report.layers->model = name;
  }
  model.graph = made.graph;
  model.metadata["calibration"] =
      fmt::format("{} training pictures of {}, sha256 {}", rows.size(), set.name, set.sha256);
  if (!options.keep_float.empty()) model.metadata["kept_float"] = fmt::format("{}", fmt::join(options.keep_float, ","));
}

}  // namespace dimple::workflow
