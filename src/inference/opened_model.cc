#include "inference/opened_model.h"

#include <fmt/format.h>

#include <filesystem>

#include "compile/lower.h"
#include "compile/metadata.h"
#include "compile/pipeline.h"
#include "format/reader.h"
#include "host/files.h"
#include "host/sha256.h"
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

// Labels and preprocessing have to fit the tensors, or names would be put on the wrong numbers.
void check_fit(const OpenedModel& opened, const std::string& source) {
  const format::Program program = checked_program(opened, source);
  const format::TensorRecord& in = program.tensors[program.header->input];
  const format::TensorRecord& out = program.tensors[program.header->output];
  const image::Preprocess& how = opened.preprocess;
  if (in.height != how.height || in.width != how.width || in.channels != how.channels) {
    refuse(source, fmt::format("its preprocessing makes {}x{}x{} and its network reads {}x{}x{}", how.height, how.width,
                               how.channels, in.height, in.width, in.channels));
  }
  const int64_t outputs = int64_t{out.height} * out.width * out.channels;
  if (outputs != static_cast<int64_t>(opened.labels.size())) {
    refuse(source, fmt::format("{} labels for {} outputs", opened.labels.size(), outputs));
  }
  if (static_cast<DType>(out.dtype) != DType::f32) refuse(source, "its output is not a list of probabilities");
  const auto dtype = static_cast<DType>(in.dtype);
  const bool codes_fit = in.scale == image::code_scale(how.normalise) && in.zero_point == 0;
  if (dtype != DType::f32 && !(dtype == DType::s8 && codes_fit)) {
    refuse(source, "its input is not in the codes that its preprocessing makes");
  }
}

OpenedModel open_program(const std::string& path) {
  OpenedModel opened;
  opened.program = host::read_file(path, {.limit_bytes = kMaxProgramBytes, .exit = Exit::model});
  checked_program(opened, path);
  const compile::ProgramMetadata metadata = compile::read_metadata(opened.program, path);
  opened.labels = metadata.labels;
  opened.preprocess = metadata.preprocess;
  return opened;
}

OpenedModel plan_model(const model::Model& model) {
  OpenedModel opened;
  const bool integer = model.graph.input.dtype == DType::s8;
  opened.graph = compile::end_in_probabilities(integer ? model.graph : compile::optimise(model.graph));
  opened.program = compile::plan(*opened.graph, compile::print_metadata(compile::metadata_of(model)));
  opened.labels = model.labels;
  opened.preprocess = model.preprocess;
  if (const auto it = model.metadata.find("leaks"); it != model.metadata.end()) opened.leaks = it->second;
  return opened;
}

}  // namespace

bool OpenedModel::integer() const {
  const format::Program view = format::view_program(program.data());
  return static_cast<DType>(view.tensors[view.header->input].dtype) == DType::s8;
}

OpenedModel open_model(const std::string& name_or_path) {
  const std::string stem = std::filesystem::path(name_or_path).stem().string();
  const bool program = name_or_path.ends_with(".dimple");
  OpenedModel opened = program ? open_program(name_or_path) : plan_model(model::open_model(name_or_path));
  opened.name = stem;
  opened.sha256 = host::sha256(opened.program);
  check_fit(opened, name_or_path);
  return opened;
}

}  // namespace dimple::inference
