#include "inference/opened_model.h"

#include <fmt/format.h>

#include <filesystem>

#include "compile/lower.h"
#include "compile/metadata.h"
#include "compile/pipeline.h"
#include "format/attributes.h"
#include "format/reader.h"
#include "host/files.h"
#include "host/sha256.h"
#include "ir/cost.h"
#include "model/model.h"
#include "model/store.h"

namespace dimple::inference {

using host::Error;
using host::Exit;

namespace {

constexpr uint64_t kMaxProgramBytes = uint64_t{1} << 28;

[[noreturn]] void refuse(const std::string& source, const std::string& why) {
  throw Error(Exit::model, fmt::format("cannot use {}: {}", source, why));
}

format::Program checked_program(const OpenedModel& opened, const std::string& source) {
  const Result<format::Program> program = format::read_program({opened.program.data(), opened.program.size()});
  if (!program.ok()) refuse(source, describe(program.status()));
  return program.value();
}

OpenedModel open_program(const std::string& path) {
  OpenedModel opened;
  opened.program = host::read_file(path, {.limit_bytes = kMaxProgramBytes, .exit = Exit::model});
  const compile::ProgramFacts facts = compile::read_facts(opened.program, path);
  const format::Program program = checked_program(opened, path);
  if (static_cast<DType>(program.tensors[program.header->output].dtype) != DType::f32)
    refuse(path, "its output is not a list of probabilities");
  opened.labels = facts.labels;
  opened.preprocess = facts.preprocess;
  return opened;
}

OpenedModel plan_model(const model::Model& model, const std::string& source) {
  OpenedModel opened;
  const bool integer = model.graph.input.dtype == DType::s8;
  opened.graph = compile::end_in_probabilities(integer ? model.graph : compile::optimise(model.graph));
  const compile::ProgramFacts facts = compile::facts_of(model);
  if (const std::string why = compile::misfit(*opened.graph, facts); !why.empty()) refuse(source, why);
  opened.program = compile::plan(*opened.graph, facts);
  opened.labels = model.labels;
  opened.preprocess = model.preprocess;
  if (const auto it = model.metadata.find("leaks"); it != model.metadata.end()) opened.leaks = it->second;
  return opened;
}

int64_t work_of(const OpenedModel& opened) {
  const format::Program program = format::view_program(opened.program.data());
  const auto shape_of = [&](uint32_t tensor) {
    const format::TensorRecord& t = program.tensors[tensor];
    return ops::Shape{t.height, t.width, t.channels};
  };
  int64_t work = 0;
  for (const format::StepRecord& step : program.steps) {
    std::vector<ops::Shape> inputs;
    for (const uint32_t in : step.in)
      if (in != format::kNone) inputs.push_back(shape_of(in));
    work += ops::with_operator(static_cast<ops::OpCode>(step.op), [&](auto kind) {
      const auto op = format::load_attributes<decltype(kind)>(program.attributes.data() + step.attributes);
      return ir::work_of(op, inputs, shape_of(step.out));
    });
  }
  return work;
}

}  // namespace

bool OpenedModel::integer() const {
  const format::Program view = format::view_program(program.data());
  return static_cast<DType>(view.tensors[view.header->input].dtype) == DType::s8;
}

OpenedModel open_model(const model::Model& model, const std::string& name) {
  OpenedModel opened = plan_model(model, name);
  opened.name = name, opened.sha256 = host::sha256(opened.program);
  return opened;
}

OpenedModel open_model(const std::string& name_or_path, int64_t max_macs) {
  const std::string stem = std::filesystem::path(name_or_path).stem().string();
  const bool program = name_or_path.ends_with(".dimple");
  OpenedModel opened = program ? open_program(name_or_path) : plan_model(model::open_model(name_or_path), name_or_path);
  model::check_work(work_of(opened), name_or_path, max_macs);
  opened.name = stem;
  opened.sha256 = host::sha256(opened.program);
  return opened;
}

}  // namespace dimple::inference
