#include "workflow/models.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "compile/dump.h"
#include "format/reader.h"
#include "host/json.h"
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
  const auto bytes = model::find_stored(name, "MODEL_CARD.json");
  if (bytes.empty()) return {};
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const host::Json figures = host::parse_json(text, "the card of " + name)["model"];
  return fmt::format("{:.4f} on {}", figures["accuracy"].get<double>(), figures["protocol"].get<std::string>());
}

ModelRow row_of(const OpenedModel& opened) {
  ModelRow row;
  row.name = opened.name;
  row.labels = opened.labels;
  const format::Program program = format::view_program(opened.program.data());
  const format::TensorRecord& in = program.tensors[program.header->input];
  row.dtype = name_of(static_cast<DType>(in.dtype));
  row.input = fmt::format("{}x{}x{}", in.height, in.width, in.channels);
  row.arena_bytes = program.header->arena_bytes;
  row.program_bytes = static_cast<int64_t>(opened.program.size());
  if (opened.graph) {
    const ir::Cost cost = ir::estimate_cost(*opened.graph);
    row.weight_bytes = cost.weight_bytes;
    row.multiply_adds = cost.multiply_adds;
    row.parameters = cost.parameters;
  }
  return row;
}

zoo::Sizes sizes_of(const ModelsRequest& request) {
  zoo::Sizes sizes{.input = {}, .classes = request.classes, .width = request.width};
  ir::Shape& in = sizes.input;
  char end = 0;
  if (!request.input.empty() &&
      (std::sscanf(request.input.c_str(), "%dx%dx%d%c", &in.height, &in.width, &in.channels, &end) != 3 ||
       std::min({in.height, in.width, in.channels}) < 1 || std::max({in.height, in.width, in.channels}) > 4096))
    throw Error(Exit::usage, fmt::format("--input: cannot understand `{}`", request.input),
                "for example --input 64x64x1");
  if (request.classes < 1 || request.classes > 100'000) throw Error(Exit::usage, "--classes is between 1 and 100000");
  return sizes;
}

ModelRow row_of(const ir::Graph& graph) {
  const ir::Cost cost = ir::estimate_cost(graph);
  const ir::Shape& in = graph.input.shape;
  ModelRow row;
  row.name = graph.name;
  row.dtype = name_of(graph.input.dtype);
  row.input = fmt::format("{}x{}x{}", in.height, in.width, in.channels);
  row.parameters = cost.parameters, row.multiply_adds = cost.multiply_adds, row.weight_bytes = cost.weight_bytes;
  row.statistics = cost.statistics;
  return row;
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
      report.models.push_back(row_of(a.make(sizes_of(request))));
      report.models.back().what = a.what;
    }
    return report;
  }
  if (const zoo::Architecture* architecture = find_architecture(request.show)) {
    const ir::Graph graph = architecture->make(sizes_of(request));
    report.models.push_back(row_of(graph));
    report.details = ir::print(graph);
    return report;
  }
  if (!request.show.empty()) {
    const OpenedModel opened = open_model(request.show);
    report.models.push_back(row_of(opened));
    if (opened.graph) report.details = ir::print(*opened.graph) + "\n";
    report.details += compile::dump_program(opened.program);
    return report;
  }
  for (const std::string& name : model::stored_models()) {
    ModelRow row = row_of(open_model(name));
    row.accuracy = stored_accuracy(name);
    report.models.push_back(std::move(row));
  }
  return report;
}

}  // namespace dimple::workflow
