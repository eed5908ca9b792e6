#include "workflow/models.h"

#include <fmt/format.h>

#include <algorithm>

#include "compile/dump.h"
#include "format/reader.h"
#include "inference/opened_model.h"
#include "ir/cost.h"
#include "ir/text.h"
#include "model/store.h"
#include "zoo/architectures.h"

namespace dimple::workflow {

using host::Error;
using host::Exit;
using inference::open_model;
using inference::OpenedModel;

namespace {

// From the card that travels with a shipped model: "0.6715 on fer2013".
std::string stored_accuracy(const std::string& name) {
  const host::Json card = model::stored_card(name);
  if (card.is_null()) return {};
  const host::Json figures = card["model"];
  return fmt::format("{:.4f} on {}", figures["accuracy"].get<double>(), figures["protocol"].get<std::string>());
}

ModelSummary summarise(const OpenedModel& opened) {
  ModelSummary summary;
  summary.name = opened.name;
  summary.labels = opened.labels;
  const format::Program program = format::view_program(opened.program.data());
  const format::TensorRecord& in = program.tensors[program.header->input];
  summary.dtype = name_of(static_cast<DType>(in.dtype));
  summary.input = fmt::format("{}x{}x{}", in.height, in.width, in.channels);
  summary.arena_bytes = program.header->arena_bytes;
  summary.program_bytes = static_cast<int64_t>(opened.program.size());
  if (opened.graph) {
    const ir::Cost cost = ir::estimate_cost(*opened.graph);
    summary.weight_bytes = cost.weight_bytes;
    summary.multiply_adds = cost.multiply_adds;
    summary.parameters = cost.parameters;
  }
  return summary;
}

zoo::Sizes sizes_of(const ModelsRequest& request) {
  zoo::Sizes sizes{.input = zoo::parse_input(request.input), .classes = request.classes, .width = request.width};
  if (request.classes < 1 || request.classes > 100'000) throw Error(Exit::usage, "--classes is between 1 and 100000");
  return sizes;
}

ModelSummary summarise(const ir::Graph& graph) {
  const ir::Cost cost = ir::estimate_cost(graph);
  const ir::Shape& in = graph.input.shape;
  ModelSummary summary;
  summary.name = graph.name;
  summary.dtype = name_of(graph.input.dtype);
  summary.input = fmt::format("{}x{}x{}", in.height, in.width, in.channels);
  summary.parameters = cost.parameters, summary.multiply_adds = cost.multiply_adds,
  summary.weight_bytes = cost.weight_bytes;
  summary.statistics = cost.statistics;
  return summary;
}

const zoo::Architecture* find_architecture(const std::string& name) {
  for (const zoo::Architecture& a : zoo::architectures())
    if (a.name == name) return &a;
  return nullptr;
}

}  // namespace

ModelsReport models(const ModelsRequest& request) {
  ModelsReport report;
  if (request.architectures) {
    for (const zoo::Architecture& a : zoo::architectures()) {
      report.models.push_back(summarise(a.make(sizes_of(request))));
      report.models.back().what = a.what;
    }
    return report;
  }
  if (const zoo::Architecture* architecture = find_architecture(request.show)) {
    const ir::Graph graph = architecture->make(sizes_of(request));
    report.models.push_back(summarise(graph));
    report.details = ir::print(graph);
    return report;
  }
  if (!request.show.empty()) {
    const OpenedModel opened = open_model(request.show, INT64_MAX);  // it is not run
    report.models.push_back(summarise(opened));
    if (opened.graph) report.details = ir::print(*opened.graph) + "\n";
    report.details += compile::dump_program(opened.program);
    return report;
  }
  for (const std::string& name : model::stored_models()) {
    ModelSummary summary = summarise(open_model(name));
    summary.accuracy = stored_accuracy(name);
    report.models.push_back(std::move(summary));
  }
  return report;
}

}  // namespace dimple::workflow
